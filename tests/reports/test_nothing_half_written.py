"""Each service of reports that writes, broken at its last write: tests/power_cut.py."""

from datetime import date
from functools import partial as then
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from reports import audit_services, duty_reminding, duty_services, letter_services, services, unit_services
from reports.models import Letter, Line
from reports.states import Move
from tests import make
from tests.power_cut import inventory, play
from tests.reports import build, test_letters, units
from tests.reports.conftest import DAY

NAMES = ("audit_services", "duty_reminding", "duty_services", "letter_services", "services", "unit_services")
FILES = [Path(settings.BASE_DIR, f"reports/{name}.py") for name in NAMES]
NOW, TODAY = timezone.now(), test_letters.TODAY
# A claim stands while others look; each unit is told in a transaction of its own.
PARTS = {"duty_reminding.remind", "services.claim", "services.release"}


class World:
    """The small plan and its year, its period, and whoever needs it the report."""

    def __init__(self):
        self.areas = make.a_city()
        self.cast = make.a_cast(self.areas)
        self.cuc = self.cast["cuc"]
        self.plan = build.a_plan(self.areas)
        build.a_year(self.areas, make.the_standards())

    def period(self):
        return services.open_period(plan=self.plan, day=DAY)

    def units(self):
        """What two units owe, the first one's duty and its author."""
        stage = units.a_stage(self.areas, self.cast, self.plan)
        return stage["health"], self.cast["writer"]

    def handed_in(self):
        duty, by = self.units()
        units.handed_in(duty, by)
        return duty

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


def opened(w):
    w.units()
    period = services.open_period(plan=w.plan, day=date(2023, 11, 30))
    return then(duty_services.open_duties, period=period, today=date(2023, 11, 1))


def asked(w):
    duty, _ = w.units()
    given = {"name": "Kỳ họp", "basis": "", "day": DAY, "due_on": DAY, "clauses": [], "indicators": []}
    return then(duty_services.ask_ad_hoc, plan=w.plan, by=w.cuc, today=DAY, agencies=[duty.agency], **given)


def submitted(w):
    """The largest of the moves: figures are kept, tasks too, remarks are answered."""
    duty, by = w.units()
    units.write(duty, by)
    units.explain_all(duty, by)
    duty.refresh_from_db()
    return then(duty_services.move_duty, duty=duty, move=Move.SUBMIT, by=by, at=units.NOON, version=duty.version)


def judged(w, service, parts=("results",)):
    duty = w.handed_in()
    if service is duty_services.reopen_parts:
        duty_services.accept_parts(duty=duty, parts=parts, by=w.cuc, version=duty.version)
        duty.refresh_from_db()
    return then(service, duty=duty, parts=parts, by=w.cuc, version=duty.version)


def reminded(w):
    duty, _ = w.units()
    return then(duty_reminding.nudge_duties, duties=[duty], by=w.cuc, today=DAY)


def saved(w):
    duty, by = w.units()
    part = duty.parts.first()
    return then(unit_services.save_part, part=part, text="Một việc.", version=part.version, by=by, at=units.NOON)


def typed(w, **more):
    duty, by = w.units()
    given = {"name": "Học bổng", "unit": "suất", "typed": 3, "source": "thử", "files": [units.PDF]} | more
    return then(unit_services.type_figure, duty=duty, by=by, at=units.NOON, **given)


def explained(w):
    duty, by = w.units()
    return then(unit_services.explain, duty=duty, key="task:IV.2.a", text="Vì sao.", by=by, at=units.NOON)


def remarked(w):
    duty = w.handed_in()
    duty_services.accept_parts(duty=duty, parts=["results"], by=w.cuc, version=duty.version)
    part = duty.parts.get(part="results")
    return then(unit_services.remark, part=part, quote="một việc", text="Rõ hơn.", by=w.cuc, at=units.NOON)


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


def half_typed(w):
    row = section(w)
    letter_services.keep_typed(section=row, text="Đang gõ", based_on=1, by=w.cuc)
    return then(letter_services.drop_typed, section=row, by=w.cuc)


ONE_WRITE = {"letter_services.keep_typed"}


SCENES = {
    "duty_reminding.nudge_duties": reminded,
    "duty_services.accept_parts": lambda w: judged(w, duty_services.accept_parts),
    "duty_services.ask_ad_hoc": asked,
    "duty_services.move_duty": submitted,
    "duty_services.open_duties": opened,
    "duty_services.reopen_parts": lambda w: judged(w, duty_services.reopen_parts),
    "unit_services.download": lambda w: then(unit_services.download, file=typed(w)().files.get(), by=w.cast["writer"]),
    "unit_services.drop_figure": lambda w: then(unit_services.drop_figure, figure=typed(w)(), by=w.cast["writer"]),
    "unit_services.drop_remark": lambda w: then(unit_services.drop_remark, note=remarked(w)(), by=w.cuc),
    "unit_services.explain": explained,
    "unit_services.remark": remarked,
    "unit_services.save_part": saved,
    "unit_services.type_figure": typed,
    "letter_services.download_signed": lambda w: then(letter_services.download_signed, copy=signed(w)(), by=w.cuc),
    "letter_services.drop_typed": half_typed,
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
