"""What dossiers need to know: the list proposed, who is left, what a step still lacks, which wards wait."""

import re
from collections import Counter
from datetime import date

from django.db.models import Count, Exists, F, FilteredRelation, Max, OuterRef, Prefetch, Q, Subquery

from areas.models import Area
from areas.vietnamese import day as written
from areas.vietnamese import number
from households import complaint_queries, steps
from households.models import (
    Dossier,
    DossierStep,
    Holiday,
    Household,
    Listed,
    Meeting,
    Result,
    Review,
    ReviewRequest,
    Round,
    StatusSpell,
    StepDeadline,
)
from households.steps import Move, Step, allowed
from households.working_days import after

MOST_NAMED = 5


def to_join(dossier: Dossier):
    """Households whose request (Form 01, Form 04) goes to the survey and that no list holds yet.

    Left out: who was surveyed since the request came, and who stands on the list of a dossier still under way.
    """
    surveyed = Review.objects.filter(household=OuterRef("household"), surveyed_on__gte=OuterRef("received_on"))
    under_way = Listed.objects.filter(household=OuterRef("household"), included=True).exclude(
        dossier__step__in=steps.SETTLED
    )
    asked = ReviewRequest.objects.filter(
        ~Exists(surveyed),
        ~Exists(under_way),
        outcome=ReviewRequest.Outcome.SURVEY,
        ward=dossier.ward_id,
        household__ward=dossier.ward_id,
        household__closed_on__isnull=True,
    )
    here = Listed.objects.filter(dossier=dossier).values("household")
    return Household.objects.filter(pk__in=asked.values("household")).exclude(pk__in=here).order_by("code")


def on_current_lists(ward: Area):
    """Households of the ward that are poor or near-poor now under any standard (Decision 24/2021 art. 4.1.a)."""
    listed = StatusSpell.objects.open().filter(household=OuterRef("pk"))
    return Household.objects.filter(Exists(listed), ward=ward, closed_on__isnull=True).order_by("code")


def _reviews(dossier: Dossier):
    """Of a Listed row: the household's review of this round."""
    return Review.objects.filter(round=dossier.round_id, household=OuterRef("household"))


def listed(dossier: Dossier):
    """The rows of the list with what is known of each household's review."""
    held = _reviews(dossier)
    return (
        Listed.objects.filter(dossier=dossier)
        .select_related("household")
        .annotate(
            is_surveyed=Exists(held.exclude(state=Review.State.RETURNED)),
            is_returned=Exists(held.filter(state=Review.State.RETURNED)),
            review_pk=Subquery(held.values("pk")[:1]),
            head=FilteredRelation(
                "household__members",
                condition=Q(household__members__relation="head", household__members__left_on__isnull=True),
            ),
            head_name=F("head__full_name"),
        )
        .order_by("household__code")
    )


def progress(dossier: Dossier) -> dict[str, int]:
    """How many households are to be reviewed, left out, surveyed, sent back and not surveyed yet; two queries.

    Not one: asked per household, PostgreSQL walks the whole round for each while its statistics do not know the round yet.
    """
    included = Q(included=True)
    rows = Listed.objects.filter(dossier=dossier)
    found = rows.aggregate(to_review=Count("pk", filter=included), left_out=Count("pk", filter=~included))
    states = dict(reviews_of(dossier).order_by().values_list("state").annotate(reviews=Count("pk")))
    returned = states.pop(Review.State.RETURNED, 0)
    surveyed = sum(states.values())
    return found | {"surveyed": surveyed, "returned": returned, "left": found["to_review"] - surveyed}


def reviews_of(dossier: Dossier):
    """The reviews that the dossier decides."""
    households = Listed.objects.filter(dossier=dossier, included=True).values("household")
    return Review.objects.filter(round=dossier.round_id, household__in=households)


def results_by_category(dossier: Dossier) -> Counter:
    """(standard's name, category) → households, of the dossier's reviews."""
    rows = (
        Result.objects.filter(review__in=reviews_of(dossier).values("pk"))
        .order_by("standard__issuer", "category")
        .values_list("standard__name", "category")
        .annotate(reviews=Count("pk"))
    )
    return Counter({(standard, category): reviews for standard, category, reviews in rows})


def groups(dossier: Dossier) -> list[str]:
    """Residential groups with a household on the list: each holds a meeting. Tổ 2 stands before Tổ 10."""
    rows = Listed.objects.filter(dossier=dossier, included=True).order_by()
    return sorted(rows.values_list("household__group", flat=True).distinct(), key=by_number)


def left_by_group(dossier: Dossier) -> list[dict]:
    """Each group with a household on the list: how many, how many surveyed, how many left; most left first."""
    listed = Listed.objects.filter(dossier=dossier, included=True).order_by().values_list("household__group")
    reviews = reviews_of(dossier).exclude(state=Review.State.RETURNED).order_by().values_list("household__group")
    surveyed = dict(reviews.annotate(households=Count("pk")))
    found = [
        {"group": group, "listed": households, "surveyed": surveyed.get(group, 0)}
        for group, households in listed.annotate(households=Count("pk"))
    ]
    for row in found:
        row["left"] = row["listed"] - row["surveyed"]
    return sorted(found, key=lambda row: (-row["left"], by_number(row["group"])))


def wards_without(user, round: Round):
    """Wards of the user's area that have not opened their dossier of a round."""
    wards = Area.objects.under(user.area).wards().filter(valid_from__lte=round.ends_on)
    standing = wards.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=round.starts_on))
    return standing.exclude(pk__in=Dossier.objects.filter(round=round).values("ward")).order_by("order", "code")


def by_number(group: str) -> list:
    return [(int(part), "") if part.isdigit() else (0, part) for part in re.split(r"(\d+)", group)]


def meetings(dossier: Dossier) -> list[Meeting]:
    """The newest minutes of each group, in the groups' order: an agreed meeting stands, whatever is held again."""
    newest = {meeting.group: meeting for meeting in dossier.meetings.order_by("cycle")}
    return sorted(newest.values(), key=lambda meeting: by_number(meeting.group))


def without_meeting(dossier: Dossier) -> list[str]:
    """Groups that have not met, or whose last meeting disagreed before survey and meeting were begun again."""
    repeated = dossier.steps.filter(outcome=Move.REPEAT).aggregate(last=Max("cycle"))["last"] or 0
    held = {one.group for one in meetings(dossier) if one.has_agreed or one.cycle > repeated}
    return [group for group in groups(dossier) if group not in held]


def least_posting(round: Round, from_on: date) -> date:
    """The earliest last day of a posting that begins on a day; the first day counts."""
    rule = StepDeadline.objects.filter(kind=round.kind, step=Step.POSTING).first()
    holidays = set(Holiday.objects.values_list("day", flat=True))
    if rule is None or rule.days == 1:
        return from_on
    return after(from_on, rule.days - 1, working=rule.working, holidays=holidays)


def posting_from(dossier: Dossier) -> tuple[date, str]:
    """From which day this turn's results may hang, and after what: the last meeting, or the re-check that ended it."""
    last = dossier.steps.filter(step=Step.RECHECK, done_on__isnull=False).order_by("-pk").first()
    if last is not None and last.cycle == dossier.cycle:
        return last.done_on, "ngày phúc tra xong"
    held = max((meeting.held_on for meeting in dossier.meetings.all()), default=dossier.round.starts_on)
    return held, "ngày họp dân"


def missing(dossier: Dossier, move: Move, today: date) -> list[str]:
    """What keeps a dossier from leaving its step by this move, in words; nothing when it may go."""
    if dossier.step == Step.LIST:
        return [] if progress(dossier)["to_review"] else ["Danh sách chưa có hộ nào để rà soát."]
    if dossier.step == Step.RECHECK and (codes := complaint_queries.unchecked(dossier)):
        named = ", ".join(codes[:MOST_NAMED]) + (" …" if len(codes) > MOST_NAMED else "")
        return [f"Còn {number(len(codes))} hộ chưa ghi kết quả phúc tra: {named}. Ghi ở trang của đơn."]
    if dossier.step in (Step.SURVEY, Step.RECHECK):
        left = progress(dossier)["left"]
        return [f"Còn {number(left)} hộ chưa có phiếu hoặc phiếu bị trả lại."] if left else []
    if dossier.step == Step.MEETING:
        return _missing_of_meetings(dossier, move)
    if dossier.step == Step.POSTING and move == Move.FINISH:
        return _missing_of_posting(dossier, today)
    if dossier.step in (Step.DISTRICT, Step.DECISION) and (waiting := complaint_queries.in_time_for(dossier)):
        return [
            f"Còn {number(waiting)} đơn nhận trong thời gian niêm yết chưa trả lời: trả lời, hoặc trả lại bước niêm yết "
            "để phúc tra."
        ]
    return []


def _missing_of_meetings(dossier: Dossier, move: Move) -> list[str]:
    if without := without_meeting(dossier):
        named = ", ".join(without[:MOST_NAMED]) + (" …" if len(without) > MOST_NAMED else "")
        return [f"Còn {number(len(without))} tổ chưa có biên bản họp: {named}."]
    against = [meeting.group for meeting in meetings(dossier) if not meeting.has_agreed]
    if move == Move.FINISH and against:
        return [f"Chưa đủ 50 % người dự đồng ý ở: {', '.join(against)}. Phải khảo sát và họp lại."]
    if move == Move.REPEAT and not against:
        return ["Mọi cuộc họp đã đồng ý: chuyển sang niêm yết."]
    return []


def _missing_of_posting(dossier: Dossier, today: date) -> list[str]:
    posting = dossier.postings.filter(cycle=dossier.cycle).first()
    if posting is None:
        return ["Chưa ghi ngày và nơi niêm yết của lần này."]
    told = []
    if today <= posting.to_on:
        told.append(f"Niêm yết đến hết ngày {written(posting.to_on)}: qua ngày đó mới gửi đi được.")
    if waiting := complaint_queries.open_for(dossier):
        told.append(f"Còn {number(waiting)} đơn khiếu nại chưa giải quyết.")
    return told


def holding(review: Review) -> Dossier | None:
    """The dossier that a review is decided with; None when its ward opened none for the round."""
    return (
        Dossier.objects.filter(
            round=review.round_id,
            ward=review.ward_id,
            listed__household=review.household_id,
            listed__included=True,
        )
        .select_related("ward", "round")
        .first()
    )


def why_closed(household: Household, round: Round) -> str:
    """Why form B of a household cannot be written in a round now, in words; '' when it can."""
    held = Dossier.objects.filter(round=round, ward=household.ward_id, listed__household=household)
    dossier = held.filter(listed__included=True).first()
    if dossier is None or dossier.step in steps.OPEN_TO_SURVEY - {Step.RECHECK}:
        return ""
    if dossier.step == Step.RECHECK:
        if household.code in complaint_queries.unchecked(dossier):
            return ""
        return "Hồ sơ đang phúc tra, và hộ này không được phúc tra: mở phúc tra từ đơn của hộ rồi mới sửa phiếu."
    return (
        f"Hồ sơ của đợt đang ở bước “{dossier.get_step_display()}”: trả về khảo sát hoặc mở phúc tra rồi mới sửa phiếu."
    )


def next_to_survey(dossier: Dossier, after: Household) -> Household | None:
    """The next household of the list without a form, in the order of the list and round again from its beginning."""
    left = listed(dossier).filter(included=True, is_surveyed=False).exclude(household=after)
    row = left.filter(household__code__gt=after.code).first() or left.first()
    return row.household if row else None


def board(user, round: Round):
    """The dossiers of a round that the user may see, with the step each stands at."""
    standing = DossierStep.objects.filter(done_on__isnull=True)
    return (
        Dossier.objects.visible_to(user)
        .filter(round=round)
        .select_related("ward__parent")
        .prefetch_related(Prefetch("steps", standing, to_attr="standing"))
        .order_by("ward__parent__order", "ward__order", "ward__code")
    )


def not_opened(user, round: Round) -> int:
    """Wards of the user's area that stand on the round's first day and have no dossier of it."""
    if user.area is None:
        return 0
    opened = Dossier.objects.filter(round=round, ward=OuterRef("pk"))
    wards = Area.objects.under(user.area).wards().existing_on(round.starts_on)
    return wards.filter(~Exists(opened)).count()


def has_unverified_deadline(dossier: Dossier) -> bool:
    """Whether the deadline of the step it stands at rests on a number that nobody has checked against the text."""
    return StepDeadline.objects.filter(kind=dossier.round.kind, step=dossier.step, confirmed=False).exists()


def under_way(user):
    """Every dossier that is not done, with the step it stands at: late ones first, then by their deadlines."""
    standing = DossierStep.objects.filter(done_on__isnull=True)
    return (
        Dossier.objects.visible_to(user)
        .exclude(step=Step.DONE)
        .filter(steps__done_on__isnull=True)
        .select_related("ward__parent", "round")
        .prefetch_related(Prefetch("steps", standing, to_attr="standing"))
        .order_by("steps__due_on", "ward__order")
    )


def waits_for(dossier: Dossier, user) -> bool:
    """Whether the way on from the dossier's step is this person's to take."""
    found = allowed(dossier.step, Move.FINISH, kind=dossier.round.kind, day=dossier.round.ends_on)
    return found is not None and any(user.may(right) for right in found.rights)
