"""The home of one's role: what a ward must do today; for everybody else the first page they work with."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from accounts.roles import May
from areas.vietnamese import WEEKDAYS, day, number
from danang_poverty import home_tasks
from households import complaint_queries, dossier_queries, plan_queries, review_queries, rounds
from households.models import Review
from households.steps import Step
from households.views.dossiers import rail_of
from reports import unit_queries
from targets.asof import opening_day
from targets.models import Plan

DOSSIERS_MOST = 60
COMPLAINTS_MOST, DEADLINES_MOST, GROUPS_MOST = 3, 6, 12
REGULAR_FROM = 15  # the day of a month from which its regular review begins (Decision 24/2021, art. 5)
# The first right that one holds decides; the ward's people have a page of their own below.
FIRST_PAGES = [(May.SEE_FIGURES, "dashboard"), (May.USE_ADMIN, "admin:index")]


@never_cache
@require_GET
def home(request):
    if request.user.may(May.ENTER_REVIEWS) or request.user.may(May.DECIDE_REVIEWS):
        return ward_today(request)
    if request.user.may(May.GIVE_OPINION):
        return district_today(request)
    if request.user.may(May.UPDATE_TASKS) and (page := home_tasks.tasks_today(request)):
        return page
    if request.user.area and request.user.area.level == "district" and request.user.may(May.SEE_FIGURES):
        return redirect("dashboard_area", request.user.area.code)
    for right, page in FIRST_PAGES:
        if request.user.may(right):
            return redirect(page)
    raise PermissionDenied


def ward_today(request):
    today = timezone.localdate()
    begun = list(review_queries.rounds_begun(today))
    round = rounds.current(begun, today)
    dossiers = list(dossier_queries.under_way(request.user)[:DOSSIERS_MOST])
    found = others(request.user, dossiers, today)
    context = {"round": round, "weekday": f"{WEEKDAYS[today.weekday()]}, {day(today)}"}
    context["deadlines"] = deadlines(request.user, round, dossiers, today)
    if round:
        counts = review_queries.counts(request.user, round)
        drafts = review_queries.drafts_of(request.user, round).count()
        found = [*lines(request.user, round, counts, drafts), *found]
        context |= of_round(next((one for one in dossiers if one.round_id == round.pk), None), today)
        context |= {
            "left": (round.ends_on - today).days,
            "decided": counts[Review.State.DECIDED],
            "all": sum(counts.values()),
        }
        context["decided_pct"] = round_down(context["decided"], context["all"])
        context["returned"] = list(review_queries.rows(request.user, round, Review.State.RETURNED)[:5])
    context["todo"] = [line for line in found if line["count"]]
    return render(request, "home.html", context)


def of_round(dossier, today) -> dict:
    """Where the ward stands in the round: the steps of its dossier, and what each group has left to survey."""
    if dossier is None:
        return {}
    groups = dossier_queries.left_by_group(dossier) if dossier.step in (Step.LIST, Step.SURVEY, Step.RECHECK) else []
    for row in groups:
        width = f"{100 * row['surveyed'] / row['listed']:.1f}"
        told = f"{row['group']}: đã khảo sát {number(row['surveyed'])} / {number(row['listed'])} hộ"
        row["bar"] = {"label": told, "width": width, "mark": None, "kind": "sea" if row["left"] else "ok"}
    return {
        "dossier": dossier,
        "rail": rail_of(dossier, dossier.standing, today),
        "late": _late(dossier, today),
        "groups": groups[:GROUPS_MOST],
        "further_groups": max(0, len(groups) - GROUPS_MOST),
    }


def deadlines(user, round, dossiers, today) -> list[dict]:
    """The next days to keep, the nearest first: steps, the end of a posting, complaints, the round, the month's review."""
    found = []
    for dossier in dossiers:
        address = reverse("dossier", args=[dossier.pk])
        if due := _due(dossier):
            found.append((due, f"{dossier.get_step_display()}: {dossier.round}", address))
        if dossier.step == Step.POSTING and (posting := dossier.postings.filter(cycle=dossier.cycle).first()):
            found.append((posting.to_on, f"Hết niêm yết: {dossier.round}", address))
    if user.may(May.HANDLE_COMPLAINTS):
        waiting = complaint_queries.under_way(user)[:COMPLAINTS_MOST]
        found += [
            (one.due_on, f"Trả lời đơn số {one.pk}", reverse("complaint_detail", args=[one.pk])) for one in waiting
        ]
    if round and round.ends_on >= today:
        found.append((round.ends_on, f"Kết thúc {round.name}", f"{reverse('review_list')}?round={round.pk}"))
    month = today.year * 12 + today.month - 1 + (today.day > REGULAR_FROM)
    starts_on = today.replace(year=month // 12, month=month % 12 + 1, day=REGULAR_FROM)
    found.append((starts_on, f"Bắt đầu rà soát thường xuyên tháng {starts_on.month}", reverse("dossier_board")))
    found.sort(key=lambda one: one[0])
    return [
        {
            "day": when,
            "title": title,
            "url": url,
            "words": _until((when - today).days),
            "urgent": (when - today).days <= 1,
        }
        for when, title, url in found[:DEADLINES_MOST]
    ]


def _standing(dossier):
    """The dossier's open step; None for one without, as one written by hand or brought in may be."""
    return dossier.standing[0] if dossier.standing else None


def _due(dossier):
    step = _standing(dossier)
    return step.due_on if step else None


def _late(dossier, today) -> bool:
    step = _standing(dossier)
    return step is not None and step.late_on(today)


def _until(days: int) -> str:
    if days < 0:
        return f"quá hạn {number(-days)} ngày"
    return {0: "hôm nay", 1: "ngày mai"}.get(days, f"còn {number(days)} ngày")


def district_today(request):
    """The district's: dossiers that wait for its opinion, and those of its wards that are late."""
    today = timezone.localdate()
    rows = [
        {
            "dossier": dossier,
            "standing": _standing(dossier),
            "late": _late(dossier, today),
            "mine": dossier_queries.waits_for(dossier, request.user),
        }
        for dossier in dossier_queries.under_way(request.user)[:DOSSIERS_MOST]
    ]
    mine, late = [row for row in rows if row["mine"]], [row for row in rows if row["late"] and not row["mine"]]
    context = {"weekday": f"{WEEKDAYS[today.weekday()]}, {day(today)}", "mine": mine, "late": late}
    if round := rounds.current(list(review_queries.rounds_begun(today)), today):
        context |= {"round": round, "unopened": list(dossier_queries.wards_without(request.user, round))}
    plan = Plan.objects.for_day(today)
    context["reports"] = unit_queries.own_duties(request.user, opening_day(plan, today)) if plan else []
    return render(request, "home_district.html", context)


def others(user, dossiers, today):
    """What waits outside the forms themselves: the dossier's next step, complaints, plans of households."""
    found = []
    for dossier in dossiers:
        if dossier_queries.waits_for(dossier, user):
            due = _due(dossier)
            found.append(
                _line(
                    1,
                    f"Hồ sơ {dossier.round}: {dossier.get_step_display()}",
                    f"Hạn {day(due)}." if due else "Chưa có hạn.",
                    reverse("dossier", args=[dossier.pk]),
                    urgent=_late(dossier, today),
                    action="Mở hồ sơ",
                )
            )
    if user.may(May.HANDLE_COMPLAINTS):
        due = complaint_queries.due(user, today).count()
        text = "Trả lời trước hạn ghi trên đơn."
        found.append(
            _line(due, "Đơn thư sắp hoặc đã quá hạn", text, f"{reverse('complaint_list')}?han=due", urgent=True)
        )
    if user.may(May.ENTER_REVIEWS):
        late = plan_queries.waiting_households(user, today, "late").count()
        text = "Kế hoạch giảm nghèo của hộ có việc chưa làm đúng hạn."
        found.append(_line(late, "Hộ có việc quá hạn", text, f"{reverse('exit_plan_waiting')}?viec=late"))
    return found


def _line(count, title, text, url, *, urgent=False, action="Xem"):
    shown = number(count)
    return {
        "count": count,
        "shown": shown,
        "title": title,
        "text": text,
        "action": action,
        "url": url,
        "urgent": urgent,
    }


def lines(user, round, counts, drafts):
    """What waits for this person, most urgent first."""

    def line(state, title, text, action, urgent=False):
        url = f"{reverse('review_list')}?round={round.pk}&state={state}"
        shown = number(min(counts[state], review_queries.COUNT_MOST))
        count = f"{shown}+" if counts[state] > review_queries.COUNT_MOST else shown
        return {
            "count": counts[state],
            "shown": count,
            "title": title,
            "text": text,
            "action": action,
            "url": url,
            "urgent": urgent,
        }

    if user.may(May.DECIDE_REVIEWS):
        return [
            line(
                Review.State.ENTERED,
                "Phiếu chờ quyết định",
                "Xem kết quả phân loại và lý do, rồi quyết định hoặc trả lại.",
                "Xem phiếu",
                True,
            ),
            line(review_queries.TODO, "Hộ chưa khảo sát", "Cán bộ giảm nghèo chưa nhập phiếu.", "Xem danh sách"),
        ]
    draft = line(review_queries.TODO, "Bản nháp chưa gửi", "Chỉ bạn thấy; nhập tiếp rồi gửi.", "Xem bản nháp")
    return [
        line(Review.State.RETURNED, "Phiếu bị trả lại cần sửa", "Lãnh đạo đã ghi lý do trả lại.", "Sửa phiếu", True),
        draft | {"count": drafts, "shown": number(drafts)},
        line(
            review_queries.TODO,
            "Hộ chưa khảo sát",
            "Hộ đang trong danh sách, chưa có phiếu của đợt này.",
            "Xem danh sách",
        ),
        line(Review.State.ENTERED, "Phiếu chờ quyết định", "Đã nhập, chờ lãnh đạo phường, xã.", "Xem phiếu"),
    ]


def round_down(part, whole):
    return part * 100 // whole if whole else 0
