"""Writing what happens in a household's life: moves, splits, mergers, people who come and go; and taking it back."""

from collections.abc import Callable
from datetime import date, datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError, Q
from django.utils import timezone

from accounts.log import log
from accounts.models import User
from accounts.roles import May
from areas.models import Area
from areas.vietnamese import tidy
from households.changes import LABELS, Kind, effect
from households.members import Person, check
from households.models import Household, HouseholdChange, Member, StatusSpell
from households.sealed import seal
from households.services import register
from households.services.change_rows import (
    begin,
    carry,
    current,
    finish,
    found_by_now,
    join_rows,
    joined_before,
    move_spells,
    new_change,
    nothing_pending,
    reopen,
    snapshot,
    unshut,
)


@transaction.atomic
def move_within(*, household: Household, ward: Area, group: str, address: str, day: date, by: User) -> HouseholdChange:
    """To another address; open spells end in the old ward and go on in the new one with the same facts."""
    if ward.level != Area.Level.WARD:
        raise PermissionDenied
    household, before = begin(household, day, by)
    moves = ward.pk != household.ward_id
    if moves:
        nothing_pending(household)
    change = new_change(household, Kind.MOVED_WITHIN, day, by)
    household.ward, household.group, household.address = ward, tidy(group), tidy(address)
    move_spells(household, day, effect(Kind.MOVED_WITHIN, other_ward=moves))
    return finish(change, before, {"ward": str(ward)})


@transaction.atomic
def move_out(*, household: Household, day: date, by: User) -> HouseholdChange:
    """Out of the city: the household and its spells are closed."""
    return _close(household, Kind.MOVED_OUT, Household.ClosedAs.MOVED_OUT, Member.LeftAs.MOVED, day, by)


@transaction.atomic
def die_out(*, household: Household, day: date, by: User) -> HouseholdChange:
    """Nobody is left: the household and its spells are closed."""
    return _close(household, Kind.DIED_OUT, Household.ClosedAs.DIED_OUT, Member.LeftAs.DIED, day, by)


@transaction.atomic
def split(
    *,
    household: Household,
    members: set[int],
    head: int,
    group: str,
    address: str,
    day: date,
    by: User,
    relations: dict[int, str] | None = None,
) -> HouseholdChange:
    """`members` found a household of the same ward with `head`; it is on the lists that the old one is on.

    `relations` to the new head, by member; who is not named becomes 'other'.
    """
    household, before = begin(household, day, by)
    nothing_pending(household)
    held = current(household)
    if not members or not members <= held.keys():
        raise ValidationError({"members": "Chọn người đang là thành viên của hộ."})
    if head not in members:
        raise ValidationError({"head": "Chủ hộ mới phải là một người tách ra."})
    if any(held[key].relation == Member.Relation.HEAD for key in members):
        raise ValidationError({"members": "Chủ hộ không tách ra được: đổi chủ hộ trước."})
    known = relations or {}
    if any(role == Member.Relation.HEAD or role not in Member.Relation.values for role in known.values()):
        raise ValidationError({"members": "Chọn quan hệ với chủ hộ mới."})
    joined_before([held[key] for key in members], day)
    change = new_change(household, Kind.SPLIT, day, by)
    other = Household.objects.create(
        code=register.next_code(household.ward),
        ward=household.ward,
        group=tidy(group),
        address=tidy(address),
        search="",
        registered_on=day,
    )
    change.other = other
    for key in members:
        role = Member.Relation.HEAD if key == head else known.get(key, Member.Relation.OTHER)
        carry(held[key], other, role, day, Member.LeftAs.SPLIT)
    opened = effect(Kind.SPLIT)
    for spell in household.spells.open():
        reopen(spell, other, day, opened.other_open)
    move_spells(household, day, opened)
    return finish(change, before, {"other": other.code})


@transaction.atomic
def merge(
    *, household: Household, into: Household, day: date, by: User, same: dict[int, int] | None = None
) -> HouseholdChange:
    """Everybody goes into another household of the writer's area; this one is closed, with its spells.

    `same`: the members who are already there under another row, with that row; they do not stand there twice.
    """
    if household.pk == into.pk:
        raise ValidationError({"into": "Chọn một hộ khác."})
    # Always in the order of their keys, so that two mergers never wait for each other.
    list(Household.objects.select_for_update(of=("self",)).filter(pk__in=[household.pk, into.pk]).order_by("pk"))
    household, before = begin(household, day, by)
    into, into_before = begin(into, day, by)
    nothing_pending(household)
    held, there = current(household), current(into)
    twins = {key: there[twin] for key, twin in (same or {}).items()}
    joined_before([*held.values(), *twins.values()], day)
    change = new_change(household, Kind.MERGED, day, by)
    change.other = into
    for member in held.values():
        if member.pk in twins:
            join_rows(member, twins[member.pk], day)
        else:
            carry(member, into, Member.Relation.OTHER, day, Member.LeftAs.MERGED)
    done = effect(Kind.MERGED)
    move_spells(household, day, done)
    move_spells(into, day, type(done)(done.other_close, done.other_open))
    household.closed_on, household.closed_as, household.merged_into = day, Household.ClosedAs.MERGED, into
    return finish(change, before | into_before, {"other": into.code})


@transaction.atomic
def change_head(*, household: Household, head: int, old_head_becomes: str, day: date, by: User) -> HouseholdChange:
    """Another member is head; `old_head_becomes` is the old one's relation to the new. Other relations stay."""
    household, before = begin(household, day, by)
    held = current(household)
    old = next(member for member in held.values() if member.relation == Member.Relation.HEAD)
    if head not in held or head == old.pk:
        raise ValidationError({"head": "Chọn một thành viên khác của hộ."})
    if old_head_becomes == Member.Relation.HEAD or old_head_becomes not in Member.Relation.values:
        raise ValidationError({"old_head_becomes": "Chọn quan hệ với chủ hộ mới."})
    change = new_change(household, Kind.HEAD, day, by)
    Member.objects.filter(pk=old.pk).update(relation=old_head_becomes)
    Member.objects.filter(pk=head).update(relation=Member.Relation.HEAD)
    return finish(change, before, {"full_name": held[head].full_name})


@transaction.atomic
def member_leaves(*, household: Household, member: int, left_as: str, day: date, by: User) -> HouseholdChange:
    """Somebody died, moved away or was never there (`left_as`). A head first hands over; the last member's leaving closes instead."""
    household, before = begin(household, day, by, only_persons=True)
    who = current(household).get(member)
    if who is None:
        raise ValidationError({"member": "Người này không còn trong hộ."})
    if left_as not in register.LEAVING:
        raise ValidationError({"left_as": "Chọn vì sao rời hộ."})
    if who.relation == Member.Relation.HEAD:
        raise ValidationError({"member": "Đây là chủ hộ: đổi chủ hộ trước, hoặc đóng hồ sơ nếu không còn ai."})
    joined_before([who], day)
    change = new_change(household, Kind.LEFT, day, by)
    Member.objects.filter(pk=who.pk).update(left_on=day, left_as=left_as)
    move_spells(household, day, effect(Kind.LEFT))
    return finish(change, before, {"full_name": who.full_name})


@transaction.atomic
def member_joins(*, household: Household, person: Person, day: date, by: User) -> HouseholdChange:
    """Somebody was born, married or moved in. register.Refused when a rule about members is broken."""
    household, before = begin(household, day, by, only_persons=True)
    held = current(household)
    new = register.with_marks([person], {})
    everybody = new + [register.as_person(member) for member in held.values()]
    register.refuse_if(check(everybody, day) + register.known_elsewhere(new, household, by))
    change = new_change(household, Kind.JOINED, day, by)
    register.write_members(household, new, {}, day, by)
    move_spells(household, day, effect(Kind.JOINED))
    return finish(change, before, {"full_name": person.full_name})


@transaction.atomic
def as_seen(*, household: Household, version: int | None, write: Callable[[], HouseholdChange]) -> HouseholdChange:
    """`write`, one of the above, if the household still has the version that its writer saw; register.Stale otherwise."""
    now = Household.objects.select_for_update(of=("self",)).get(pk=household.pk)
    if version is not None and now.version != version:
        raise register.Stale(now, version)
    return write()


@transaction.atomic
def undo(*, change: HouseholdChange, by: User, now: datetime) -> None:
    """Put every row back as it was. Only who wrote it, on the day of writing, and while nothing newer depends on it."""
    change = HouseholdChange.objects.select_related("household__ward").get(pk=change.pk)
    keys = sorted({change.household_id, change.other_id} - {None})
    homes = {home.pk: home for home in Household.objects.select_for_update(of=("self",)).filter(pk__in=keys)}
    change.refresh_from_db()
    if change.by_id != by.pk or not by.may(May.EDIT_HOUSEHOLDS):
        raise PermissionDenied
    if change.undone_at or timezone.localtime(change.at).date() != timezone.localtime(now).date():
        raise ValidationError("Chỉ hoàn tác được trong ngày ghi, một lần.")
    before, after = unshut(change.before), unshut(change.after)
    if {key: value for home in homes.values() for key, value in _as_of(change, home).items()} != after:
        raise ValidationError("Không hoàn tác được: hộ đã có thay đổi mới hơn.")
    for key, was in after.items():
        held = before.get(key, {"members": {}, "spells": {}})
        StatusSpell.objects.filter(pk__in=was["spells"].keys() - held["spells"].keys()).delete()
        Member.objects.filter(pk__in=was["members"].keys() - held["members"].keys()).delete()
    try:
        with transaction.atomic():
            _put_back(before, after)
    except IntegrityError as taken:
        raise ValidationError("Không hoàn tác được: một số định danh, CMND hay bảo hiểm nay ở hộ khác.") from taken
    change.undone_at, change.undone_by = now, by
    try:
        for key in after.keys() - before.keys():
            change.other = None
            change.save()
            homes[int(key)].delete()
    except ProtectedError as held:
        raise ValidationError("Không hoàn tác được: hộ mới đã có dữ liệu.") from held
    change.save()
    told = seal({"what": LABELS[Kind(change.kind)], "day": change.day.isoformat()})
    log(by, "household.undone", change.household, area=change.ward, after=told)


def _as_of(change: HouseholdChange, home: Household) -> dict:
    """The household's rows now, its version less what later changes added that were taken back: each counted twice."""
    found = snapshot(home)
    later = HouseholdChange.objects.filter(Q(household=home) | Q(other=home), pk__gt=change.pk, undone_at__isnull=False)
    found[str(home.pk)]["place"]["version"] -= 2 * later.count()
    return found


def _put_back(before: dict, after: dict) -> None:
    for key, was in before.items():
        for model, rows in ((Member, was["members"]), (StatusSpell, was["spells"])):
            heads_last = sorted(rows.items(), key=lambda row: row[1].get("relation") == Member.Relation.HEAD)
            for row, columns in heads_last:
                model.objects.filter(pk=row).update(**columns)
        # The number goes on counting, so that a form opened before the undo is still known to be old.
        newer = {"version": after[key]["place"]["version"] + 1}
        Household.objects.filter(pk=key).update(**was["place"] | newer)
        # What was corrected beside the change stays, so the words are those of the household as it is now.
        Household.objects.filter(pk=key).update(search=found_by_now(Household.objects.get(pk=key)))


def may_undo(change: HouseholdChange, by: User, now: datetime) -> bool:
    """Whether to offer it; `undo` itself also looks whether something newer depends on it."""
    today = timezone.localtime(change.at).date() == timezone.localtime(now).date()
    return change.by_id == by.pk and by.may(May.EDIT_HOUSEHOLDS) and today and not change.undone_at


def _close(household, kind, closed_as, left_as, day, by) -> HouseholdChange:
    household, before = begin(household, day, by)
    nothing_pending(household)
    held = current(household)
    joined_before(held.values(), day)
    change = new_change(household, kind, day, by)
    # Members leave too, so that another household may hold their numbers.
    Member.objects.filter(pk__in=held).update(left_on=day, left_as=left_as)
    move_spells(household, day, effect(kind))
    household.closed_on, household.closed_as = day, closed_as
    return finish(change, before, {})
