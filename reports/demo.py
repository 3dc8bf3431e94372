"""The reports of the demonstration's units for 31/5 and 30/11/2023: synthetic text, each of which says so.

Written by the portal's own services on the days of the story, so that nothing stands there that could not have happened.
A fixed pattern and no dice.
"""

from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils import timezone

from accounts.log import log
from accounts.models import Agency, Event, Installation, Notice, User
from accounts.roles import May, Role
from accounts.services import create_user
from reports import duty_services, services, unit_content, unit_services
from reports.models import Duty, DutyRule
from reports.states import Move, Part
from targets.models import Plan
from targets.task_people import workers

YEAR = 2023
SAYS_SO = "Dữ liệu minh họa."
DONE = "demo.reports_loaded"
SIGNED = ("so-tai-chinh", "nh-csxh")  # their heads sign
# days from the due date on which it came; then what the office made of it
SPRING = (("accept", -1), ("accept", 0), ("accept", -3), ("accept", 2), ("accept", -2), ("accept", 0), ("accept", 5))
AUTUMN = (("accept", -4), ("submit", -1), ("accept", -2), ("submit", 0), ("late", 0), ("return", -3), ("parts", 0))
SEATS = {"so-xay-dung": "late", "nh-csxh": "signing", "ubnd-son-tra": "return"}  # who signs in finds something to do


def is_loaded() -> bool:
    return not Installation.objects.filter(demo=True).exists() or Event.objects.filter(action=DONE).exists()


@transaction.atomic
def load_reports() -> int:
    """Write the story into a demonstration that has none yet. Returns how many reports were handed in."""
    plan = Plan.objects.filter(year=YEAR).first()
    office = User.objects.filter(username="chuongtrinh").first()
    if is_loaded() or plan is None or office is None:
        return 0
    _rules()
    count = 0
    for month, day, story in ((5, 31, SPRING), (11, 30, AUTUMN)):
        period = services.open_period(plan=plan, day=date(YEAR, month, day))
        duty_services.open_duties(period=period, today=period.opens_on)
        duties = Duty.objects.filter(period=period).select_related("agency__area", "period__plan")
        for number, duty in enumerate(duties.order_by("agency__order")):
            fate, days = story[number % len(story)]
            fate = SEATS.get(duty.agency.code, fate) if story is AUTUMN else fate
            count += _play(duty, fate, days, office)
    # What the story told people is old news to whoever opens it.
    told = Notice.objects.filter(read_at=None, url__startswith="/bao-cao/don-vi/")
    told.update(read_at=timezone.now())
    log(None, DONE, Installation.objects.get(), after={"reports": count})
    return count


def _rules() -> None:
    for code in SIGNED:
        agency = Agency.objects.get(code=code)
        DutyRule.objects.update_or_create(agency=agency, defaults={"needs_sign_off": True})
        create_user(
            username=f"thutruong-{code}",
            full_name=f"Thủ trưởng minh họa {agency.short_name}",
            role=Role.DEPARTMENT_STAFF,
            agency=agency,
            password=None,
            by=None,
        )


def _at(day: date, hour: int = 10) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hour, 15)))


def _play(duty: Duty, fate: str, days: int, office: User) -> int:
    """Write it, hand it in, and what became of it. An unfinished one has its beginning only."""
    people = workers([duty.agency], May.FILE_REPORTS)  # the head was made last
    # whoever reports for the office's own department is not who accepts
    author = next((user for user in people if user.pk != office.pk), None)
    if author is None:
        return 0
    day = duty.due_on + timedelta(days=days)
    _write(duty, author, _at(day, 8), whole=fate != "late")
    if fate == "late":
        return 0
    _answer(duty, author, _at(day, 9))
    _move(duty, Move.SUBMIT, author, _at(day))
    if duty.needs_sign_off and fate != "signing":
        head = next((user for user in people if user.pk not in (author.pk, office.pk)), None)
        if head is None:
            return 0
        _move(duty, Move.SIGN, head, _at(day, 15))
    if fate in ("return", "parts"):
        first = duty.parts.get(part=Part.SITUATION.value)
        if fate == "parts":
            duty.refresh_from_db()
            duty_services.accept_parts(duty=duty, parts=[Part.SITUATION.value], by=office, version=duty.version)
        else:
            unit_services.remark(
                part=first, quote="số liệu đến kỳ báo cáo", text=f"{SAYS_SO} Nêu rõ so với cùng kỳ.", by=office, at=_at(day + timedelta(days=1))
            )  # fmt: skip
            _move(duty, Move.RETURN, office, _at(day + timedelta(days=1), 11), note=f"{SAYS_SO} Bổ sung rồi nộp lại.")
    if fate == "accept":
        _move(duty, Move.ACCEPT, office, _at(day + timedelta(days=2)))
    return 1


def _move(duty: Duty, move: Move, by: User, at: datetime, **more) -> None:
    duty.refresh_from_db(fields=["version", "state"])
    duty_services.move_duty(duty=duty, move=move, by=by, at=at, version=duty.version, **more)


def _write(duty: Duty, author: User, at: datetime, *, whole: bool) -> None:
    name, when = duty.agency.name, "6 tháng đầu năm" if duty.period.day.month == 5 else f"năm {YEAR}"
    texts = {
        Part.SITUATION: f"{SAYS_SO} {name} triển khai Kế hoạch 66/KH-UBND {when}; số liệu đến kỳ báo cáo.",
        Part.RESULTS: f"{SAYS_SO} **Kết quả {when}:**\n- Thực hiện các nhiệm vụ được giao tại mục IV của kế hoạch.\n"
        "- Phối hợp với các đơn vị, địa phương liên quan.",
        Part.SHORTCOMINGS: f"{SAYS_SO} Một số việc còn chậm do phải lấy ý kiến nhiều đơn vị.",
        Part.DIRECTIONS: f"{SAYS_SO} Tiếp tục thực hiện các nhiệm vụ còn lại.",
        Part.PROPOSALS: f"{SAYS_SO} Không có kiến nghị.",
    }
    for row in duty.parts.all():
        if whole or row.part == Part.SITUATION:
            unit_services.save_part(part=row, text=texts[Part(row.part)], version=row.version, by=author, at=at)


def _answer(duty: Duty, author: User, at: datetime) -> None:
    """Figures that nobody counts are typed, warnings are explained."""
    day = unit_content.as_of(duty, timezone.localtime(at).date())
    for row in unit_content.figure_rows(duty, day):
        if row.value is None:
            unit_services.type_figure(
                duty=duty, code=row.code, typed=row.target or 0, source=f"{SAYS_SO} Số của đơn vị.", by=author, at=at
            )
    figures, tasks = unit_content.figure_rows(duty, day), unit_content.task_rows(duty, day)
    texts = dict(duty.parts.values_list("part", "text"))
    for fault in unit_content.faults_of(duty, figures, tasks, texts):
        if not fault.is_error:
            text = f"{SAYS_SO} Đang thực hiện, sẽ báo cáo kỳ sau."
            unit_services.explain(duty=duty, key=fault.key, text=text, by=author, at=at)
