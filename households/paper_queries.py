"""What the papers of a household say, read from the register. Who may read it is asked here too."""

from collections import defaultdict
from datetime import date

from accounts.models import Installation
from areas.vietnamese import day as written
from households.identity import mask
from households.models import Household, Member, StatusSpell
from households.papers.content import Certificate, Head, Person, Request


def _demo() -> bool:
    return Installation.objects.filter(demo=True).exists()


def _person(member: Member) -> Person:
    shown = mask(member.citizen_id_last4) if member.citizen_id_last4 else ""
    return Person(
        member.full_name, member.get_relation_display(), member.sex, str(member.birth_year), member.ethnicity, shown
    )


def _address(household: Household) -> str:
    return f"{household.address}, {household.group}, {household.ward.name}"


def _living(households) -> dict[int, list[Member]]:
    """Members who still belong, the head first, by household; one query for all."""
    found = defaultdict(list)
    for member in Member.objects.filter(household__in=households, left_on__isnull=True).order_by("id"):
        found[member.household_id].append(member)
    return {key: sorted(some, key=lambda one: one.relation != Member.Relation.HEAD) for key, some in found.items()}


def request_for(user, household: Household, form: str) -> Request:
    """Form 01 or 04 filled with what is known of a household that the user sees."""
    people = [_person(one) for one in _living([household.pk]).get(household.pk, [])]
    holder = people[0] if people else None
    return Request(form, _demo(), household.ward.name, holder, _address(household), people)


def certificates_of(user, day: date, households) -> list[Certificate]:
    """One certificate for each of the households that is poor or near-poor on a day under the central standard."""
    spells = (
        StatusSpell.objects.visible_to(user)
        .on(day)
        .filter(household__in=households, standard__issuer="central", household__closed_on__isnull=True)
        .select_related("household__ward")
        .order_by("household__code")
    )
    spells = list(spells)
    people = _living([spell.household_id for spell in spells])
    demo = _demo()
    made = []
    for spell in spells:
        members = [_person(one) for one in people.get(spell.household_id, [])]
        if members:
            ward = spell.household.ward.name
            head = Head("", f"Ủy ban nhân dân {ward}", "GCN-HN.HCN", ward, demo=demo)
            made.append(
                Certificate(
                    head,
                    members[0],
                    _address(spell.household),
                    spell.get_category_display(),
                    written(spell.valid_from),
                    members,
                )
            )
    return made
