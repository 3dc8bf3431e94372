"""Asking another ward about a person whose number it holds, and that ward's answer.

Whoever asks never learns more than that the number is held, and in which ward.
"""

from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from accounts.log import log
from accounts.models import User
from accounts.roles import May
from areas.models import Area
from areas.vietnamese import tidy
from households.duplicate_queries import twins
from households.members import NUMBERS, Person
from households.models import DuplicatePair, Household, HouseholdChange, Member, WardRequest
from households.models.people import has_number
from households.sealed import seal, vault
from households.services import change_rows, changes, register

LEAST, MOST = 5, 500  # characters of a reason
State = WardRequest.State


@dataclass(frozen=True)
class Asked:
    """What the asker has of the person, as the other ward will read it."""

    full_name: str
    birth: str
    group: str
    address: str
    reason: str


@transaction.atomic
def ask_ward(*, kind: str, number: str, person: Asked, by: User, now: datetime) -> WardRequest:
    """Ask the ward that holds `number` (kind: a name of members.NUMBERS; cleaned digits) whether it is one of ours.

    ValidationError when no household out of the writer's area holds it, when it was asked already, or without a reason.
    """
    if not by.may(May.EDIT_HOUSEHOLDS) or by.area_id is None or by.area.level != Area.Level.WARD:
        raise PermissionDenied
    if kind not in {name for name, _, _ in NUMBERS} or not number:
        raise ValidationError("Không có số để hỏi.")
    mark = vault().fingerprint(number)
    member = (
        Member.objects.filter(has_number(kind, [mark]))
        .exclude(household__in=Household.objects.visible_to(by))
        .select_related("household__ward")
        .first()
    )
    if member is None:
        raise ValidationError("Số này không còn ở hộ nào của nơi khác: lưu lại hộ.")
    return _ask(member, kind, by.area, person, by, now, mark)


@transaction.atomic
def ask_about_pair(*, pair: DuplicatePair, moved_from: int, reason: str, by: User, now: datetime) -> WardRequest:
    """An office that sees both wards asks the ward of the household `moved_from` (key) about whom the other one holds too.

    The answer moves nobody by itself: the asked ward decides, as for a question of another ward.
    """
    if not by.may(May.MATCH_HOUSEHOLDS):
        raise PermissionDenied
    pair = DuplicatePair.objects.visible_to(by).select_related("first__ward", "second__ward").filter(pk=pair.pk).first()
    if pair is None:
        raise PermissionDenied
    homes = {pair.first_id: pair.first, pair.second_id: pair.second}
    if moved_from not in homes:
        raise ValidationError("Chọn hộ để hỏi.")
    asked = homes.pop(moved_from)
    (other,) = homes.values()
    for home in (asked, other):
        register.still_in_reach(home, by)
        if home.closed_on:
            raise ValidationError(f"Hồ sơ hộ {home.code} đã đóng.")
    if asked.ward_id == other.ward_id:
        raise ValidationError("Hai hộ cùng phường, xã: phường, xã tự trả lời.")
    people = [list(home.members.filter(left_on__isnull=True).order_by("pk")) for home in (asked, other)]
    shared = twins(*people)
    if not shared:
        raise ValidationError("Hai hộ không còn ai giống nhau.")
    member, twin = min(shared, key=lambda both: both[0].relation != Member.Relation.HEAD)
    member.household = asked
    person = Asked(twin.full_name, twin.birth, other.group, other.address, reason)
    return _ask(member, "", other.ward, person, by, now)


@transaction.atomic
def answer(*, request: WardRequest, answer: str, by: User, today: date, now: datetime) -> WardRequest:
    """The holding ward's answer, a State but open; what it says is done in the register, today, by who answers.

    When the person is gone or the number was changed meanwhile nothing is done and the state becomes FREE. Otherwise
    raises what the register's services raise: ValidationError, register.Refused.
    """
    if not by.may(May.EDIT_HOUSEHOLDS):
        raise PermissionDenied
    row = WardRequest.objects.visible_to(by).select_for_update(of=("self",)).filter(pk=request.pk).first()
    if row is None:
        raise PermissionDenied
    if row.state != State.OPEN:
        raise ValidationError("Yêu cầu này đã được trả lời.")
    if answer not in set(State.values) - {State.OPEN, State.FREE}:
        raise ValidationError("Chọn một câu trả lời.")
    if answer == State.MISTAKE and not row.number:
        raise ValidationError("Yêu cầu này không hỏi về số: chọn câu trả lời khác.")
    # Held before the person is read, so that what somebody else writes meanwhile is not written over.
    Household.objects.select_for_update(of=("self",)).get(pk=row.household_id)
    member = Member.objects.select_related("household__ward").get(pk=row.member_id)
    said = State(answer) if _still_held(row, member) else State.FREE
    done = _do(row, said, member, by, today)
    row.state, row.answered_by, row.answered_at = said, by, now
    row.save(update_fields=["state", "answered_by", "answered_at"])
    told = seal({"household": member.household.code, "full_name": member.full_name})
    change = {"change": done.pk} if done else {}
    log(
        by,
        "ward_request.answered",
        row,
        area=by.area,
        before={"state": "waiting"},
        after=told | {"state": said.value} | change,
    )
    return row


def still_held(row: WardRequest) -> bool:
    """Whether the person of a question, its member loaded, is still there with the number."""
    return _still_held(row, row.member)


def told(row: WardRequest) -> dict[str, str]:
    """What the asker wrote: full_name, birth, group, address, reason. For the two sides of the question only."""
    return {name: text for name, text in change_rows.unshut(row.told).items() if name != "mark"}


def _ask(member: Member, kind: str, to: Area, person: Asked, by: User, now: datetime, mark: str = "") -> WardRequest:
    reason = tidy(person.reason)
    if not LEAST <= len(reason) <= MOST:
        raise ValidationError({"ask": f"Ghi lý do, từ {LEAST} đến {MOST} ký tự."})
    if WardRequest.objects.filter(member=member, number=kind, ward=to, state=State.OPEN).exists():
        raise ValidationError({"ask": f"Đã hỏi {member.household.ward} về người này, đang chờ trả lời."})
    told = {"full_name": tidy(person.full_name), "birth": person.birth, "reason": reason, "mark": mark}
    told |= {"group": tidy(person.group), "address": tidy(person.address)}
    row = WardRequest.objects.create(
        household=member.household,
        member=member,
        number=kind,
        asked_from=by.area,
        asked_of=member.household.ward,
        ward=to,
        asked_by=by,
        asked_at=now,
        told=change_rows.shut(told),
    )
    del told["mark"]
    log(by, "ward_request.asked", row, area=by.area, after=seal(told) | {"ward": member.household.ward.code})
    return row


def _still_held(row: WardRequest, member: Member) -> bool:
    mark = change_rows.unshut(row.told)["mark"]
    return member.left_on is None and (not row.number or getattr(member, f"{row.number}_hash") == mark)


def _do(row: WardRequest, said: str, member: Member, by: User, today: date) -> HouseholdChange | None:
    """What an answer does in the register, by its own services."""
    home = member.household
    if said == State.HOUSEHOLD_MOVED:
        told = change_rows.unshut(row.told)
        place = {"ward": row.ward, "group": told["group"] or home.group, "address": told["address"] or home.address}
        return changes.move_within(household=home, day=today, by=by, **place)
    if said == State.PERSON_MOVED:
        return changes.member_leaves(household=home, member=member.pk, left_as=Member.LeftAs.MOVED, day=today, by=by)
    if said == State.MISTAKE:
        facts = {name: getattr(member, name) for name in register.FACTS}
        person = Person(**facts | {row.number: ""}, key=member.pk)
        place = {"group": home.group, "address": home.address, "phone": home.phone}
        register.edit_household(
            household=home, version=home.version, members=[person], gone=set(), day=today, by=by, **place
        )
    return None
