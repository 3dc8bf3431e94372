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

# The first right that one holds decides; the ward's people have a page of their own below.
DOSSIERS_MOST = 60
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
    context = {"round": round, "weekday": f"{WEEKDAYS[today.weekday()]}, {day(today)}", "todo": [], "deadlines": []}
    if round:
        counts = review_queries.counts(request.user, round)
        drafts = review_queries.drafts_of(request.user, round).count()
        found = [*lines(request.user, round, counts, drafts), *others(request.user, today)]
        context["todo"] = [line for line in found if line["count"]]
        context |= {
            "left": (round.ends_on - today).days,
            "decided": counts[Review.State.DECIDED],
            "all": sum(counts.values()),
        }
        context["decided_pct"] = round_down(context["decided"], context["all"])
        context["returned"] = list(review_queries.rows(request.user, round, Review.State.RETURNED)[:5])
    return render(request, "home.html", context)


def district_today(request):
    """The district's: dossiers that wait for its opinion, and those of its wards that are late."""
    today = timezone.localdate()
    rows = [
        {
            "dossier": dossier,
            "standing": dossier.standing[0],
            "late": dossier.standing[0].late_on(today),
            "mine": dossier_queries.waits_for(dossier, request.user),
        }
        for dossier in dossier_queries.under_way(request.user)[:DOSSIERS_MOST]
    ]
    mine, late = [row for row in rows if row["mine"]], [row for row in rows if row["late"] and not row["mine"]]
    context = {"weekday": f"{WEEKDAYS[today.weekday()]}, {day(today)}", "mine": mine, "late": late}
    return render(request, "home_district.html", context)


def others(user, today):
    """What waits outside the forms themselves: the dossier's next step, complaints, plans of households."""
    found = []
    for dossier in dossier_queries.under_way(user)[:DOSSIERS_MOST]:
        if dossier_queries.waits_for(dossier, user):
            due = dossier.standing[0].due_on
            found.append(
                _line(
                    1,
                    f"Hồ sơ {dossier.round}: {dossier.get_step_display()}",
                    f"Hạn {day(due)}." if due else "Chưa có hạn.",
                    reverse("dossier", args=[dossier.pk]),
                    urgent=dossier.standing[0].late_on(today),
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
