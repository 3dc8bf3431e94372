from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from accounts.agencies import load_agencies
from accounts.loading import BrokenAgencies, parse_agencies

DATA = Path(__file__).resolve().parents[2] / "data"


class Command(BaseCommand):
    help = "Loads the agencies of the plan and their groups. Safe to run again; never deletes. A broken file changes nothing."

    def add_arguments(self, parser):
        parser.add_argument(
            "--file", type=Path, default=DATA / "agencies.json", help="agencies as JSON (default: those shipped)"
        )
        parser.add_argument(
            "--keep", action="store_true", help="only add what is missing; leave what was edited in the portal"
        )

    def handle(self, *args, file, keep, **options):
        try:
            done = load_agencies(rows=parse_agencies(file.read_text(encoding="utf-8"), file.name), by=None, keep=keep)
        except OSError as error:
            raise CommandError(f"Không mở được tệp {file}: {error.strerror}.") from error
        except BrokenAgencies as error:
            raise CommandError(f"{error}. Chưa ghi gì.") from error
        except UnicodeDecodeError as error:
            raise CommandError(f"{file.name}: không phải mã UTF-8. Chưa ghi gì.") from error
        self.stdout.write(f"Cơ quan: thêm {done['created']}, sửa {done['updated']}, giữ nguyên {done['unchanged']}.")
