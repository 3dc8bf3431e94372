from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from areas import services
from areas.loading import BrokenFile, parse_areas, parse_residents

DATA = Path(__file__).resolve().parents[2] / "data"


class Command(BaseCommand):
    help = "Loads areas and resident households. Safe to run again; never deletes. A broken file changes nothing."

    def add_arguments(self, parser):
        parser.add_argument("--file", type=Path, help="areas as CSV (default: the shipped list of 2023)")
        parser.add_argument(
            "--residents", type=Path, help="resident households as CSV (default: the shipped ones of 2023)"
        )
        parser.add_argument(
            "--keep", action="store_true", help="only add what is missing; leave what was edited in the portal"
        )

    def handle(self, *args, file, residents, keep, **options):
        if file is None and residents is None:
            file, residents = DATA / "areas-2023.csv", DATA / "residents-2023.csv"
        try:
            with transaction.atomic():
                if file:
                    done = services.load_areas(rows=parse_areas(read(file), file.name), keep=keep)
                    self.report("Địa bàn", done)
                if residents:
                    rows = parse_residents(read(residents), residents.name)
                    self.report("Số hộ dân cư", services.load_residents(rows=rows, file=residents.name, keep=keep))
        except BrokenFile as error:
            raise CommandError(f"{error}. Chưa ghi gì.") from error

    def report(self, what, done):
        self.stdout.write(f"{what}: thêm {done['created']}, sửa {done['updated']}, giữ nguyên {done['unchanged']}.")


def read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise CommandError(f"Không mở được tệp {path}: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise BrokenFile(path.name, line, "", "không phải mã UTF-8") from error
