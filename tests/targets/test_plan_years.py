"""A plan's life: next year's draft as a copy, its issue, amendments in force, what units said of it."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import Agency, Event
from accounts.roles import Role
from targets import drafting, planning, task_talk
from targets.models import Amendment, Assignment, Clause, Plan, PlanComment
from targets.refs import next_letter, next_number
from tests import make

TODAY = date(2024, 1, 5)


@pytest.mark.parametrize(
    ("section", "taken", "ref"),
    [
        ("III", [f"III.{n}" for n in range(1, 9)], "III.9"),
        ("II", [], "II.1"),
        ("IV", ["IV.1", "IV.16"], "IV.17"),
    ],
)
def test_sections_go_on_counting(section, taken, ref):
    assert next_number(section, taken) == ref


@pytest.mark.parametrize(
    ("taken", "ref"),
    [
        ([], "IV.2.a"),
        (["IV.2"], "IV.2.b"),  # a lone task bears the heading's number
        (["IV.2.a", "IV.2.b", "IV.2.c", "IV.2.d"], "IV.2.đ"),
        (["IV.2.e"], "IV.2.g"),  # no f in administrative documents
    ],
)
def test_tasks_are_lettered_the_vietnamese_way(taken, ref):
    assert next_letter("IV.2", taken) == ref


def test_the_alphabet_ends():
    with pytest.raises(ValueError, match="no letter left"):
        next_letter("IV.2", ["IV.2.y"])


@pytest.fixture
def plan(db):
    for command in ("load_areas", "load_agencies", "load_plan"):
        call_command(command, verbosity=0)
    return Plan.objects.get()


@pytest.fixture
def office(plan):
    from areas.models import Area

    return make.a_user(Role.PROGRAMME_OFFICE, Area.objects.get(level="city"), Agency.objects.get(code="so-ldtbxh"))


@pytest.fixture
def draft(plan, office):
    return planning.open_draft(year=2024, by=office)


def owed(plan):
    rows = Assignment.objects.filter(clause__plan=plan)
    return set(rows.values_list("clause__ref", "agency__code", "role", "via_group__code"))


def test_a_draft_is_the_plan_again_with_all_who_owe_it_and_no_target(plan, draft):
    def written(of):
        return list(of.clauses.order_by("order").values_list("ref", "kind", "text", "parent__ref"))

    assert written(draft) == written(plan)
    assert owed(draft) == owed(plan)
    assert not draft.targets.exists()
    assert "năm 2024" in draft.title
    assert drafting.draft_of(draft).tally == f"{plan.clauses.count()} mục giữ nguyên, 0 mục có sửa, 0 mục mới, 0 mục bỏ"
    assert Plan.objects.for_day(TODAY) == plan  # nobody sees a draft


def test_only_the_next_year_and_only_once(draft, office):
    for year in (2023, 2024, 2025, 2026):
        with pytest.raises(ValidationError, match="Chỉ mở được dự thảo của năm 2024"):
            planning.open_draft(year=year, by=office)


def test_each_clause_says_what_became_of_it(draft, office):
    first, second = draft.clauses.filter(kind="solution").order_by("order")[:2]
    planning.write_clause(clause=first, text=first.text + " Có sửa.", by=office, version=1)
    planning.drop_clause(clause=second, by=office, version=2)
    heading = draft.clauses.get(ref="IV.9", kind="agency")
    new = planning.add_clause(
        plan=draft, kind="task", text="Việc mới năm 2023.", heading=heading, role="own", by=office, version=3
    )
    shown = drafting.draft_of(draft)
    states = {line.clause.ref: line for line in shown.lines if line.clause.kind != "agency"}
    assert states[first.ref].label == "Có sửa"
    assert [piece.text for piece in states[first.ref].after if piece.kind == "in"] == ["Có sửa."]
    assert (new.ref, states[new.ref].label, states[new.ref].dated) == ("IV.9.b", "Mới", True)
    assert [clause.ref for clause in shown.dropped] == [second.ref]
    assert set(new.assignments.values_list("agency__code", "role")) == {
        (code, "own") for code in heading.children.get(ref="IV.9").assignments.values_list("agency__code", flat=True)
    }
    orders = list(draft.clauses.order_by("order").values_list("ref", flat=True))
    assert orders.index("IV.9.b") == orders.index("IV.10") - 1


def test_a_heading_goes_last(draft, office):
    heading = draft.clauses.get(ref="IV.9", kind="agency")
    with pytest.raises(ValidationError, match="còn nhiệm vụ"):
        planning.drop_clause(clause=heading, by=office, version=1)


def test_a_draft_is_issued_and_becomes_the_plan_of_its_year(plan, draft, office):
    given = {"number": "12/KH-UBND", "signed_by": "Chủ tịch", "title": "Kế hoạch năm 2024"}
    for wrong, field in (
        ({"number": " "}, "number"),
        ({"number": plan.number}, "number"),
        ({"issued_on": date(2022, 12, 31)}, "issued_on"),
        ({"signed_by": ""}, "signed_by"),
        ({"title": ""}, "title"),
    ):
        values = given | {"issued_on": date(2024, 1, 4)} | wrong
        with pytest.raises(ValidationError) as refused:
            planning.issue(plan=draft, by=office, version=1, **values)
        assert set(refused.value.error_dict) == {field}
    planning.issue(plan=draft, by=office, version=1, issued_on=date(2024, 1, 4), **given)
    assert str(Plan.objects.for_day(TODAY)) == "Kế hoạch 12/KH-UBND"
    assert str(Plan.objects.for_day(date(2023, 12, 31))) == "Kế hoạch 66/KH-UBND"


def test_a_plan_is_closed_once_its_year_is_over(plan, office):
    with pytest.raises(ValidationError, match="Năm 2023 chưa hết"):
        planning.close(plan=plan, by=office, version=1, today=date(2023, 12, 31))
    assert planning.close(plan=plan, by=office, version=1, today=TODAY).state == Plan.State.CLOSED
    clause = plan.clauses.get(ref="III.8")
    with pytest.raises(ValidationError) as refused:
        planning.amend(clause=clause, text="x", basis="1/QĐ", day=date(2023, 6, 1), by=office, version=2)
    assert refused.value.code == "stale"


def test_an_amendment_keeps_the_old_words_beside_the_new(plan, office):
    clause = plan.clauses.get(ref="III.8")
    new = clause.text.replace("14 phường, xã", "16 phường, xã")
    for wrong, field in (
        ({"basis": ""}, "basis"),
        ({"day": date(2023, 3, 16)}, "day"),
        ({"day": date(2024, 1, 1)}, "day"),
        ({"text": clause.text}, "text"),
    ):
        values = {"text": new, "basis": "9/QĐ-UBND", "day": date(2023, 8, 1)} | wrong
        with pytest.raises(ValidationError) as refused:
            planning.amend(clause=clause, by=office, version=1, **values)
        assert set(refused.value.error_dict) == {field}
    made = planning.amend(clause=clause, text=new, basis="9/QĐ-UBND", day=date(2023, 8, 1), by=office, version=1)
    assert (made.before, made.after) == (clause.text, new)
    assert Clause.objects.get(pk=clause.pk).text == new
    with pytest.raises(ValidationError) as refused:  # somebody else still looks at the old page
        planning.amend(clause=clause, text="khác", basis="x", day=date(2023, 8, 2), by=office, version=1)
    assert refused.value.code == "stale"
    with pytest.raises(CommandError, match="nạp lại tệp sẽ mất các sửa đổi đó"):
        call_command("load_plan", verbosity=0)


def test_a_repealed_clause_stays_readable_and_is_not_copied(plan, office):
    clause = plan.clauses.get(ref="III.5")
    planning.amend(clause=clause, text="", basis="9/QĐ-UBND", day=date(2023, 8, 1), by=office, version=1)
    kept = Clause.objects.get(pk=clause.pk)
    assert (kept.text, kept.repealed_on) == (clause.text, date(2023, 8, 1))
    draft = planning.open_draft(year=2024, by=office)
    assert not draft.clauses.filter(ref="III.5").exists()


def test_what_units_said_and_what_became_of_it(plan, office):
    unit = Agency.objects.get(code="so-y-te")
    common = {"plan": plan, "agency": unit, "by": office, "today": TODAY}
    agreed = planning.record_comment(given_on=date(2023, 2, 1), text=" ", **common)
    said = planning.record_comment(given_on=date(2023, 2, 1), text="Tăng số xã được kiểm tra.", **common)
    assert (agreed.answer, said.answer) == (PlanComment.Answer.AGREED, PlanComment.Answer.OPEN)
    with pytest.raises(ValidationError, match="sau hôm nay"):
        planning.record_comment(given_on=date(2024, 1, 6), text="x", **common)
    with pytest.raises(ValidationError, match="lý do không tiếp thu"):
        planning.answer_comment(comment=said, answer="explained", explanation=" ", by=office)
    with pytest.raises(ValidationError, match="không có ý kiến cần giải trình"):
        planning.answer_comment(comment=agreed, answer="accepted", explanation="", by=office)
    assert planning.answer_comment(comment=said, answer="accepted", explanation="", by=office).answer == "accepted"


WRITES = {
    "open_draft": lambda plan, draft, by: planning.open_draft(year=2025, by=by),
    "write_clause": lambda plan, draft, by: planning.write_clause(
        clause=draft.clauses.first(), text="khác", by=by, version=1
    ),
    "add_clause": lambda plan, draft, by: planning.add_clause(
        plan=plan, kind="solution", text="mới", basis="1/QĐ", day=date(2023, 5, 1), by=by, version=1
    ),
    "drop_clause": lambda plan, draft, by: planning.drop_clause(
        clause=draft.clauses.filter(kind="solution").first(), by=by, version=1
    ),
    "issue": lambda plan, draft, by: planning.issue(
        plan=draft, number="1/KH", issued_on=TODAY, signed_by="x", title="x", by=by, version=1
    ),
    "close": lambda plan, draft, by: planning.close(plan=plan, by=by, version=1, today=TODAY),
    "amend": lambda plan, draft, by: planning.amend(
        clause=plan.clauses.get(ref="III.8"), text="mới", basis="1/QĐ", day=date(2023, 5, 1), by=by, version=1
    ),
    "record_comment": lambda plan, draft, by: planning.record_comment(
        plan=plan, agency=Agency.objects.first(), given_on=TODAY, text="x", by=by, today=TODAY
    ),
    "answer_comment": lambda plan, draft, by: planning.answer_comment(
        comment=plan.comments.get(), answer="accepted", explanation="", by=by
    ),
}


def everything():
    models = (Plan, Clause, Assignment, Amendment, PlanComment, Event)
    return {model: sorted(map(str, model.objects.values())) for model in models}


@pytest.fixture
def ready(plan, draft, office):
    """A plan in force and a draft, both on their first version, and a comment."""
    if draft:
        planning.record_comment(
            plan=plan, agency=Agency.objects.first(), given_on=TODAY, text="x", by=office, today=TODAY
        )
    return plan, draft


@pytest.mark.parametrize("write", WRITES)
def test_nothing_is_left_behind_when_it_breaks_in_the_middle(ready, office, write, monkeypatch):
    plan, draft = ready
    if write == "open_draft":  # the next year's next year, once this draft is issued
        planning.issue(plan=draft, number="1/KH", issued_on=TODAY, signed_by="x", title="x", by=office, version=1)
    before = everything()

    def broken(*args, **kwargs):
        raise RuntimeError("broken")

    monkeypatch.setattr(planning, "log", broken)
    with pytest.raises(RuntimeError, match="broken"):
        WRITES[write](plan, draft, office)
    assert everything() == before


@pytest.mark.parametrize("write", WRITES)
@pytest.mark.parametrize("role", [Role.CITY_LEADER, Role.ADMINISTRATOR])
def test_only_the_programme_office_writes_plans(ready, write, role):
    before = everything()
    with pytest.raises(PermissionDenied):
        WRITES[write](*ready, make.a_user(role))
    assert everything() == before


def test_the_office_goes_from_the_draft_to_the_plan_of_2024(client, plan, office):
    client.force_login(office, backend="django.contrib.auth.backends.ModelBackend")
    assert "Mở dự thảo năm 2024" in client.get("/ke-hoach/cac-nam/").content.decode()
    page = client.post("/ke-hoach/cac-nam/mo/", {"year": "2024"}, follow=True).content.decode()
    assert "Dự thảo kế hoạch năm 2024" in page
    assert "Còn nhắc năm 2023" in page
    clause = Clause.objects.get(plan__year=2024, ref="II.1")
    words = clause.text.replace("2023", "2024")
    path = f"/ke-hoach/muc/{clause.pk}/sua/"
    stale = client.post(path, {"text": words, "version": "7"})
    assert stale.status_code == 422
    assert words in stale.content.decode()  # what was typed is still there
    page = client.post(path, {"text": words, "version": "1"}, follow=True).content.decode()
    assert "1 mục có sửa" in page
    issued = {"number": "12/KH-UBND", "issued_on": "04/01/2024", "signed_by": "Chủ tịch", "title": "Kế hoạch 2024"}
    page = client.post("/ke-hoach/2024/ban-hanh/", issued | {"version": "2"}, follow=True).content.decode()
    assert "Đã ban hành 12/KH-UBND" in page
    assert "12/KH-UBND" in client.get("/ke-hoach/").content.decode()  # today's plan
    assert "66/KH-UBND" in client.get("/ke-hoach/?ngay=30/11/2023").content.decode()
    for path in ("/tong-quan/", "/ke-hoach/phu-luc/", "/ke-hoach/nhiem-vu/", "/ke-hoach/2024/gop-y/"):
        assert client.get(path).status_code == 200  # nothing was set or counted for 2024 yet


def test_an_amendment_is_seen_from_its_clause(client, plan, office):
    client.force_login(office, backend="django.contrib.auth.backends.ModelBackend")
    clause = plan.clauses.get(ref="III.8")
    path = f"/ke-hoach/muc/{clause.pk}/sua/"
    typed = {"what": "amend", "text": clause.text.replace("14", "16"), "day": "01/08/2023", "version": "1"}
    refused = client.post(path, typed)
    assert refused.status_code == 422
    assert "Ghi căn cứ" in refused.content.decode()
    page = client.post(path, typed | {"basis": "9/QĐ-UBND"}, follow=True).content.decode()
    for words in ("Trước khi sửa đổi", "Từ ngày 01/08/2023", "Căn cứ: 9/QĐ-UBND."):
        assert words in page
    client.force_login(make.a_user(Role.CITY_LEADER), backend="django.contrib.auth.backends.ModelBackend")
    page = client.get("/ke-hoach/").content.decode()
    assert "Từ ngày 01/08/2023" in page
    assert path not in page
    assert client.get(path).status_code == 403
    assert client.get("/ke-hoach/2023/them-muc/").status_code == 403


def test_the_tasks_of_a_draft_are_nobodys_yet(client, plan, draft, office):
    """Not by a guessed number either: no page, no comment, nothing that would hold a clause in the draft."""
    task = Assignment.objects.filter(clause__plan=draft).first()
    for reader in (office, make.a_user(Role.CITY_LEADER)):
        client.force_login(reader, backend="django.contrib.auth.backends.ModelBackend")
        assert client.get(f"/ke-hoach/nhiem-vu/{task.pk}/").status_code == 404
    with pytest.raises(PermissionDenied):
        task_talk.comment(assignment=task, text="Thử.", by=office, at=timezone.now())
    client.force_login(office, backend="django.contrib.auth.backends.ModelBackend")
    assert client.post("/ke-hoach/cac-nam/mo/", {"year": "9" * 5000}).status_code == 302
