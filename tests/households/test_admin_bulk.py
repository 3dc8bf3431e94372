"""Acts on many rows: asked first, done by a service in a fixed number of queries, refusals said row by row."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Event
from households.models import Complaint, ExitPlan, ImportBatch, Listed, Review
from households.services import bulk
from households.steps import Step
from tests import make
from tests.households.test_ward_admin import DAY, a_batch, a_complaint, a_dossier, address

FREE = "Trả lại để thử"


def reviews_of(areas, cast, count=3):
    return [make.a_review(make.a_household(areas["ward"], members=1), cast["hoa"]) for _ in range(count)]


def a_plan(areas, **more):
    return ExitPlan.objects.create(
        household=make.a_household(areas["ward"], members=1), year=2023, opened_on=DAY, **more
    )


def acts(areas, cast):
    """Each act with: rows it may write, one that refuses, who may, what it wrote, the action of its lines."""
    dossier = a_dossier(cast, areas["ward"])
    shut = a_dossier(cast, areas["next_ward"], step=Step.SURVEY)
    shut.ward = areas["ward"]
    shut.round = make.a_round(2022)
    shut.save()
    ours = [
        Listed.objects.create(dossier=dossier, household=make.a_household(areas["ward"]), why="on_list") for _ in "ab"
    ]
    closed = Listed.objects.create(dossier=shut, household=make.a_household(areas["ward"]), why="on_list")
    sent = reviews_of(areas, cast)
    Review.objects.filter(pk=sent[2].pk).update(state="returned", return_note="trước")
    answered = a_complaint(cast, areas["ward"], state="withdrawn")
    ended = a_plan(areas, state="closed", outcome="escaped")
    applied = a_batch(cast, areas["ward"], 3, state="applied")
    return {
        "return": (
            lambda keys, by: bulk.return_reviews(keys=keys, note=FREE, by=by),
            sent[:2], sent[2], "lan", {"state": "returned", "return_note": FREE, "version": 2}, "review.returned",
        ),
        "owner": (
            lambda keys, by: bulk.assign_complaints(keys=keys, owner=cast["lan"], by=by),
            [a_complaint(cast, areas["ward"]) for _ in "ab"], answered, "hoa",
            {"owner_id": cast["lan"].pk, "version": 2}, "complaint.assigned",
        ),
        "helper": (
            lambda keys, by: bulk.assign_helpers(keys=keys, agency=cast["cuc"].agency, by=by),
            [a_plan(areas) for _ in "ab"], ended, "hoa",
            {"helper_agency_id": cast["cuc"].agency_id, "version": 2}, "exit_plan.helper",
        ),
        "cancel": (
            lambda keys, by: bulk.cancel_imports(keys=keys, by=by),
            [a_batch(cast, areas["ward"], place) for place in (1, 2)], applied, "hoa",
            {"state": "cancelled"}, "import.cancelled",
        ),
        "leave_out": (
            lambda keys, by: bulk.leave_out(keys=keys, reason="Đi làm xa", by=by),
            ours, closed, "hoa", {"included": False, "reason": "Đi làm xa"}, "dossier.left_out",
        ),
    }  # fmt: skip


ACTS = ["return", "owner", "helper", "cancel", "leave_out"]


def stands(row):
    return type(row).objects.filter(pk=row.pk).values().get()


@pytest.mark.parametrize("name", ACTS)
def test_what_may_be_done_is_done_and_the_rest_named(areas, cast, name):
    act, rows, refusing, who, values, action = acts(areas, cast)[name]
    before = stands(refusing)
    outcome = act([*(row.pk for row in rows), refusing.pk, 987654], cast[who])
    assert outcome.done == len(rows)
    assert set(outcome.refused) == {refusing.pk, 987654}
    assert all(why for _, why in outcome.refused.values())
    assert stands(refusing) == before
    for row in rows:
        assert stands(row).items() >= values.items()
    lines = Event.objects.filter(action=action, by=cast[who], area=areas["ward"])
    assert lines.count() == (1 if name == "leave_out" else len(rows))  # a list is changed as one


@pytest.mark.parametrize("name", ACTS)
def test_neither_without_the_right_nor_in_another_ward(areas, cast, name):
    act, rows, _, who, _, action = acts(areas, cast)[name]
    before = [stands(row) for row in rows]
    keys = [row.pk for row in rows]
    for other in {"lan", "hoa", "cuc", "admin", "nobody"} - {who} - ({"lan"} if name == "owner" else set()):
        with pytest.raises(PermissionDenied):
            act(keys, cast[other])
    stranger = make.a_user(cast[who].role, areas["next_ward"])
    assert set(act(keys, stranger).refused) == set(keys)
    assert [stands(row) for row in rows] == before
    assert not Event.objects.filter(action=action).exists()


@pytest.mark.parametrize(
    ("name", "more"),
    [
        ("return", lambda areas, cast: reviews_of(areas, cast, 20)),
        ("owner", lambda areas, cast: [a_complaint(cast, areas["ward"]) for _ in range(20)]),
        ("helper", lambda areas, cast: [a_plan(areas) for _ in range(20)]),
        ("cancel", lambda areas, cast: [a_batch(cast, areas["ward"], place) for place in range(10, 30)]),
    ],
)
def test_twenty_rows_take_as_many_queries_as_two(areas, cast, name, more):
    act, rows, _, who, _, _ = acts(areas, cast)[name]

    def asked(some):
        with CaptureQueriesContext(connection) as seen:
            assert act([row.pk for row in some], cast[who]).done == len(some)
        return len(seen)

    assert asked(rows) == asked(more(areas, cast))


def test_without_what_it_needs_an_act_is_refused_at_its_field(areas, cast):
    for act, field in [
        (lambda: bulk.return_reviews(keys=[], note=" ", by=cast["lan"]), "note"),
        (lambda: bulk.assign_helpers(keys=[], person=" ", by=cast["hoa"]), "person"),
    ]:
        with pytest.raises(ValidationError) as refused:
            act()
        assert field in refused.value.message_dict


def test_households_come_back_onto_the_list(areas, cast):
    rows = acts(areas, cast)["leave_out"][1]
    keys = [row.pk for row in rows]
    bulk.leave_out(keys=keys, reason="Đi làm xa", by=cast["hoa"])
    assert bulk.put_back(keys=keys, by=cast["hoa"]).done == 2
    assert not Listed.objects.filter(included=False).exists()


# ---- the pages


PAGES = {
    "send_back": ("review", "return", {"note": FREE}),
    "give_owner": ("complaint", "owner", {}),
    "give_helper": ("exitplan", "helper", {"person": "Người giúp thử"}),
    "give_up": ("importbatch", "cancel", {}),
    "leave_out": ("listed", "leave_out", {"reason": "Đi làm xa"}),
}


@pytest.mark.parametrize("action", PAGES)
def test_the_page_asks_first_and_says_what_was_refused(as_user, areas, cast, action):
    page, name, given = PAGES[action]
    _, rows, refusing, who, values, logged = acts(areas, cast)[name]
    client, keys = as_user(who), [*(row.pk for row in rows), refusing.pk]
    asked = client.post(address(page), {"action": action, "_selected_action": keys})
    assert asked.status_code == 200
    assert f"{len(keys)} dòng" in asked.context["title"]
    assert not Event.objects.filter(action=logged).exists(), "asking writes nothing"
    form = {"action": action, "_selected_action": keys[0], "select_across": 1, "keys": asked.context["keys"]}
    if action == "give_owner":
        given = {"owner": cast["lan"].pk}
    if given:  # nothing chosen: said at its field, the rows still held
        wrong = client.post(address(page), form | {"confirmed": "yes"})
        assert wrong.context["form"].errors
        assert wrong.context["keys"] == asked.context["keys"]
        assert not Event.objects.filter(action=logged).exists()
    done = client.post(address(page), form | given | {"confirmed": "yes"}, follow=True)
    told = [str(message) for message in done.context["messages"]]
    assert any("đã làm 2 dòng" in line for line in told)
    assert any("1 dòng không làm được" in line and str(refusing) in line for line in told)
    assert Event.objects.filter(action=logged).exists()


def test_a_row_that_came_after_the_question_is_not_acted_on(as_user, areas, cast):
    first = a_batch(cast, areas["ward"], 1)
    client = as_user("hoa")
    asked = client.post(address("importbatch"), {"action": "give_up", "_selected_action": first.pk, "select_across": 1})
    later = a_batch(cast, areas["ward"], 2)
    client.post(
        address("importbatch"),
        {
            "action": "give_up",
            "_selected_action": first.pk,
            "select_across": 1,
            "keys": asked.context["keys"],
            "confirmed": 1,
        },
    )
    assert [ImportBatch.objects.get(pk=row.pk).state for row in (first, later)] == ["cancelled", "uploaded"]


def test_who_lacks_the_right_is_not_offered_the_act(as_user, areas, cast):
    review = reviews_of(areas, cast, 1)[0]
    a_complaint(cast, areas["ward"])
    assert "send_back" not in as_user("hoa").get(address("review")).text
    assert "send_back" in as_user("lan").get(address("review")).text
    as_user("hoa").post(
        address("review"),
        {"action": "send_back", "_selected_action": review.pk, "keys": review.pk, "note": FREE, "confirmed": "yes"},
    )
    review.refresh_from_db()
    assert review.state == "entered"
    assert Complaint.objects.filter(owner=None).count() == 1
