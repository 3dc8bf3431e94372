from datetime import date

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from reports import services


class Command(BaseCommand):
    help = "Do by hand what the worker does every night: open, freeze and render what should have been by today."

    def add_arguments(self, parser):
        parser.add_argument("--today", help="a day up to today to catch up to, for example 2023-06-01")

    def handle(self, *, today, **options):
        now = timezone.localdate()
        try:
            today = date.fromisoformat(today) if today else now
        except ValueError:
            raise CommandError(f"{today} is not a day; write it as 2023-06-01") from None
        if today > now:
            raise CommandError(f"{today.isoformat()} is still to come; figures cannot be frozen ahead of their day")
        made = services.daily(today=today)
        for report in made:
            self.stdout.write(f"{report.as_of.isoformat()}: version {report.version}, checksum {report.checksum}")
        if not made:
            self.stdout.write("nothing to do")
