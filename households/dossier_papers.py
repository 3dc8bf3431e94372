"""The papers of a ward's review dossier: public list, minutes, decision with its list, certificates.

On a list stand the households that are poor or near-poor by the review, and those that no longer are: nobody else's
result is made public.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from areas.vietnamese import day as written
from areas.vietnamese import number, place_key
from households import dossier_queries
from households.list_sheet import Column, Sheet
from households.models import Dossier, Meeting, Member, Result, Review, Standard, StatusSpell
from households.paper_queries import body_of, certificates_of, head_of
from households.papers.content import Certificate, Decision, Minutes, Posted, PublicList, written_date
from households.standards import Category
from households.steps import Move, Step

POOR, NEAR, OUT_OF_POOR, OUT_OF_NEAR = "hộ nghèo", "hộ cận nghèo", "hộ thoát nghèo", "hộ thoát cận nghèo"
POOR_TO_NEAR = "hộ thoát nghèo, thành hộ cận nghèo"
IS_PRINTED = frozenset({Step.DECISION, Step.CERTIFICATES, Step.DONE})
POSTED = [
    Column("Số TT", 8, True),
    Column("Họ và tên chủ hộ", 32),
    Column("Năm sinh", 12, True),
    Column("Tổ dân phố, thôn", 20),
    Column("Số nhân khẩu", 12, True),
    Column("Kết quả", 60),
]
TO_REVIEW = [
    Column("Số TT", 8, True),
    Column("Họ và tên chủ hộ", 30),
    Column("Mã hộ", 14, True),
    Column("Tổ dân phố, thôn", 16),
    Column("Địa chỉ", 30),
    Column("Vì sao rà soát", 22),
    Column("Ghi chú", 34),
]


def result_of(held: str | None, category: str) -> str | None:
    """What a list says of a household under one standard; None when it neither is nor was on it.

    A poor household that is near-poor now has left poverty (regulation 2.2).
    """
    if category == Category.POOR:
        return POOR
    if category == Category.NEAR_POOR:
        return POOR_TO_NEAR if held == Category.POOR else NEAR
    return {Category.POOR: OUT_OF_POOR, Category.NEAR_POOR: OUT_OF_NEAR}.get(held)


@dataclass(frozen=True)
class Results:
    rows: list[Posted]
    counts: dict[Standard, Counter]  # results by standard, central first


def results(user, dossier: Dossier, group: str | None = None) -> Results:
    """The households of the dossier with their results, of one residential group or of all, by group and code."""
    reviews = Review.objects.visible_to(user).filter(pk__in=dossier_queries.reviews_of(dossier).values("pk"))
    reviews = reviews.exclude(state=Review.State.RETURNED).select_related("household")
    if group is not None:
        reviews = reviews.filter(household__group=group)
    reviews = sorted(reviews.order_by("household__code"), key=lambda review: place_key(review.household.group))
    said = defaultdict(list)
    found = Result.objects.filter(review__in=[review.pk for review in reviews]).select_related("standard")
    for result in found.order_by("standard__issuer", "standard__valid_from"):
        said[result.review_id].append(result)
    households = [review.household_id for review in reviews]
    heads = Member.objects.filter(household__in=households, relation="head", left_on__isnull=True)
    heads = {head.household_id: head for head in heads}
    held = _held(reviews, households)
    rows, counts = [], defaultdict(Counter)
    for review in reviews:
        told = []
        for one in said[review.pk]:
            words = result_of(held.get((review.household_id, one.standard_id)), one.category)
            counts[one.standard][words] += 1
            told.append((one.standard, words))
        head = heads.get(review.household_id)
        if head and any(words for _, words in told):
            rows.append(
                Posted(head.full_name, str(head.birth_year), review.household.group, review.persons, _together(told))
            )
    return Results(rows, dict(counts))


def _held(reviews, households) -> dict[tuple[int, int], str]:
    """(household, standard) → the category that held just before the review was decided, or holds now."""
    decided = {review.household_id: review.decided_on for review in reviews}
    found = {}
    for spell in StatusSpell.objects.filter(household__in=households):
        cut = decided[spell.household_id] or date.max
        if spell.valid_from < cut and (spell.valid_to is None or spell.valid_to >= cut):
            found[spell.household_id, spell.standard_id] = spell.category
    return found


def _together(told) -> str:
    """One result when every standard says the same, otherwise each with its standard; what says nothing is not named."""
    if len({words for _, words in told}) == 1:
        return _capital(told[0][1])
    said = [(standard, words) for standard, words in told if words]
    if len(said) == 1:
        ((standard, words),) = said
        return f"{_capital(words)} theo {_lower(_issuer(standard))}"
    return "; ".join(f"{_issuer(standard)}: {words}" for standard, words in said)


def _issuer(standard: Standard) -> str:
    return "Chuẩn Trung ương" if standard.issuer == Standard.Issuer.CENTRAL else "Chuẩn thành phố"


def _name(standard: Standard) -> str:
    return standard.name + ("" if standard.confirmed else " (chưa xác nhận)")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _round(dossier: Dossier) -> str:
    """The round inside a sentence: 'đợt định kỳ 2023'."""
    lower = _lower(dossier.round.name)
    return lower if lower.startswith("đợt ") else f"đợt {lower}"


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def _period(dossier: Dossier, counts) -> str:
    said = [f"{_capital(_round(dossier))}. {'; '.join(_name(standard) for standard in counts)}."]
    if posting := dossier.postings.filter(cycle=dossier.cycle).first():
        said.append(
            f"Niêm yết từ ngày {written(posting.from_on)} đến hết ngày {written(posting.to_on)} tại {posting.places}."
        )
    return " ".join(said)


TITLE = "Kết quả rà soát hộ nghèo, hộ cận nghèo"


def posting(user, dossier: Dossier) -> PublicList:
    found = results(user, dossier)
    title = f"NIÊM YẾT {TITLE.upper()}"
    return PublicList(head_of(dossier.ward, "TB-UBND"), title, _period(dossier, found.counts), found.rows)


def posting_sheet(user, dossier: Dossier) -> Sheet:
    found = results(user, dossier)
    rows = [
        [place, one.name, one.birth_year, one.group, one.persons, one.result] for place, one in enumerate(found.rows, 1)
    ]
    foot = f"Cộng: {number(len(rows))} hộ."
    return Sheet("NIEM YET", f"Niêm yết {TITLE}", _period(dossier, found.counts), POSTED, rows, 8, foot)


def review_list(user, dossier: Dossier) -> Sheet:
    """The households to be reviewed (Circular 07/2021 annex I), and below them those left out with the reason."""
    found = dossier_queries.listed(dossier).filter(dossier__in=Dossier.objects.visible_to(user))
    found = sorted(found, key=lambda row: not row.included)
    rows = [
        [place, row.head_name, row.household.code, row.household.group, row.household.address, row.get_why_display(),
         "" if row.included else f"Không rà soát: {row.reason}"]
        for place, row in enumerate(found, 1)
    ]  # fmt: skip
    foot = f"Cần rà soát: {number(sum(row.included for row in found))} hộ."
    return Sheet("CAN RA SOAT", "Danh sách hộ gia đình cần rà soát", dossier.round.name, TO_REVIEW, rows, 8, foot)


def minutes(user, meeting: Meeting) -> Minutes:
    dossier = meeting.dossier
    return Minutes(
        head_of(dossier.ward, "BB-UBND"),
        meeting.group,
        written(meeting.held_on),
        meeting.place,
        meeting.chair,
        meeting.secretary,
        number(meeting.present),
        f"{number(meeting.agreed)} ({number(Decimal(100 * meeting.agreed) / meeting.present, 2)}%)",
        meeting.note,
        results(user, dossier, meeting.group).rows,
    )


def decision(user, dossier: Dossier) -> Decision:
    """A draft with dotted lines until the dossier is decided; then with its number and day."""
    found = results(user, dossier)
    given, _, symbol = dossier.decision_number.partition("/")
    dated = written_date(dossier.decided_on) if dossier.decided_on else ""
    bases = [
        "Căn cứ Luật Tổ chức chính quyền địa phương",
        "Căn cứ Nghị định số 07/2021/NĐ-CP ngày 27 tháng 01 năm 2021 của Chính phủ",
        "Căn cứ Quyết định số 24/2021/QĐ-TTg ngày 16 tháng 7 năm 2021 của Thủ tướng Chính phủ",
        "Căn cứ Thông tư số 07/2021/TT-BLĐTBXH ngày 18 tháng 7 năm 2021 của Bộ Lao động - Thương binh và Xã hội",
    ]
    if opinion := dossier.steps.filter(step=Step.DISTRICT, outcome=Move.FINISH).order_by("-pk").first():
        bases.append(
            f"Căn cứ ý kiến của {body_of(dossier.ward.parent)}"
            + (f" tại văn bản số {opinion.document}" if opinion.document else f" ngày {written(opinion.done_on)}")
        )
    bases.append(f"Theo kết quả rà soát hộ nghèo, hộ cận nghèo, {_round(dossier)}")
    counted = [f"{_name(standard)}: {_counts(counts)}" for standard, counts in found.counts.items()]
    return Decision(
        head_of(dossier.ward, symbol or "QĐ-UBND", given, dated),
        f"Về việc công nhận kết quả rà soát hộ nghèo, hộ cận nghèo, {_round(dossier)}",
        bases,
        [
            f"Công nhận {number(len(found.rows))} hộ trong danh sách kèm theo. {'. '.join(counted)}.",
            "Quyết định này có hiệu lực kể từ ngày ký.",
            f"Văn phòng, công chức được giao phụ trách giảm nghèo của {body_of(dossier.ward)} "
            "và các hộ có tên trong danh sách chịu trách nhiệm thi hành Quyết định này",
        ],
        ["Như Điều 3", body_of(dossier.ward.parent), "Lưu: VT"],
        found.rows,
    )


def _counts(counts: Counter) -> str:
    told = {
        POOR: counts[POOR],
        NEAR: counts[NEAR] + counts[POOR_TO_NEAR],
        OUT_OF_POOR: counts[OUT_OF_POOR] + counts[POOR_TO_NEAR],
        OUT_OF_NEAR: counts[OUT_OF_NEAR],
    }
    return ", ".join(f"{number(count)} {words}" for words, count in told.items())


def certificates(user, dossier: Dossier, *, full: bool = False) -> list[Certificate]:
    """One for each household that the dossier's decision finds poor or near-poor by the central standard."""
    if dossier.decided_on is None:
        return []
    households = dossier_queries.reviews_of(dossier).values("household")
    return certificates_of(user, dossier.decided_on, households, full=full)
