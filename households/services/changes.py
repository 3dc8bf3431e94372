"""Writing what happens in a household's life: moves, splits, mergers, people who come and go; and taking it back."""

import json
from datetime import date, datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils import timezone

from accounts.log import log
from accounts.models import User
from accounts.roles import May
from areas.models import Area
from areas.vietnamese import day as written
from areas.vietnamese import tidy
from households.changes import LABELS, Kind, effect
from households.members import NUMBERS, Person, check, search_text
from households.models import Household, HouseholdChange, Member, Review, StatusSpell, Support
from households.sealed import seal, vault
from households.services import register
from households.services.statuses import last_change

PLACE = ("ward_id", "group", "address", "search", "closed_on", "closed_as", "merged_into_id", "version")
MEMBERSHIP = ("relation", "joined_on", "left_on", "left_as")
NUMBER_COLUMNS = tuple(name for name, _, _ in NUMBERS)
SPELL = ("valid_to", "closed_as", "closed_by_id")


@transaction.atomic
def move_within(*, household: Household, ward: Area, group: str, address: str, day: date, by: User) -> HouseholdChange:
    """To another address; open spells end in the old ward and go on in the new one with the same facts."""
    if ward.level != Area.Level.WARD:
        raise PermissionDenied
    household, before = _begin(household, day, by)
    moves = ward.pk != household.ward_id
    if moves:
        _nothing_pending(household)
    change = _change(household, Kind.MOVED_WITHIN, day, by)
    household.ward, household.group, household.address = ward, tidy(group), tidy(address)
    _spells(household, day, effect(Kind.MOVED_WITHIN, other_ward=moves))
    return _finish(change, before, {"ward": str(ward)})


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
    household, before = _begin(household, day, by)
    _nothing_pending(household)
    held = _current(household)
    if not members or not members <= held.keys():
        raise ValidationError({"members": "Chọn người đang là thành viên của hộ."})
    if head not in members:
        raise ValidationError({"head": "Chủ hộ mới phải là một người tách ra."})
    if any(held[key].relation == Member.Relation.HEAD for key in members):
        raise ValidationError({"members": "Chủ hộ không tách ra được: đổi chủ hộ trước."})
    known = relations or {}
    if any(role == Member.Relation.HEAD or role not in Member.Relation.values for role in known.values()):
        raise ValidationError({"members": "Chọn quan hệ với chủ hộ mới."})
    _joined_before([held[key] for key in members], day)
    change = _change(household, Kind.SPLIT, day, by)
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
        _carry(held[key], other, role, day, Member.LeftAs.SPLIT)
    opened = effect(Kind.SPLIT)
    for spell in household.spells.open():
        _reopen(spell, other, day, opened.other_open)
    _spells(household, day, opened)
    return _finish(change, before, {"other": other.code})


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
    household, before = _begin(household, day, by)
    into, into_before = _begin(into, day, by)
    _nothing_pending(household)
    held, there = _current(household), _current(into)
    twins = {key: there[twin] for key, twin in (same or {}).items()}
    _joined_before([*held.values(), *twins.values()], day)
    change = _change(household, Kind.MERGED, day, by)
    change.other = into
    for member in held.values():
        if member.pk in twins:
            _join_rows(member, twins[member.pk], day)
        else:
            _carry(member, into, Member.Relation.OTHER, day, Member.LeftAs.MERGED)
    done = effect(Kind.MERGED)
    _spells(household, day, done)
    _spells(into, day, type(done)(done.other_close, done.other_open))
    household.closed_on, household.closed_as, household.merged_into = day, Household.ClosedAs.MERGED, into
    return _finish(change, before | into_before, {"other": into.code})


@transaction.atomic
def change_head(*, household: Household, head: int, old_head_becomes: str, day: date, by: User) -> HouseholdChange:
    """Another member is head; `old_head_becomes` is the old one's relation to the new. Other relations stay."""
    household, before = _begin(household, day, by)
    held = _current(household)
    old = next(member for member in held.values() if member.relation == Member.Relation.HEAD)
    if head not in held or head == old.pk:
        raise ValidationError({"head": "Chọn một thành viên khác của hộ."})
    if old_head_becomes == Member.Relation.HEAD or old_head_becomes not in Member.Relation.values:
        raise ValidationError({"old_head_becomes": "Chọn quan hệ với chủ hộ mới."})
    change = _change(household, Kind.HEAD, day, by)
    Member.objects.filter(pk=old.pk).update(relation=old_head_becomes)
    Member.objects.filter(pk=head).update(relation=Member.Relation.HEAD)
    return _finish(change, before, {"full_name": held[head].full_name})


@transaction.atomic
def member_leaves(*, household: Household, member: int, left_as: str, day: date, by: User) -> HouseholdChange:
    """Somebody died or moved away (`left_as`). A head first hands over; the last member's leaving closes instead."""
    household, before = _begin(household, day, by)
    who = _current(household).get(member)
    if who is None:
        raise ValidationError({"member": "Người này không còn trong hộ."})
    if left_as not in (Member.LeftAs.MOVED, Member.LeftAs.DIED):
        raise ValidationError({"left_as": "Chọn vì sao rời hộ."})
    if who.relation == Member.Relation.HEAD:
        raise ValidationError({"member": "Đây là chủ hộ: đổi chủ hộ trước, hoặc đóng hồ sơ nếu không còn ai."})
    _joined_before([who], day)
    change = _change(household, Kind.LEFT, day, by)
    Member.objects.filter(pk=who.pk).update(left_on=day, left_as=left_as)
    _spells(household, day, effect(Kind.LEFT))
    return _finish(change, before, {"full_name": who.full_name})


@transaction.atomic
def member_joins(*, household: Household, person: Person, day: date, by: User) -> HouseholdChange:
    """Somebody was born, married or moved in. register.Refused when a rule about members is broken."""
    household, before = _begin(household, day, by)
    held = _current(household)
    new = register.with_marks([person], {})
    everybody = new + [register.as_person(member) for member in held.values()]
    register.refuse_if(check(everybody, day) + register.known_elsewhere(new, household, by))
    change = _change(household, Kind.JOINED, day, by)
    register.write_members(household, new, {}, day, by)
    _spells(household, day, effect(Kind.JOINED))
    return _finish(change, before, {"full_name": person.full_name})


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
    before, after = _open(change.before), _open(change.after)
    if {key: value for home in homes.values() for key, value in _snapshot(home).items()} != after:
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


def _put_back(before: dict, after: dict) -> None:
    for key, was in before.items():
        for model, rows in ((Member, was["members"]), (StatusSpell, was["spells"])):
            heads_last = sorted(rows.items(), key=lambda row: row[1].get("relation") == Member.Relation.HEAD)
            for row, columns in heads_last:
                model.objects.filter(pk=row).update(**columns)
        # The number goes on counting, so that a form opened before the undo is still known to be old.
        newer = {"version": after[key]["place"]["version"] + 1}
        Household.objects.filter(pk=key).update(**was["place"] | newer)


def may_undo(change: HouseholdChange, by: User, now: datetime) -> bool:
    """Whether to offer it; `undo` itself also looks whether something newer depends on it."""
    today = timezone.localtime(change.at).date() == timezone.localtime(now).date()
    return change.by_id == by.pk and by.may(May.EDIT_HOUSEHOLDS) and today and not change.undone_at


def _close(household, kind, closed_as, left_as, day, by) -> HouseholdChange:
    household, before = _begin(household, day, by)
    _nothing_pending(household)
    held = _current(household)
    _joined_before(held.values(), day)
    change = _change(household, kind, day, by)
    # Members leave too, so that another household may hold their numbers.
    Member.objects.filter(pk__in=held).update(left_on=day, left_as=left_as)
    _spells(household, day, effect(kind))
    household.closed_on, household.closed_as = day, closed_as
    return _finish(change, before, {})


def _begin(household: Household, day: date, by: User) -> tuple[Household, dict]:
    """The household locked, with its rows as they are; refused when a change may not be written on the day."""
    if not by.may(May.EDIT_HOUSEHOLDS):
        raise PermissionDenied
    household = Household.objects.select_for_update(of=("self",)).select_related("ward").get(pk=household.pk)
    register.still_in_reach(household, by)
    if household.closed_on:
        raise ValidationError(f"Hồ sơ hộ {household.code} đã đóng.")
    if day < household.registered_on:
        raise ValidationError({"day": f"Hồ sơ lập ngày {written(household.registered_on)}: ghi từ ngày đó trở đi."})
    history = list(household.spells.all())
    latest = last_change(household.pk, history)
    if latest and day <= latest and any(spell.valid_to is None for spell in history):
        raise ValidationError({"day": f"Phân loại đổi lần cuối ngày {written(latest)}: ghi ngày sau đó."})
    return household, _snapshot(household)


def _nothing_pending(household: Household) -> None:
    if Review.objects.filter(household=household).exclude(state=Review.State.DECIDED).exists():
        raise ValidationError("Hộ còn phiếu rà soát chưa quyết định.")


def _joined_before(members, day: date) -> None:
    for member in members:
        if day < member.joined_on:
            text = f"{member.full_name} vào hộ ngày {written(member.joined_on)}: ghi từ ngày đó trở đi."
            raise ValidationError({"day": text})


def _current(household: Household) -> dict[int, Member]:
    return {member.pk: member for member in household.members.filter(left_on__isnull=True)}


def _carry(member: Member, other: Household, relation: str, day: date, left_as: str) -> None:
    """A membership ends and one in the other household begins: rows are history, so nobody's row changes household."""
    Member.objects.filter(pk=member.pk).update(left_on=day, left_as=left_as)
    member.pk, member.household, member.relation, member.joined_on = None, other, relation, day
    member._state.adding = True
    member.save()


def _join_rows(member: Member, twin: Member, day: date) -> None:
    """One person entered twice: `member` ends. What only it knew goes into a new row in place of `twin`."""
    Member.objects.filter(pk=member.pk).update(left_on=day, left_as=Member.LeftAs.MERGED)
    columns = [f"{name}_{part}" for name in NUMBER_COLUMNS for part in ("sealed", "hash", "last4")]
    columns += [*register.ASKED, *(("birth_month", "birth_day") if twin.birth_month is None else ())]
    known = {name: getattr(member, name) for name in columns if getattr(twin, name) in ("", None)}
    known = {name: value for name, value in known.items() if value not in ("", None)}
    if known:
        for name, value in known.items():
            setattr(twin, name, value)
        _carry(twin, twin.household, twin.relation, day, Member.LeftAs.MERGED)


def _spells(household: Household, day: date, done) -> None:
    if done.close is None:
        return
    for spell in household.spells.open():
        StatusSpell.objects.filter(pk=spell.pk).update(valid_to=day, closed_as=done.close)
        if done.open:
            _reopen(spell, household, day, done.open)


def _reopen(spell: StatusSpell, household: Household, day: date, reason) -> None:
    facts = ("standard_id", "category", "has_labour", "special_hardship", "has_merit", "ethnic_minority")
    StatusSpell.objects.create(
        household=household,
        ward=household.ward,
        persons=len(_current(household)),
        valid_from=day,
        opened_as=reason,
        **{fact: getattr(spell, fact) for fact in facts},
    )


def _change(household: Household, kind: Kind, day: date, by: User) -> HouseholdChange:
    return HouseholdChange(household=household, ward=household.ward, kind=kind, day=day, by=by)


def _finish(change: HouseholdChange, before: dict, told: dict) -> HouseholdChange:
    """Save the household and the other with new versions and words to be found by, the change, one line of history."""
    homes = [home for home in (change.household, change.other) if home]
    for home in homes:
        people = [(member.full_name, member.citizen_id_last4) for member in _current(home).values()]
        home.search = search_text(home.code, home.group, home.address, home.phone, people)
        home.version += 1
        home.save()
    after = {key: value for home in homes for key, value in _snapshot(home).items()}
    change.before, change.after = _shut(before), _shut(after)
    change.save()
    facts = {"what": LABELS[Kind(change.kind)], "day": change.day.isoformat()} | told
    version = {"version": change.household.version}
    log(change.by, "household.changed", change.household, area=change.ward, after=seal(facts) | version)
    return change


def _snapshot(household: Household) -> dict:
    """The household's rows as JSON values by key; two are equal when nothing was written between them."""

    def rows(queryset, names):
        return {str(row["pk"]): {name: row[name] for name in names} for row in queryset.values("pk", *names)}

    home = str(household.pk)
    found = {
        "place": Household.objects.values(*PLACE).get(pk=household.pk),
        "members": rows(household.members.all(), MEMBERSHIP),
        "spells": rows(household.spells.all(), SPELL),
        "reviews": list(Review.objects.filter(household=household).order_by("pk").values_list("pk", "state")),
        "supports": list(Support.objects.filter(household=household).order_by("pk").values_list("pk", flat=True)),
        "houses": list(household.house_works.order_by("pk").values_list("pk", "version")),
    }
    return {home: json.loads(json.dumps(found, cls=DjangoJSONEncoder))}


def _shut(rows: dict) -> str:
    return vault().seal(json.dumps(rows))


def _open(sealed: str) -> dict:
    return json.loads(vault().open(sealed))
