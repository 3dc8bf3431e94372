"""Entering, correcting, cancelling and following up: who may, what is refused where, and nothing half written."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from accounts.models import Event, PersonalDataView
from targets import activity_counts, activity_following, activity_services
from targets.activity_kinds import KINDS, faults, result_due
from targets.models import Activity, ActivityFile, Attendance, ModelHousehold
from targets.money_services import cancel_disbursement
from targets.task_services import Given
from tests import make
from tests.targets.activities import DAY, a_committee, a_plan, an_activity, an_officer, was_there
from tests.targets.money import a_line, spent

TODAY = date(2023, 9, 30)
PDF = Given("anh.pdf", b"%PDF-1.4 thu")


@pytest.fixture
def plan(areas):
    return a_plan()


@pytest.fixture
def committee(areas):
    return a_committee(areas["urban"])


def entered(plan, cast, area, kind="dialogue", by="staff", agency=None, **more):
    ref = {"inspection": "III.8", "dialogue": "III.3", "model": "III.5", "training": "III.7"}.get(kind, "III.1")
    values = {"title": "Thử", "day": DAY, "area": area, "clause": plan.clauses.get(ref=ref), "content": "Đã họp."}
    values |= {"households": 5} if kind == "dialogue" else {}
    values |= {"form": "class"} if kind == "training" else {"form": "check"} if kind == "inspection" else {}
    agency = agency or cast["staff"].agency
    return activity_services.enter_activity(kind=kind, agency=agency, by=cast[by], today=TODAY, **(values | more))


def edited(row, cast, by="staff", version=None, **more):
    values = {name: getattr(row, name) for name in ("title", "day", "area", "clause", "content", "form", "households")}
    values |= {"recommendations": row.recommendations, "follow_by": row.follow_by} | more
    return activity_services.edit_activity(
        activity=row, version=version or row.version, by=cast[by], today=TODAY, **values
    )


def refused(call) -> dict:
    with pytest.raises(ValidationError) as error:
        call()
    return getattr(error.value, "error_dict", {"": error.value.messages})


# Rules


@pytest.mark.parametrize(
    ("kind", "values", "field"),
    [
        ("dialogue", {"day": date(2022, 12, 31)}, "day"),
        ("dialogue", {"day": date(2024, 1, 1)}, "day"),
        ("dialogue", {"day": date(2023, 10, 1)}, "day"),  # tomorrow
        ("dialogue", {"ends_on": date(2023, 6, 14)}, "ends_on"),
        ("dialogue", {"ends_on": date(2023, 10, 1)}, "ends_on"),
        ("dialogue", {"numbers": {"households": -1}}, "households"),
        ("dialogue", {"numbers": {"households": 0}}, "households"),
        ("dialogue", {"numbers": {}}, "households"),
        ("dialogue", {"numbers": {"households": 2_000_000_001}}, "households"),
        ("fund", {"form": "fund", "numbers": {"amount": 10**11 + 1}}, "amount"),
        ("fund", {"form": "press", "numbers": {"amount": 1}}, "form"),
        ("communication", {"form": "", "numbers": {"times": 1}}, "form"),
        ("inspection", {"form": "check", "level": "city"}, "area"),
        ("inspection", {"form": "check", "content": " "}, "content"),
        ("inspection", {"form": "check", "follow_by": DAY}, "follow_by"),
        ("inspection", {"form": "check", "recommendations": "Sửa", "follow_by": date(2023, 6, 14)}, "follow_by"),
    ],
)
def test_what_is_wrong_with_an_activity(kind, values, field):
    common = {
        "kind": kind, "year": 2023, "today": TODAY, "day": DAY, "ends_on": None, "form": "", "level": "ward",
        "content": "x", "recommendations": "", "follow_by": None, "numbers": {"households": 1},
    }  # fmt: skip
    assert list(faults(**(common | values))) == [field]


def test_the_edges_are_taken():
    common = {"kind": "dialogue", "year": 2023, "form": "", "level": "city", "content": "", "recommendations": ""}
    common |= {"today": TODAY, "follow_by": None, "numbers": {"households": 1}}
    for day, ends_on in ((date(2023, 1, 1), None), (TODAY, TODAY), (DAY, DAY)):
        assert faults(day=day, ends_on=ends_on, **common) == {}
    assert result_due(date(2024, 2, 29)) == date(2025, 3, 1)
    for kind in KINDS.values():
        assert kind.refs


# Entering


def test_an_agency_enters_its_own_with_proof(plan, cast, areas):
    row = entered(plan, cast, areas["ward"], files=[PDF], amount=5)
    assert (row.households, row.amount) == (5, None)  # a number the kind does not ask for is not kept
    assert row.files.get().kind == "pdf"
    line = Event.objects.get(action="activity.entered")
    assert (line.area, line.after["files"], line.after["households"]) == (areas["ward"], 1, 5)


@pytest.mark.parametrize("by", ["hoa", "lan", "leader", "admin", "client", "nobody", "district"])
def test_nobody_enters_for_another_agency(plan, cast, areas, committee, by):
    with pytest.raises(PermissionDenied):
        entered(plan, cast, areas["ward"], by=by)
    assert not Activity.objects.exists()


def test_the_office_enters_for_all_and_a_district_in_its_own_area(plan, cast, areas, committee):
    assert entered(plan, cast, areas["ward"], by="cuc", agency=committee).agency == committee
    assert entered(plan, cast, areas["ward"], by="district", agency=committee)
    assert "area" in refused(lambda: entered(plan, cast, areas["commune"], by="district", agency=committee))


def test_a_clause_of_somebody_else_is_refused_at_its_field(plan, cast, areas):
    task = plan.clauses.create(ref="IV.9", kind="task", text="Việc của sở khác", order=90)
    assert list(refused(lambda: entered(plan, cast, areas["ward"], clause=task))) == ["clause"]
    task.assignments.create(agency=cast["staff"].agency, role="own")
    assert entered(plan, cast, areas["ward"], clause=task).clause == task


def test_a_closed_year_is_closed(plan, cast, areas):
    row = entered(plan, cast, areas["ward"])
    plan.state = "closed"
    plan.save()
    for call in (
        lambda: entered(plan, cast, areas["ward"]),
        lambda: edited(row, cast, title="Khác"),
        lambda: activity_services.add_files(activity=row, files=[PDF], by=cast["staff"]),
    ):
        assert "đang thực hiện" in str(refused(call))
    assert Activity.objects.get().title == "Thử"


def test_a_file_that_is_none_keeps_everything_out(plan, cast, areas):
    bad = Given("bang.pdf", b"MZ\x90\x00")
    assert list(refused(lambda: entered(plan, cast, areas["ward"], files=[PDF, bad]))) == ["files"]
    assert not Activity.objects.exists()


# Correcting


def test_two_at_once_and_another_agency(plan, cast, areas, committee):
    row = entered(plan, cast, areas["ward"])
    edited(row, cast, title="Một")
    assert "người khác" in str(refused(lambda: edited(row, cast, version=1, title="Hai")))
    with pytest.raises(PermissionDenied):
        edited(row, cast, by="district", title="Ba")
    row.refresh_from_db()
    assert (row.title, row.version, row.search) == ("Một", 2, "mot da hop.")


def test_cancelled_is_out_of_the_count_and_back_again(plan, cast, areas):
    row = entered(plan, cast, areas["ward"])
    common = {"activity": row, "by": cast["staff"]}
    assert "reason" in refused(
        lambda: activity_services.cancel_activity(version=1, reason=" ", at=timezone.now(), **common)
    )
    activity_services.cancel_activity(version=1, reason="Hoãn", at=timezone.now(), **common)
    assert activity_counts.counted(year=2023, as_of=TODAY) == {}
    assert "hủy" in str(refused(lambda: edited(row, cast, version=2, title="Khác")))
    activity_services.restore_activity(version=2, **common)
    assert activity_counts.counted(year=2023, as_of=TODAY)[areas["ward"].pk]["dialogues"] == 1
    assert "chưa bị hủy" in str(refused(lambda: activity_services.restore_activity(version=3, **common)))


def test_a_files_readers_and_its_end(plan, cast, areas, committee):
    row = entered(plan, cast, areas["ward"], files=[PDF])
    file = row.files.get()
    assert activity_services.download_file(file=file, by=cast["cuc"]) == PDF.content
    for name in ("district", "hoa", "leader"):
        with pytest.raises(PermissionDenied):
            activity_services.download_file(file=file, by=cast[name])
    activity_services.remove_file(file=file, by=cast["staff"])
    assert not ActivityFile.objects.exists()
    assert Event.objects.get(action="activity.file_removed").before["name"] == "anh.pdf"


# Recommendations


def test_recommendations_are_followed_until_closed(plan, cast, areas):
    row = entered(plan, cast, areas["ward"], "inspection", recommendations="Niêm yết lại", follow_by=date(2023, 7, 1))
    assert row.waits

    def follow(step, day=TODAY, text="Đã làm"):
        row.refresh_from_db()
        given = {"by": cast["staff"], "today": TODAY, "at": timezone.now()}
        return activity_following.follow_up(activity=row, step=step, day=day, text=text, **given)

    assert list(refused(lambda: follow("note", day=date(2023, 6, 14)))) == ["day"]
    assert list(refused(lambda: follow("note", day=date(2023, 10, 1)))) == ["day"]
    assert list(refused(lambda: follow("close", text=" "))) == ["text"]
    refused(lambda: follow("reopen"))
    follow("note")
    follow("close")
    row.refresh_from_db()
    assert (row.waits, row.closed_on) == (False, TODAY)
    refused(lambda: follow("close"))
    assert "recommendations" in refused(lambda: edited(row, cast, recommendations="", follow_by=None))
    follow("reopen")
    row.refresh_from_db()
    assert row.waits
    assert row.follow_ups.count() == 3


# Attendance


def test_ticking_touches_only_who_was_shown(plan, cast, areas):
    row = entered(plan, cast, areas["urban"], "training")
    one, two, three = (an_officer(areas["ward"], name) for name in ("Một", "Hai", "Ba"))
    outside = an_officer(areas["commune"], "Ngoài")
    later = an_officer(areas["ward"], "Sau", valid_from=date(2023, 7, 1))
    was_there(row, three)

    def tick(shown, present, by="staff"):
        given = {"by": cast[by], "at": timezone.now()}
        return activity_following.tick(
            activity=row, shown=[o.pk for o in shown], present=[o.pk for o in present], **given
        )

    assert tick([one, two, outside, later], [one, outside, later, three]) == (1, 0)
    assert set(row.attendances.values_list("officer", flat=True)) == {one.pk, three.pk}
    assert tick([one, two], [two]) == (1, 1)
    assert tick([one, two], [two]) == (0, 0)
    assert Event.objects.filter(action="activity.ticked").count() == 2
    with pytest.raises(PermissionDenied):
        tick([one], [], by="hoa")


# Models and their households


@pytest.fixture
def model(plan, cast, areas, committee):
    return an_activity(plan, committee, areas["urban"], "model", form="farming")


def join(model, code, by, day=date(2023, 7, 1)):
    return activity_following.join_model(activity=model, code=code, joined_on=day, by=by, today=TODAY)


def test_a_district_names_households_of_its_own_only(model, cast, areas):
    own, other = make.a_household(areas["ward"]), make.a_household(areas["commune"])
    link = join(model, own.code, cast["district"])
    assert PersonalDataView.objects.get().household_code == own.code
    assert list(refused(lambda: join(model, other.code, cast["district"]))) == ["code"]
    assert list(refused(lambda: join(model, own.code, cast["district"]))) == ["code"]
    more = make.a_household(areas["ward"])
    assert list(refused(lambda: join(model, more.code, cast["district"], date(2023, 6, 14)))) == ["joined_on"]
    line = Event.objects.get(action="activity.household_joined")
    assert line.after["household"] == "•••"
    with pytest.raises(PermissionDenied):
        join(model, own.code, cast["staff"])
    activity_following.leave_model(link=link, by=cast["district"])
    assert not ModelHousehold.objects.exists()


def test_a_result_is_whole_and_can_be_taken_back(model, cast, areas):
    link = join(model, make.a_household(areas["ward"]).code, cast["district"])

    def tell(result, day, version):
        given = {"joined_on": link.joined_on, "note": "", "by": cast["district"], "today": TODAY}
        return activity_following.tell_result(link=link, version=version, result=result, result_on=day, **given)

    assert list(refused(lambda: tell("better", None, 1))) == ["result_on"]
    assert list(refused(lambda: tell("", TODAY, 1))) == ["result"]
    assert list(refused(lambda: tell("better", date(2023, 6, 30), 1))) == ["result_on"]
    tell("better", TODAY, 1)
    assert "người khác" in str(refused(lambda: tell("same", TODAY, 1)))
    assert tell("", None, 2).result == ""
    assert "day" in refused(lambda: edited(model, cast, by="district", day=date(2023, 7, 2)))


def test_attendance_of_a_cancelled_training_is_kept_for_its_return(plan, cast, areas):
    row = entered(plan, cast, areas["urban"], "training")
    was_there(row, an_officer(areas["ward"]))
    activity_services.cancel_activity(activity=row, version=1, reason="Hoãn", by=cast["staff"], at=timezone.now())
    assert activity_counts.rosters(year=2023, as_of=TODAY)[areas["ward"].pk] == (0, 1)
    activity_services.restore_activity(activity=row, version=2, by=cast["staff"])
    assert activity_counts.rosters(year=2023, as_of=TODAY)[areas["ward"].pk] == (1, 1)
    assert Attendance.objects.count() == 1


# Money


def test_a_spending_names_the_activity_it_paid_for(plan, cast, areas):
    row = entered(plan, cast, areas["ward"])
    line = a_line(cast["staff"].agency)
    paid = spent(line, 5_000_000, cast["staff"], activity=row)
    assert list(row.disbursements.all()) == [paid]
    given = {"activity": row, "version": 1, "reason": "Hoãn", "by": cast["staff"], "at": timezone.now()}
    assert "khoản chi" in str(refused(lambda: activity_services.cancel_activity(**given)))
    cancel_disbursement(disbursement=paid, reason="Ghi nhầm", by=cast["staff"], at=timezone.now())
    assert activity_services.cancel_activity(**given).cancelled_at
    assert list(refused(lambda: spent(line, 6_000_000, cast["staff"], activity=row))) == ["activity"]
    others = an_activity(plan, make.an_agency("so-khac"), areas["ward"])
    assert list(refused(lambda: spent(line, 6_000_000, cast["staff"], activity=others))) == ["activity"]
