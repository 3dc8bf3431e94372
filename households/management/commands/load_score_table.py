from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from areas.vietnamese import parse_day
from households import score_file
from households.models import Standard
from households.services.scores import load_score_table

SIZE_MOST = 2_000_000  # bytes; an official table is some tens of kilobytes


class Command(BaseCommand):
    help = (
        "Loads the points of part B1 from a CSV (docs/score-table.md), all of it or nothing. Safe to run twice. "
        "A version that a review was counted by is never changed: give a correction a new --version, then run rescore."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--standard", required=True, help="code of the standard, for example central-2022")
        # Django's own --version would print Django's.
        parser.add_argument("--version", dest="table_version", required=True, help="for example 2022.1")
        parser.add_argument("--region", default="", help="the region whose column the file holds")
        parser.add_argument("--from", dest="valid_from", help="first day, dd/mm/yyyy; otherwise the standard's")
        parser.add_argument("--to", dest="valid_to", help="last day, dd/mm/yyyy; otherwise the standard's")
        parser.add_argument("--document", default="", help="the document the points come from; blank: not verified")

    def handle(self, *args, file, standard, table_version, region, valid_from, valid_to, document, **options):
        chosen = Standard.objects.filter(code=standard).first()
        if chosen is None:
            codes = ", ".join(Standard.objects.values_list("code", flat=True))
            raise CommandError(f"{standard}: không có chuẩn này; đang có: {codes}")
        try:
            told = load_score_table(
                file=self.read(file),
                standard=chosen,
                version=table_version,
                region=region,
                valid_from=self.day("--from", valid_from),
                valid_to=self.day("--to", valid_to),
                document=document,
            )
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        for zone, outcome in told.items():
            self.stdout.write(f"{zone}: {outcome}")

    def read(self, file):
        try:
            if file.stat().st_size > SIZE_MOST:
                raise CommandError(f"{file.name}: tệp quá lớn, bảng điểm không quá 2 MB")
            return score_file.read(file.read_text(encoding="utf-8"))
        except OSError:
            raise CommandError(f"{file.name}: không đọc được tệp này") from None
        except UnicodeDecodeError:
            raise CommandError(f"{file.name}: tệp phải ghi bằng UTF-8") from None
        except score_file.BrokenTable as error:
            raise CommandError(f"{file.name}: không nạp gì, vì\n{error}") from None

    def day(self, name, text):
        try:
            return parse_day(text) if text else None
        except ValueError:
            raise CommandError(f"{name}: ghi ngày dạng dd/mm/yyyy") from None

    def create_parser(self, prog_name, subcommand, **kwargs):
        return super().create_parser(prog_name, subcommand, conflict_handler="resolve", **kwargs)
