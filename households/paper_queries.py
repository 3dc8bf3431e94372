"""What the papers of a household say, read from the register. Who may read it is asked here too."""

from collections import defaultdict
from datetime import date

from accounts.models import Installation
from areas.vietnamese import day as written
from households.models import Complaint, Household, Member, ReviewRequest, StatusSpell
from households.papers.content import Answer, Certificate, Head, Person, Request, written_date
from households.sealed import number_of


def _demo() -> bool:
    return Installation.objects.filter(demo=True).exists()


def _person(member: Member, *, full: bool = False) -> Person:
    shown = number_of(member, full=full) if member.citizen_id_last4 else ""
    return Person(
        member.full_name, member.get_relation_display(), member.sex, str(member.birth_year), member.ethnicity, shown
    )


def body_of(ward) -> str:
    """The ward's committee as it stands inside a sentence: 'Ủy ban nhân dân phường Hòa Minh'."""
    return f"Ủy ban nhân dân {in_words(ward)}"


def in_words(area) -> str:
    """An area's name inside a sentence: 'phường Hòa Minh' (Decree 30/2020, annex II)."""
    return f"{area.full_name[:1].lower()}{area.full_name[1:]}"


def head_of(ward, symbol: str, number: str = "", dated: str = "") -> Head:
    return Head("", body_of(ward), symbol, ward.name, number, dated, _demo())


def _address(household: Household) -> str:
    return f"{household.address}, {household.group}, {in_words(household.ward)}"


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
    return Request(form, _demo(), in_words(household.ward), holder, _address(household), people)


def certificates_of(user, day: date, households, *, full: bool = False) -> list[Certificate]:
    """One certificate for each of the households that is poor or near-poor on a day under the central standard.

    `full` prints whole ID numbers; whether the user may is asked by the caller, who writes it down.
    """
    spells = (
        StatusSpell.objects.visible_to(user)
        .on(day)
        .filter(household__in=households, standard__issuer="central", household__closed_on__isnull=True)
        .select_related("household__ward")
        .order_by("household__code")
    )
    spells = list(spells)
    people = _living([spell.household_id for spell in spells])
    made, heads = [], {}
    for spell in spells:
        members = [_person(one, full=full) for one in people.get(spell.household_id, [])]
        if members:
            ward = spell.household.ward
            head = heads.get(ward.pk) or heads.setdefault(ward.pk, head_of(ward, "GCN-HN.HCN"))
            made.append(
                Certificate(
                    head,
                    members[0],
                    _address(spell.household),
                    spell.get_category_display(),
                    written(spell.valid_from),
                    members,
                    spell.household.code,
                )
            )
    return made


def refusal_to(request: ReviewRequest, reasons: list[str], day: date) -> Answer:
    """The written refusal, with its reasons, that a household is owed whose request is not granted."""
    body = body_of(request.ward)
    head = request.household.members.filter(relation="head", left_on__isnull=True).first()
    to = f"Ông (bà) {head.full_name}" if head else f"Hộ mã số {request.household.code}"
    asked = "thoát nghèo, thoát cận nghèo" if request.form == "04" else "hộ nghèo, hộ cận nghèo"
    opening = (
        f"{body} nhận được giấy đề nghị công nhận {asked} (Mẫu {request.form}) của hộ mã số {request.household.code} "
        f"ngày {written(request.received_on)}. Căn cứ Quyết định số 24/2021/QĐ-TTg ngày 16 tháng 7 năm 2021 của "
        f"Thủ tướng Chính phủ, {body} trả lời: chưa công nhận theo đề nghị của hộ, với lý do như sau."
    )
    closing = f"Nếu không đồng ý, hộ gửi đơn đến {body} để được xem xét"
    return Answer(
        head_of(request.ward, "UBND", dated=written_date(day)),
        f"V/v trả lời giấy đề nghị số {request.pk}",
        to,
        [opening, *reasons, closing],
        ["Như trên", "Lưu: VT, hồ sơ rà soát"],
    )


def answer_to(complaint: Complaint) -> Answer:
    """The letter that answers a complaint; its number is given by hand when it is sent."""
    body = body_of(complaint.ward)
    dated = written_date(complaint.answered_on)
    about = f", về hộ mã số {complaint.household.code}" if complaint.household else ""
    opening = (
        f"{body} nhận được đơn của ông (bà) {complaint.from_name} ngày {written(complaint.received_on)}{about}; "
        f"loại đơn: {complaint.get_category_display().lower()}. Sau khi xem xét, {body} trả lời như sau:"
    )
    told = [line.strip() for line in complaint.result.splitlines() if line.strip()]
    return Answer(
        head_of(complaint.ward, "UBND", dated=dated),
        f"V/v trả lời đơn số {complaint.pk}",
        f"Ông (bà) {complaint.from_name}",
        [opening, *told[:-1], told[-1].rstrip("./ ")],  # the layout ends the last one with './.'
        ["Như trên", "Lưu: VT, hồ sơ đơn"],
    )
