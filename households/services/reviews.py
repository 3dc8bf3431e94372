"""Reviews: a draft kept while typing, form B recorded, sent back, or decided by a second person.

Every service locks the household first, so that two people working on one household wait for each other.
"""

from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.log import history_of, log
from accounts.models import User
from accounts.roles import May
from areas.vietnamese import day as written
from areas.vietnamese import tidy
from households import dossier_queries, review_steps
from households.classify import classify
from households.form_b import Answers, problems
from households.history import answer_facts
from households.models import Household, Result, Review, ReviewDraft, Round, Standard, StatusSpell
from households.sealed import seal
from households.services import form_rows, statuses

WRITTEN_BY = ("review.entered", "review.edited")
FOR_LOG = ("household", "round", "ward")


@transaction.atomic
def save_draft(*, household: Household, round: Round, typed: dict[str, str], by: User) -> ReviewDraft:
    """Keep what is typed, as it is typed: never checked, never counted, shown to nobody else. No log line."""
    _must(by, May.ENTER_REVIEWS, household)
    draft, _ = ReviewDraft.objects.update_or_create(household=household, round=round, by=by, defaults={"typed": typed})
    return draft


@transaction.atomic
def discard_draft(*, household: Household, round: Round, by: User) -> None:
    ReviewDraft.objects.filter(household=household, round=round, by=by).delete()


@transaction.atomic
def record_review(
    *, household: Household, round: Round, answers: Answers, by: User, today: date, version: int | None = None
) -> Review:
    """Enter form B, or edit it while it is not decided, and compute what every standard in force says of it.

    `version`: of the review that was on the screen; None when a new one is meant.
    """
    _must(by, May.ENTER_REVIEWS, household)
    household = Household.objects.select_for_update(of=("self",)).select_related("ward").get(pk=household.pk)
    if household.closed_on:
        raise ValidationError(f"Hộ đã đóng hồ sơ từ ngày {written(household.closed_on)}, không rà soát được.")
    _refuse_outside_survey(household, round)
    review = Review.objects.filter(household=household, round=round).select_related(*FOR_LOG, "entered_by").first()
    rows = form_rows.check(household, review.zone if review else household.ward.zone, answers)
    answers, persons = rows.counted(answers), len(rows.people)
    wrong = problems(answers, persons=persons, starts_on=round.starts_on, ends_on=round.ends_on, today=today)
    wrong |= rows.wrong
    standards = [] if wrong else list(Standard.objects.in_force(answers.surveyed_on))
    if not wrong and not standards:
        wrong["surveyed_on"] = "Chưa có chuẩn nghèo nào áp dụng cho ngày này."
    if wrong:
        raise ValidationError(wrong)
    columns = answers.columns() | {"persons": persons, "note": tidy(answers.note)}
    columns |= {name: tidy(columns[name]) for name in ("cause_other_text", "needs")}
    columns["score_table_id"] = rows.table.pk if rows.table else None
    told = rows.told(answers)
    review = _edit(review, columns, told, by, version) if review else _enter(household, round, columns, told, by)
    form_rows.write(review, answers)
    found = rows.findings(answers, review.zone)
    review.results.all().delete()
    Result.objects.bulk_create(_result(review, standard, classify(found, standard.rule())) for standard in standards)
    ReviewDraft.objects.filter(household=household, round=round, by=by).delete()
    return review


@transaction.atomic
def return_review(*, review: Review, note: str, by: User, version: int | None = None) -> Review:
    """The leader sends the form back with a reason; the officer mends it and it waits again."""
    review = _locked(review, by, "return", version)
    note = tidy(note)
    if not note:
        raise ValidationError({"note": "Ghi lý do trả lại để người nhập biết phải sửa gì."})
    review.state, review.return_note = review_steps.after("return"), note
    review.version += 1
    review.save(update_fields=["state", "return_note", "version"])
    log(
        by,
        "review.returned",
        review,
        area=review.ward,
        before={"state": review_steps.ENTERED},
        after=seal({"return_note": note}) | {"state": review.state},
    )
    return review


@transaction.atomic
def decide(*, review: Review, number: str, day: date, by: User, today: date, version: int | None = None) -> Review:
    """A second person recognises the results: the review becomes a decision and the household's spells change.

    The stored results count; nothing is computed again. Decisions on one household stand on different days, in order:
    a day that is not after the last one is refused, so a spell lasts at least a day and history is never rewritten.
    """
    review = _locked(review, by, "decide", version)
    if dossier := dossier_queries.holding(review):
        raise ValidationError(
            f"Phiếu thuộc hồ sơ {dossier.round} của {dossier.ward}: quyết định cùng cả hồ sơ.", code="dossier"
        )
    number = tidy(number)
    wrong = {}
    if not number or len(number) > 60:
        wrong["number"] = "Ghi số quyết định (không quá 60 ký tự), ví dụ 398/QĐ-UBND."
    if day > today:
        wrong["day"] = f"Ngày quyết định không được sau hôm nay ({written(today)})."
    elif day < review.surveyed_on:
        wrong["day"] = f"Ngày quyết định trước ngày khảo sát ({written(review.surveyed_on)})."
    if wrong:
        raise ValidationError(wrong)
    if review.entered_by_id == by.pk or history_of(review).filter(by=by, action__in=WRITTEN_BY).exists():
        raise ValidationError("Người nhập hoặc sửa phiếu không được tự quyết định phiếu đó.", code="own")
    history = list(StatusSpell.objects.filter(household=review.household_id).order_by("valid_from"))
    last = statuses.last_change(review.household_id, history)
    if last and day <= last:
        raise ValidationError(
            {"day": f"Phân loại của hộ đã có hiệu lực từ ngày {written(last)}; ngày quyết định phải sau ngày đó."}
        )
    review.state, review.decided_by, review.decided_on = review_steps.after("decide"), by, day
    review.decision_number = number
    review.version += 1
    review.save(update_fields=["state", "decided_by", "decided_on", "decision_number", "version"])
    changes = statuses.categories(review)
    statuses.apply(Review.objects.filter(pk=review.pk), day)
    was, now = ({"spells": {code: change[side] for code, change in changes.items()}} for side in ("before", "after"))
    log(
        by,
        "review.decided",
        review,
        area=review.ward,
        before=seal(was) | {"state": review_steps.ENTERED},
        after=seal(now) | {"state": review.state, "number": number, "day": day.isoformat()},
    )
    return review


def _must(by: User, right: May, household: Household) -> None:
    if not by.may(right) or not Household.objects.visible_to(by).filter(pk=household.pk).exists():
        raise PermissionDenied


def _refuse_outside_survey(household: Household, round: Round) -> None:
    """Once the residents have met, form B changes only in a re-check or when the dossier is sent back."""
    if why := dossier_queries.why_closed(household, round):
        raise ValidationError(why, code="dossier")


def _enter(household: Household, round: Round, columns: dict, told: dict, by: User) -> Review:
    review = Review.objects.create(
        household=household, round=round, ward=household.ward, zone=household.ward.zone, entered_by=by, **columns
    )
    said = seal(answer_facts(columns | told))
    log(by, "review.entered", review, area=review.ward, after=said | {"state": review.state})
    return review


def _edit(review: Review, columns: dict, told: dict, by: User, version: int | None) -> Review:
    """Change an undecided review of the same ward; the writer answers for it from now on.

    `told`: what stands in rows of its own, in words, for the log.
    """
    if not Review.objects.visible_to(by).filter(pk=review.pk).exists():
        raise ValidationError("Hộ này đã có phiếu trong đợt, do phường, xã khác nhập.", code="elsewhere")
    if not review_steps.allowed("edit", review.state):
        raise ValidationError("Phiếu của hộ trong đợt này đã được quyết định, không sửa được nữa.", code="decided")
    if version is None:
        when = timezone.localtime(review.entered_at)
        raise ValidationError(
            f"Hộ này đã có phiếu trong đợt, {review.entered_by} nhập lúc {when:%H:%M %d/%m/%Y}. Mở phiếu đó để sửa.",
            code="exists",
        )
    if version != review.version:
        raise ValidationError("Phiếu vừa được người khác sửa hoặc trả lại. Mở lại phiếu rồi sửa tiếp.", code="stale")
    before = {name: getattr(review, name) for name in columns}
    changed = {name: value for name, value in columns.items() if before[name] != value}
    state = review.state
    before |= form_rows.told_before(review)
    for name, value in changed.items():
        setattr(review, name, value)
    changed |= {name: value for name, value in told.items() if before[name] != value}
    review.state, review.entered_by, review.entered_at = review_steps.after("edit"), by, timezone.now()
    review.version += 1
    review.save()
    log(
        by,
        "review.edited",
        review,
        area=review.ward,
        before=seal(answer_facts({name: before[name] for name in changed})) | {"state": state},
        after=seal(answer_facts(changed)) | {"state": review.state, "changed": list(changed)},
    )
    return review


def _result(review: Review, standard: Standard, receipt) -> Result:
    return Result(
        review=review,
        standard=standard,
        category=receipt.category,
        receipt=receipt.as_json(),
        rule_version=receipt.rule_version,
    )


def _locked(review: Review, by: User, step: str, version: int | None) -> Review:
    """The review as it is now, held until the end of the transaction; refused when the step is no longer possible."""
    if not by.may(May.DECIDE_REVIEWS):
        raise PermissionDenied
    Household.objects.select_for_update(of=("self",)).filter(pk=review.household_id).first()
    now = (
        Review.objects.visible_to(by)
        .select_for_update(of=("self",))
        .select_related(*FOR_LOG, "decided_by")
        .filter(pk=review.pk)
        .first()
    )
    if now is None:
        raise PermissionDenied
    if now.state == review_steps.DECIDED:
        raise ValidationError(f"Phiếu này {decided_words(now)}.", code="decided")
    if not review_steps.allowed(step, now.state):
        raise ValidationError("Phiếu đã trả lại, chờ người nhập sửa.", code="returned")
    if version is not None and version != now.version:
        raise ValidationError("Phiếu vừa được sửa. Xem lại các câu trả lời rồi quyết định.", code="stale")
    return now


def decided_words(review: Review) -> str:
    """'đã được … quyết định lúc …': the minute is in the log, the decision's own day on the review."""
    event = history_of(review).filter(action="review.decided").first()
    when = f"lúc {timezone.localtime(event.at):%H:%M %d/%m/%Y}" if event else f"ngày {written(review.decided_on)}"
    return f"đã được {review.decided_by} quyết định {when} (số {review.decision_number})"
