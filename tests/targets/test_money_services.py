"""Money: who may allot and spend, what is refused, and that a line never gives more than it holds."""

import threading
from datetime import date
from random import Random

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection

from accounts.models import Event, Notice
from households.services.supports import cancel_support
from targets import money_queries as read
from targets import money_services as write
from targets.models import BudgetLine, Disbursement
from tests import make
from tests.targets.money import TODAY, a_line, a_source, spent
from tests.targets.tasks import NOW, a_plan, a_stage

WHY = "Ghi nhầm số"


@pytest.fixture
def stage(areas, cast):
    return a_stage(areas, cast)


@pytest.fixture
def line(stage, cast):
    return a_line(cast["staff"].agency)


def values(agency, **more):
    given = {"year": 2023, "source": a_source(), "agency": agency, "title": "Xây nhà", "allotted": 500}
    return given | {"allotted_on": date(2023, 1, 5), "basis": "QĐ thử", "clause": None, "policy": None} | more


def refused(field, call, **more):
    with pytest.raises(ValidationError) as error:
        call(**more)
    told = getattr(error.value, "error_dict", {None: error.value.messages})
    assert list(told) == [field]
    return " ".join(error.value.messages)


def test_the_office_allots_and_the_agency_is_told(stage, cast):
    clause = stage["own"].clause
    line = write.allot(by=cast["cuc"], **values(cast["staff"].agency, clause=clause))
    assert Event.objects.get(action="budget.allotted").after["allotted"] == 500
    assert Notice.objects.get(user=cast["staff"]).url == f"/ke-hoach/kinh-phi/{line.pk}/"
    assert "đã có dòng" in refused("title", write.allot, by=cast["cuc"], **values(cast["staff"].agency))


@pytest.mark.parametrize("who", ["staff", "district", "leader", "hoa", "admin", "client"])
def test_nobody_else_allots_or_allows_overspending(line, cast, who):
    given = {"line": line, "version": 1, "by": cast[who]}
    for call, more in [
        (write.change_line, values(line.agency)),
        (write.cancel_line, {"reason": WHY}),
        (write.allow_overspending, {"amount": 5, "reason": WHY}),
    ]:
        with pytest.raises(PermissionDenied):
            call(**given, **more)
    with pytest.raises(PermissionDenied):
        write.allot(by=cast[who], **values(line.agency))


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        (lambda s: {"year": 2024, "clause": s["own"].clause}, "clause"),
        (lambda s: {"clause": s["draft"]}, "clause"),
        (lambda s: {"allotted": -5}, "allotted"),
        (lambda s: {"agency": s["group"]}, "agency"),
        (lambda s: {"source": None}, "source"),
        (lambda s: {"policy": s["ended"]}, "policy"),
    ],
)
def test_a_line_that_cannot_be_is_refused_at_its_field(stage, cast, changed, field):
    draft = a_plan(number="Dự thảo", year=2025, state="draft", issued_on=None)
    stage["draft"] = draft.clauses.create(ref="II.1", kind="objective", text="x", order=1)
    stage["group"] = make.an_agency("nhom", kind="group")
    stage["ended"] = write.Policy.objects.create(
        code="cu", name="Cũ", kind="other", legal_basis="x", valid_from=date(2019, 1, 1), valid_to=date(2022, 12, 31)
    )
    given = values(cast["staff"].agency) | changed(stage)
    if given["clause"] == stage["draft"]:
        given |= {"year": 2025, "allotted_on": date(2025, 1, 1)}
    if given["year"] == 2024:
        given["allotted_on"] = date(2024, 1, 1)
    refused(field, write.allot, by=cast["cuc"], **given)
    assert not BudgetLine.objects.exists()


def test_each_spends_of_ones_own_lines_only(line, stage, cast):
    committee = a_line(stage["committee"], "Hỗ trợ vốn")
    spent(line, 40_000_000, cast["staff"])
    spent(line, 10_000_000, cast["cuc"])  # the office works for the same Department in this city
    spent(committee, 1_000_000, cast["district"])
    for who, theirs in [("district", line), ("other", line), ("staff", committee), ("leader", line), ("hoa", line)]:
        with pytest.raises(PermissionDenied):
            spent(theirs, 1, cast[who])
    assert write.money_of(line).left == 50_000_000


def test_beyond_the_line_only_with_a_reason(line, cast):
    spent(line, 90_000_000, cast["staff"])
    told = refused("amount", spent, line=line, amount=10_000_001, by=cast["staff"])
    assert "chỉ còn 10.000.000 đồng" in told
    given = {"line": line, "version": 1, "by": cast["cuc"]}
    refused("reason", write.allow_overspending, amount=5_000_000, reason=" ", **given)
    row = write.allow_overspending(amount=5_000_000, reason="Giá vật liệu tăng", **given)
    spent(line, 15_000_000, cast["staff"])
    refused("amount", spent, line=line, amount=1, by=cast["staff"])
    assert (row.over_reason, row.over_by) == ("Giá vật liệu tăng", cast["cuc"])
    assert write.money_of(line).left == -5_000_000
    given["version"] = 2
    assert "ít nhất 5.000.000" in refused("amount", write.allow_overspending, amount=4_999_999, reason=WHY, **given)
    refused("amount", write.allow_overspending, amount=0, reason=WHY, **given)


def test_a_line_once_spent_of_keeps_what_it_is(line, stage, cast):
    spent(line, 60_000_000, cast["staff"])
    kept = values(line.agency, title=line.title, allotted=60_000_000)
    given = {"line": line, "version": 1, "by": cast["cuc"]}
    refused("agency", write.change_line, **given, **kept | {"agency": stage["health_agency"]})
    refused("source", write.change_line, **given, **kept | {"source": a_source("fund")})
    assert "Đã chi 60.000.000" in refused("allotted", write.change_line, **given, **kept | {"allotted": 59_999_999})
    refused("reason", write.cancel_line, reason=WHY, **given)
    write.change_line(**given, **kept)
    assert "người khác sửa" in refused(None, write.change_line, **given, **kept)
    assert Event.objects.get(action="budget.changed").before["allotted"] == 100_000_000


def test_a_correction_leaves_both_rows_and_counts_one(line, cast):
    old = spent(line, 90_000_000, cast["staff"], document="PC 01")
    given = {"disbursement": old, "by": cast["staff"], "today": TODAY, "at": NOW}
    kept = {"day": old.day, "what": old.what, "document": "PC 01"}
    refused("reason", write.correct_disbursement, amount=9, reason="", **given, **kept)
    refused("amount", write.correct_disbursement, amount=100_000_001, reason=WHY, **given, **kept)
    old.refresh_from_db()
    assert old.cancelled_at is None, "a refused correction cancels nothing"
    new = write.correct_disbursement(amount=100_000_000, reason=WHY, **given, **kept)
    old.refresh_from_db()
    assert (old.cancelled_for, new.corrects, write.money_of(line).left) == (WHY, old, 0)
    assert "đã bị hủy hoặc sửa" in refused(None, write.correct_disbursement, amount=1, reason=WHY, **given, **kept)
    write.cancel_disbursement(disbursement=new, reason=WHY, by=cast["staff"], at=NOW)
    assert write.money_of(line).left == 100_000_000
    assert Disbursement.objects.count() == 2


def test_the_same_spending_is_not_written_twice(line, cast):
    spent(line, 5, cast["staff"])
    assert "đã được ghi" in refused("what", spent, line=line, amount=5, by=cast["staff"])
    spent(line, 5, cast["staff"], document="PC 02")


def test_a_support_draws_on_a_line_once(areas, line, stage, cast):
    house = make.a_household(areas["ward"])
    agency = cast["staff"].agency
    support = make.a_support(house, "house_new", amount=50_000_000, agency=agency)
    without = make.a_support(house, "job", agency=agency)
    other = make.a_support(house, "gift", amount=5, agency=stage["health_agency"])
    spent(line, 20_000_000, cast["staff"], support=support)
    assert "còn 30.000.000" in refused("amount", spent, line=line, amount=30_000_001, by=cast["staff"], support=support)
    with pytest.raises(PermissionDenied):
        spent(line, 5, cast["staff"], support=other)
    given = {"line": line, "by": cast["staff"], "today": TODAY}
    with pytest.raises(PermissionDenied):
        write.disburse_supports(keys=[support.pk, other.pk], **given)
    refused(None, write.disburse_supports, keys=[support.pk, without.pk], **given)
    assert write.unpaid(support) == 30_000_000, "all of them or none"
    assert write.disburse_supports(keys=[support.pk], **given) == 1
    assert write.unpaid(support) == 0
    taken = {"support": support, "reason": WHY, "version": support.version, "by": cast["staff"]}
    assert "hủy khoản chi trước" in refused(None, cancel_support, **taken)
    for row in Disbursement.objects.standing():
        write.cancel_disbursement(disbursement=row, reason=WHY, by=cast["staff"], at=NOW)
    cancel_support(**taken)


def test_a_support_of_another_policy_does_not_draw_on_the_line(areas, line, cast):
    house = make.a_household(areas["ward"])
    support = make.a_support(house, "house_new", amount=50, agency=line.agency)
    BudgetLine.objects.filter(pk=line.pk).update(policy=make.a_support(house, "gift").policy)
    assert "chính sách khác" in refused(None, spent, line=line, amount=50, by=cast["staff"], support=support)


@pytest.mark.parametrize("seed", range(6))
def test_left_is_allotted_less_disbursed_whatever_was_done(stage, cast, seed):
    """Random histories of spending, correcting, cancelling, cutting and allowing: the database's sums are those of the
    history, and nothing goes below zero without a reason that stands on the line."""
    rng = Random(seed)
    lines = [
        a_line(cast["staff"].agency, f"Dòng {no}", rng.randint(1, 300), source)
        for no, source in enumerate(("city", "fund"))
    ]
    staff, office = cast["staff"], cast["cuc"]
    standing: dict[int, list] = {line.pk: [] for line in lines}
    for step in range(40):
        line = rng.choice(lines)
        line.refresh_from_db()
        rows, amount = standing[line.pk], rng.randint(1, 120)
        may = line.ceiling - sum(row.amount for row in rows)
        doing = rng.choice(["spend", "spend", "spend", "correct", "cancel", "cut", "allow"])
        try:
            if doing == "spend":
                rows.append(spent(line, amount, staff, what=f"Lần {step}"))
            elif doing == "correct" and rows:
                old = rng.choice(rows)
                may += old.amount
                new = write.correct_disbursement(
                    disbursement=old, day=old.day, amount=amount, what=f"Sửa {step}", document="", reason=WHY,
                    by=staff, today=TODAY, at=NOW,
                )  # fmt: skip
                rows[rows.index(old)] = new
            elif doing == "cancel" and rows:
                row = rows.pop(rng.randrange(len(rows)))
                write.cancel_disbursement(disbursement=row, reason=WHY, by=staff, at=NOW)
            elif doing == "cut":
                kept = values(line.agency, title=line.title, source=line.source, allotted=amount)
                write.change_line(line=line, version=line.version, by=office, **kept)
            elif doing == "allow":
                write.allow_overspending(line=line, amount=amount, reason=WHY, version=line.version, by=office)
        except ValidationError:
            assert doing != "spend" or amount > may
            assert doing != "correct" or amount > may
    everything = BudgetLine.objects.standing()
    for line in read.with_spent(everything):
        assert line.spent == sum(row.amount for row in standing[line.pk])
        assert line.left == line.allotted - line.spent == write.money_of(line).left
        assert line.left >= 0 or (-line.left <= line.over_allowed and line.over_reason)
    whole = read.total(everything)
    for by in read.GROUPS:
        parts = read.totals(everything, by)
        assert sum((one.money for one in parts), read.Money()) == whole
    assert sum(read.cross(everything, "source", "agency").values(), read.Money()) == whole


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_at_once_never_spend_more_than_the_line_holds(areas, cast):
    if connection.vendor != "postgresql":
        pytest.skip("needs PostgreSQL: SQLite lets one writer in at a time")
    line = a_line(cast["staff"].agency, allotted=100)
    told, start = [], threading.Barrier(4)

    def run(no):
        try:
            start.wait()
            spent(line, 40, cast["staff"], what=f"Lần {no}")
        except ValidationError as error:
            told.append(error.messages[0])
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[no]) for no in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert write.money_of(line).disbursed == 80
    assert len(told) == 2
    assert all("chỉ còn 20 đồng" in one for one in told)
