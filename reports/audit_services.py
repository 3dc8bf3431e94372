"""What the audit finds is kept, so that it can be seen since when."""

from datetime import date, datetime

from django.db import transaction

from accounts.log import log_many
from reports.audit import audit
from reports.models import Finding


@transaction.atomic
def keep_findings(*, today: date, at: datetime) -> tuple[int, int]:
    """Audit, keep what is found, let go of what agrees again. Returns how many stand and how many are new.

    Safe to run twice: the second run finds the same and writes nothing.
    """
    # The log names the household by its code; what disagrees about it stays in the finding, which fewer people read.
    known = {(finding.check_code, finding.subject, finding.says): finding for finding in Finding.objects.all()}
    found = dict.fromkeys(audit(today=today))
    new = [
        Finding(check_code=check, subject=subject, says=says, since=at)
        for check, subject, says in found
        if (check, subject, says) not in known
    ]
    Finding.objects.bulk_create(new)
    gone = [finding for key, finding in known.items() if key not in found]
    log_many(None, "audit.found", ((finding, {}, {"check": finding.check_code}) for finding in new))
    log_many(None, "audit.settled", ((finding, {"check": finding.check_code}, {}) for finding in gone))
    Finding.objects.filter(pk__in=[finding.pk for finding in gone]).delete()
    return len(found), len(new)
