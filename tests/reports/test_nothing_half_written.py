"""Each service of reports that writes, broken at its last write: tests/power_cut.py."""

from functools import partial as then
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from reports import audit_services, letter_services, services
from reports.models import Letter, Line
from tests import make
from tests.power_cut import inventory, play
from tests.reports import build, test_letters
from tests.reports.conftest import DAY

FILES = [Path(settings.BASE_DIR, f"reports/{name}.py") for name in ("audit_services", "letter_services", "services")]
NOW, TODAY = timezone.now(), test_letters.TODAY
PARTS = {"services.claim", "services.release"}  # a claim stands while others look


class World:
    """The small plan and its year, its period, and whoever needs it the report."""

    def __init__(self):
        self.areas = make.a_city()
        self.cuc = make.a_cast(self.areas)["cuc"]
        self.plan = build.a_plan(self.areas)
        build.a_year(self.areas, make.the_standards())

    def period(self):
        return services.open_period(plan=self.plan, day=DAY)

    def frozen(self):
        return services.freeze(period=self.period(), today=DAY)


def downloaded(w):
    document, *_ = services.generate(report=w.frozen())
    return then(services.download, document=document, by=w.cuc)


def audited(w):
    """Something to be told of, and something that agrees again."""
    w.frozen()
    audit = then(audit_services.keep_findings, today=DAY, at=timezone.now())
    line = Line.objects.filter(indicator="housing").order_by("order").first()
    Line.objects.filter(pk=line.pk).update(actual=line.actual + 7)
    audit()
    Line.objects.filter(pk=line.pk).update(actual=line.actual)
    return audit


def letter(w):
    return w.frozen().letter


def section(w, key="causes"):
    return letter(w).sections.get(key=key)


def issuing(w):
    """A whole letter with its last edition."""
    row = letter(w)
    row.sections.filter(text="").update(text="Đã soạn.")
    row = test_letters.headed(row, w.cuc)
    return row, then(letter_services.issue, letter=row, edition=row.edition, by=w.cuc, at=NOW, today=TODAY)


def issued(w):
    row, issue = issuing(w)
    issue()
    return row


def signed(w):
    pdf = test_letters.a_pdf()
    return then(letter_services.upload_signed, letter=issued(w), name="a.pdf", content=pdf, by=w.cuc, at=NOW)


def sent(w):
    row = issued(w)
    given = {"sent_on": TODAY, "how": "post", "note": "", "by": w.cuc, "at": NOW, "today": TODAY}
    return then(letter_services.note_sent, letter=row, to=["UBND các quận, huyện"], **given)


def without_a_letter(w):
    report = w.frozen()
    Letter.objects.all().delete()
    return then(letter_services.open_letter, report=report, by=w.cuc)


ONE_WRITE = {"letter_services.keep_typed"}


SCENES = {
    "letter_services.download_signed": lambda w: then(letter_services.download_signed, copy=signed(w)(), by=w.cuc),
    "letter_services.issue": lambda w: issuing(w)[1],
    "letter_services.keep_typed": lambda w: then(
        letter_services.keep_typed, section=section(w), text="Đang gõ", based_on=1, by=w.cuc
    ),
    "letter_services.make_again": lambda w: then(
        letter_services.make_again, section=section(w, "direction"), version=1, by=w.cuc
    ),
    "letter_services.note_sent": sent,
    "letter_services.open_letter": without_a_letter,
    "letter_services.strike_sent": lambda w: then(letter_services.strike_sent, sending=sent(w)()[0], by=w.cuc),
    "letter_services.upload_signed": signed,
    "letter_services.write_head": lambda w: then(
        letter_services.write_head, letter=letter(w), version=1, by=w.cuc, **test_letters.HEAD
    ),
    "letter_services.write_section": lambda w: then(
        letter_services.write_section, section=section(w), text="Mới", version=1, by=w.cuc, at=NOW
    ),
    "audit_services.keep_findings": audited,
    "services.download": downloaded,
    "services.freeze": lambda w: then(services.freeze, period=w.period(), today=DAY),
    "services.generate": lambda w: then(services.generate, report=w.frozen(), by=w.cuc),
    "services.open_period": lambda w: then(services.open_period, plan=w.plan, day=DAY),
    "services.open_periods": lambda w: then(services.open_periods, today=DAY),
}


def test_every_service_that_writes_has_its_scene():
    inventory(FILES, SCENES, PARTS)


@pytest.mark.parametrize("name", sorted(SCENES))
def test_broken_at_its_last_write_it_leaves_nothing(db, name):
    play(lambda: SCENES[name](World()), one_write=name in ONE_WRITE)
