"""The daily work of a few wards, through the portal's own services: dossiers, exit plans, complaints, requests, a twin."""

from datetime import date, timedelta

from areas.models import Area
from households import dossier_queries, request_queries
from households.models import ExitPlan, Household, Review, ReviewRequest
from households.models.complaints import Complaint
from households.services import complaints, decisions, dossiers, duplicates, plans, rechecks, requests
from households.steps import Move
from targets.demo.cast import HOME_WARD, Cast
from targets.demo.ground import LAST_DAY, YEAR, Ground
from targets.demo.story import OPEN_WARDS

PLANS = 24
ORDER = ["list", "survey", "meeting", "posting", "recheck", "district", "decision", "certificates", "done"]
DECIDED_ALREADY = "Đã có quyết định của hộ trong năm, không rà soát lại."
CHAIR, SECRETARY = "Tổ trưởng (minh họa)", "Thư ký (minh họa)"


def work(cast: Cast, ground: Ground) -> dict[str, int]:
    """Returns how many of each were written; nothing where the wards are not in the city."""
    counted = {"plans": 0, "complaints": 0, "requests": 0, "dossiers": 0, "pairs": 0}
    for code, stage in OPEN_WARDS.items():
        if code in ground.areas:
            counted["dossiers"] += _dossier(ground.areas[code], stage, cast, ground)
    if HOME_WARD in ground.areas:
        ward, officer = ground.areas[HOME_WARD], cast.officers[HOME_WARD]
        listed = list(dossier_queries.on_current_lists(ward).select_related("ward")[: PLANS + 12])
        counted["plans"] = _plans(listed[:PLANS], officer, ground)
        counted["complaints"] = _complaints(listed[PLANS:], ward, cast)
        counted["requests"] = _requests(ward, officer)
        counted["pairs"] = duplicates.find_duplicates(ward=ward, by=officer, today=LAST_DAY)
    return counted


def _dossier(ward: Area, stage: str, cast: Cast, ground: Ground) -> int:
    """The annual round of one ward, taken as far as `stage` on the days that a ward would take it."""
    officer, leader, district = cast.officers[ward.code], cast.leaders[ward.code], cast.districts.get(ward.parent.code)
    annual = ground.rounds["annual", YEAR, 9]
    start = annual.starts_on + timedelta(days=9)
    dossier = dossiers.open_dossier(round=annual, ward=ward, by=officer, today=start)
    done = Review.objects.filter(round=annual, ward=ward, state=Review.State.DECIDED).values("household")
    changed = _changed_in_year(ward, annual)
    out = dossier.listed.filter(household__in=done) | dossier.listed.filter(household__in=changed)
    if keys := list(out.values_list("pk", flat=True)):
        dossiers.leave_out(dossier=dossier, listed=keys, reason=DECIDED_ALREADY, by=officer)
    reached = ORDER.index(stage)

    def go(by, day, move=Move.FINISH, **more):
        return dossiers.move(dossier=dossier, move=move, by=by, today=day, **more)

    met, posted = date(YEAR, 11, 6), date(YEAR, 11, 8)
    if reached >= ORDER.index("survey"):
        dossier = go(officer, start + timedelta(days=5))
    if reached >= ORDER.index("meeting"):
        dossier = go(officer, date(YEAR, 11, 3))
        groups = dossier_queries.groups(dossier)
        for place, group in enumerate(groups if stage != "meeting" else groups[: len(groups) // 2]):
            present = 22 + place % 9
            dossiers.record_meeting(
                dossier=dossier, group=group, held_on=met, place=f"Nhà sinh hoạt cộng đồng {group}", chair=CHAIR,
                secretary=SECRETARY, present=present, agreed=present - place % 4, note="", by=officer, today=met,
            )  # fmt: skip
    if reached >= ORDER.index("posting"):
        dossier = go(officer, date(YEAR, 11, 7))
        dossiers.record_posting(
            dossier=dossier, from_on=posted, to_on=date(YEAR, 11, 14), places="Trụ sở UBND phường, nhà sinh hoạt tổ",
            by=officer, today=posted,
        )  # fmt: skip
    if stage == "recheck":
        day = date(YEAR, 11, 10)
        homes = dossier.listed.filter(included=True).select_related("household__ward")[:2]
        for listed, finding in zip(homes, ("", "Giữ nguyên kết quả đã niêm yết."), strict=False):
            row = complaints.register_complaint(
                ward=ward, household=listed.household, category=Complaint.Category.RESULT,
                from_name="Người dân (minh họa)", text="Đề nghị xem lại điểm thu nhập của hộ.", received_on=day,
                by=officer, today=day,
            )  # fmt: skip
            rechecks.open_recheck(complaint=row, by=officer, today=day, version=row.version)
            if finding:
                row.refresh_from_db()
                rechecks.close_recheck(complaint=row, finding=finding, by=officer, today=day, version=row.version)
        return 1
    if reached >= ORDER.index("district"):
        dossier = go(officer, date(YEAR, 11, 15))
    if reached >= ORDER.index("decision"):
        dossier = go(district, date(YEAR, 11, 20), document="118/LĐTBXH")
    if reached >= ORDER.index("certificates"):
        dossier = decisions.decide_dossier(
            dossier=dossier, number="412/QĐ-UBND", day=date(YEAR, 12, 15), by=leader, today=date(YEAR, 12, 15)
        )
    if stage == "done":
        go(officer, date(YEAR, 12, 22))
    return 1


def _changed_in_year(ward: Area, annual):
    """Households whose list began after the round did, so that no form of the round is about it."""
    return Household.objects.filter(ward=ward, spells__valid_to=None, spells__valid_from__gte=annual.starts_on).values(
        "pk"
    )


def _plans(homes: list[Household], officer, ground: Ground) -> int:
    """Some without a dialogue, some without a helper, some with late actions, some visited."""
    helpers = [
        ground.agencies[code] for code in ("hoi-phu-nu", "uy-ban-mttq", "hoi-nong-dan") if code in ground.agencies
    ]
    job, training, loan = (ground.policies[kind] for kind in ("job", "training", "loan"))
    for place, home in enumerate(homes):
        opened = date(YEAR, 4, 3) + timedelta(days=place)
        plan = plans.open_plan(household=home, year=YEAR, by=officer, today=opened)
        if place % 5:
            day = opened + timedelta(days=4)
            plan = plans.hold_dialogue(
                plan=plan, on=day, with_whom="Chủ hộ; tổ trưởng; cán bộ giảm nghèo phường",
                minutes="Hộ nêu khó khăn về việc làm và vốn. Hai bên thống nhất các việc dưới đây.",
                version=plan.version, by=officer, today=day,
            )  # fmt: skip
        if place % 4:
            person = "" if place % 3 else "Chi hội trưởng (minh họa)"
            agency = helpers[place % len(helpers)] if helpers and not person else None
            if agency or person:
                plan = plans.assign_helper(plan=plan, agency=agency, person=person, version=plan.version, by=officer)
        for need, cause, policy, text, months in (
            ("Việc làm ổn định", "no_labour_skill", job, "Giới thiệu việc làm cho một thành viên", 2),
            ("Học nghề", "no_labour_skill", training, "Đăng ký một lớp đào tạo nghề", 5),
            ("Vốn buôn bán", "no_capital", loan, "Hướng dẫn hồ sơ vay vốn", 8),
        )[: 1 + place % 3]:
            due = opened + timedelta(days=30 * months)
            action = plans.add_action(
                plan=plan, need=need, cause=cause, policy=policy, text=text, due_on=due, by=officer,
                responsible="Cán bộ giảm nghèo phường",
            )  # fmt: skip
            if months == 2 and place % 2:
                plans.finish_action(action=action, on=due, by=officer, today=due, note="Đã có việc")
        for visit in range(place % 3):
            day = opened + timedelta(days=60 * (visit + 1))
            plans.add_visit(
                plan=plan, day=day, who="Cán bộ giảm nghèo phường", by=officer, today=day, note="Thăm, hỏi tình hình"
            )
    _outcome(ExitPlan.objects.filter(household__in=homes).order_by("pk"), officer)
    return len(homes)


def _outcome(open_plans, officer) -> None:
    """Two plans are closed by the review that followed."""
    closed = 0
    for plan in open_plans:
        review = Review.objects.filter(
            household=plan.household_id, state=Review.State.DECIDED, surveyed_on__gte=plan.opened_on
        ).last()
        if review and closed < 2:
            outcome = ExitPlan.Outcome.UNCHANGED
            plans.close_plan(plan=plan, outcome=outcome, review=review, version=plan.version, by=officer)
            closed += 1


def _complaints(homes: list[Household], ward: Area, cast: Cast) -> int:
    """Open, answered and withdrawn ones; a re-check needs a dossier on the board, which this ward has not."""
    officer, leader = cast.officers[ward.code], cast.leaders[ward.code]
    kinds, day = list(Complaint.Category), date(YEAR, 11, 13)
    for place, home in enumerate(homes[:8]):
        row = complaints.register_complaint(
            ward=ward, household=home, category=kinds[place % 3], from_name="Người gửi (minh họa)",
            text="Đề nghị xem lại kết quả rà soát của hộ." if place % 3 < 2 else "Phản ánh về việc niêm yết.",
            received_on=day, by=officer, today=day,
        )  # fmt: skip
        row = complaints.assign_complaint(complaint=row, owner=leader, by=officer, version=row.version)
        if place % 4 == 2:
            complaints.answer_complaint(
                complaint=row, result="Đã xem lại phiếu; kết quả rà soát giữ nguyên.", by=leader,
                today=day + timedelta(days=5), version=row.version,
            )  # fmt: skip
        elif place % 4 == 3:
            complaints.withdraw_complaint(complaint=row, by=officer, today=day, version=row.version)
    return min(8, len(homes))


def _requests(ward: Area, officer) -> int:
    """Form 01 of households on no list, some screened by Form A; Form 04 of those who want to leave one."""
    listed = dossier_queries.on_current_lists(ward)
    outside = Household.objects.filter(ward=ward, closed_on__isnull=True).exclude(pk__in=listed.values("pk"))
    written, day = 0, date(YEAR, 11, 20)
    for form, homes in (("01", outside.order_by("code")[:5]), ("04", listed.order_by("-code")[:3])):
        for place, home in enumerate(homes):
            row = requests.receive_request(
                household=home, form=form, received_on=day, channel=list(ReviewRequest.Channel)[place % 3], by=officer,
                today=day,
            )  # fmt: skip
            written += 1
            if place % 3:
                _screen(row, place, officer, day + timedelta(days=2))
    return written


def _screen(row, place: int, officer, day: date) -> None:
    items, rule = request_queries.form_a()
    refuses = place == 2 and row.form == "01" and rule and len(items) >= rule.threshold
    yes = [item.code for item in items[: rule.threshold]] if refuses else []
    reason = "Theo Phiếu A, hộ không thuộc diện khảo sát." if refuses else ""
    requests.screen_request(request=row, yes=yes, by=officer, today=day, version=row.version, refusal_reason=reason)
