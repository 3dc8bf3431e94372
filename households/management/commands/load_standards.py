import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from households import catalogue
from households.services.calendar import load_calendar
from households.services.standards import ensure_rounds, load_standards

SHIPPED = Path(__file__).resolve().parents[2] / "data" / "standards.json"
CALENDAR = SHIPPED.with_name("review_calendar.json")


class Command(BaseCommand):
    help = (
        "Loads poverty standards, support policies and review rounds. Safe to run twice; keeps what the office changed."
    )

    def add_arguments(self, parser):
        parser.add_argument("--file", type=Path, default=SHIPPED, help="another file of the same shape")
        parser.add_argument("--year", type=int, help="only open the review rounds of this year")

    def handle(self, *args, file, year, **options):
        if year is not None:
            return self.open_rounds(year)
        try:
            given = catalogue.read(file.read_text(encoding="utf-8"))
        except FileNotFoundError:
            raise CommandError(f"{file.name}: không có tệp này") from None
        except UnicodeDecodeError:
            raise CommandError(f"{file.name}: tệp phải ghi bằng UTF-8") from None
        except catalogue.BrokenFile as error:
            raise CommandError(f"{file.name}: {error}") from None
        outcome = load_standards(catalogue=given)
        self.stdout.write(f"standards: {len(outcome['added'])} rows added")
        for line in outcome["different"]:
            self.stdout.write(f"kept as it is, the file differs: {line}")
        calendar = json.loads(CALENDAR.read_text(encoding="utf-8"))
        added = load_calendar(deadlines=calendar["deadlines"], holidays=calendar["holidays"])
        self.stdout.write(f"deadlines and holidays: {added} rows added")
        return None

    def open_rounds(self, year):
        try:
            added = ensure_rounds(year=year)
        except ValueError as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"rounds of {year}: {len(added)} added")
