from datetime import date

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from reports import periods, services
from targets.models import Plan


class Command(BaseCommand):
    help = "Make the report of one reporting day by hand. Run twice, it makes one report."

    def add_arguments(self, parser):
        parser.add_argument("day", help="reporting day, for example 2023-05-31")
        parser.add_argument("--again", action="store_true", help="count anew into a further version; needs --reason")
        parser.add_argument(
            "--reason", default="", help="why a frozen report is made again; printed in the new version"
        )

    def handle(self, *, day, again, reason, **options):
        if again != bool(reason.strip()):
            raise CommandError("--again and --reason go together: a further version says why it was made")
        try:
            day = date.fromisoformat(day)
        except ValueError:
            raise CommandError(f"{day} is not a day; write it as 2023-05-31") from None
        try:
            periods.reporting_day(day.year, day)
        except ValueError as problem:
            raise CommandError(str(problem)) from None
        plan = Plan.objects.exclude(state=Plan.State.DRAFT).filter(year=day.year).first()
        if plan is None:
            raise CommandError(f"there is no plan for {day.year}; load it with load_plan")
        today = timezone.localdate()
        if day > today:
            raise CommandError(f"{day.isoformat()} is still to come; its figures cannot be frozen yet")
        period = services.open_period(plan=plan, day=day)
        had = period.reports.count()
        try:
            report = services.make(period=period, today=today, reason=reason)
        except services.Busy as problem:
            raise CommandError(str(problem)) from None
        except ValidationError as problem:
            raise CommandError("; ".join(problem.messages)) from None
        verb = "made" if report.period.reports.count() > had else "was there already"
        self.stdout.write(
            f"{day.isoformat()}: version {report.version} {verb}, figures as of {report.as_of.isoformat()}"
        )
        self.stdout.write(f"checksum {report.checksum}")
        for document in report.documents.defer("content"):
            self.stdout.write(f"{document.format}  {document.size} bytes  sha256 {document.sha256}")
