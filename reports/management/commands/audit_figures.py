from collections import Counter

from django.core.management.base import BaseCommand
from django.utils import timezone

from reports import audit_services
from reports.models import Finding


class Command(BaseCommand):
    help = "Counts everything again and lists every figure that does not agree. Changes no figure. Runs every night."

    def handle(self, **options):
        now = timezone.now()
        found, new = audit_services.keep_findings(today=timezone.localdate(now), at=now)
        findings = list(Finding.objects.all())
        for finding in findings:
            self.stdout.write(f"[{finding.get_check_code_display()}] {finding.subject}: {finding.says}")
        counts = Counter(finding.get_check_code_display() for finding in findings)
        told = ", ".join(f"{label} {count}" for label, count in counts.items()) or "không có"
        self.stdout.write(f"Điểm không khớp: {found} ({told}); mới {new}.")
