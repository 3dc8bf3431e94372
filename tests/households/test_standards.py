"""The law as data: loaded once, never over the office's own numbers, refused when broken, confirmed by somebody."""

import json
from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import CommandError, call_command

from accounts.models import Event
from households.management.commands.load_standards import SHIPPED
from households.models import Policy, Round, Standard
from households.services import standards as service

NOON = datetime(2023, 5, 4, 5, 0, tzinfo=UTC)


def load(capsys, *arguments):
    call_command("load_standards", *arguments)
    return capsys.readouterr().out


@pytest.mark.django_db
def test_what_is_shipped(capsys):
    load(capsys)
    central, city = Standard.objects.order_by("issuer")
    assert (central.line_rural, central.line_urban, central.deprivations_for_poor) == (140, 175, 3)
    assert (central.confirmed, central.confirmed_document) == (True, "07/2021/NĐ-CP")
    assert (city.line_rural, city.line_urban, city.deprivations_for_poor) == (2_000_000, 2_500_000, 3)
    assert (city.confirmed, city.basis) == (False, "income")
    assert "chưa biết số" in city.legal_basis
    for standard in (central, city):
        assert (standard.valid_from, standard.valid_to) == (date(2022, 1, 1), date(2025, 12, 31))
    clauses = {policy.kind: policy.legal_basis for policy in Policy.objects.all()}
    helped = {"loan", "training", "tuition", "scholarship", "legal_aid"}
    assert set(clauses) == {"house_new", "house_repair", "job", "insurance"} | helped
    assert all("chưa kiểm chứng" in clauses[kind] for kind in ("loan", "training", "tuition"))
    assert "II.3" in clauses["house_new"]
    assert "II.2" in clauses["insurance"]
    assert Round.objects.filter(kind="annual").count() == 2
    assert Round.objects.filter(kind="regular").count() == 24


@pytest.mark.django_db
def test_loading_twice_adds_nothing_and_keeps_what_the_office_changed(capsys):
    load(capsys)
    Standard.objects.filter(code="city-2022").update(line_rural=2_100_000)
    Standard.objects.filter(code="central-2022").update(confirmed_document="Bản sao")
    Round.objects.filter(kind="annual", year=2023).update(starts_on=date(2023, 9, 5), ends_on=date(2023, 12, 20))
    events = Event.objects.count()
    output = load(capsys)
    assert "0 rows added" in output
    assert "city-2022: line_rural" in output
    assert "central-2022: confirmed_document" in output
    assert Standard.objects.get(code="city-2022").line_rural == 2_100_000
    assert Round.objects.count() == 26
    assert Event.objects.count() == events


def shipped(change):
    data = json.loads(SHIPPED.read_text(encoding="utf-8"))
    change(data)
    return data


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (
            lambda d: d["standards"][1].update(line_rural="2 triệu"),
            "standards thứ 2 (city-2022), line_rural: phải là số nguyên",
        ),
        (lambda d: d["standards"][0].update(line_urban=0), "standards thứ 1 (central-2022), line_urban"),
        (lambda d: d["standards"][0].update(deprivations_for_poor=13), "từ 1 đến 12"),
        (lambda d: d["standards"][0].update(basis="b1"), "phải là một trong b1_score, income"),
        (lambda d: d["standards"][0].update(valid_from="2022-02-30"), "valid_from: phải là ngày có thật"),
        (lambda d: d["standards"][0].update(valid_to="2021-12-31"), "valid_to: không được trước valid_from"),
        (lambda d: d["standards"][0].update(confirmed_document=" "), "đã xác nhận thì phải ghi số văn bản"),
        (lambda d: d["standards"][0].update(confirmed="yes"), "phải là true hoặc false"),
        (lambda d: d["standards"][1].update(code="central-2022"), "standards: mã central-2022 có hai lần"),
        (lambda d: d["standards"][1].update(code="Chuẩn"), "code: chỉ gồm chữ thường"),
        (lambda d: d["standards"][1].pop("name"), "standards thứ 2 (city-2022), name"),
        (lambda d: d["policies"][3].update(kind="card"), "policies thứ 4 (insurance), kind"),
        (lambda d: d["policies"].append("job"), "policies thứ 10: phải là một đối tượng"),
        (lambda d: d["round_years"].append("2024"), "round_years thứ 3: phải là năm từ 2021 đến 2100"),
        (lambda d: d.pop("policies"), "policies: phải là một danh sách"),
    ],
)
@pytest.mark.django_db
def test_a_broken_file_is_refused_by_name_and_nothing_is_written(tmp_path, change, says):
    path = tmp_path / "standards.json"
    path.write_text(json.dumps(shipped(change)), encoding="utf-8")
    with pytest.raises(CommandError) as raised:
        call_command("load_standards", file=path)
    assert str(raised.value).startswith("standards.json: ")
    assert says in str(raised.value)
    assert not Standard.objects.exists()
    assert not Policy.objects.exists()


@pytest.mark.parametrize(
    ("content", "says"),
    [(b'{"standards": [\n  {"code" 1}]}', "dòng 2, cột 11"), (b"\xff\xfe", "UTF-8"), (b"[]", "đối tượng JSON")],
)
def test_a_file_that_is_not_json_says_where(tmp_path, content, says):
    path = tmp_path / "x.json"
    path.write_bytes(content)
    with pytest.raises(CommandError, match=says):
        call_command("load_standards", file=path)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(CommandError, match="không có tệp này"):
        call_command("load_standards", file=tmp_path / "none.json")


@pytest.mark.django_db
def test_rounds_of_a_later_year_are_opened_once(capsys):
    assert "13 added" in load(capsys, "--year", "2026")
    assert "0 added" in load(capsys, "--year", "2026")
    assert not Standard.objects.exists()
    assert Round.objects.get(kind="annual").name == "Định kỳ 2026"
    with pytest.raises(CommandError, match="allowed are 2021 to 2100"):
        call_command("load_standards", year=26)


# ---- confirmed


def test_the_citys_standard_is_confirmed_with_document_person_and_time(standards, cast):
    city = service.confirm_standard(standard=standards[1], document=" 12/2022/NQ-HĐND ", at=NOON, by=cast["cuc"])
    city.refresh_from_db()
    assert (city.confirmed, city.confirmed_document, city.confirmed_by, city.confirmed_at) == (
        True,
        "12/2022/NQ-HĐND",
        cast["cuc"],
        NOON,
    )
    event = Event.objects.get(action="standard.confirmed")
    assert event.after["document"] == "12/2022/NQ-HĐND"
    with pytest.raises(ValidationError, match="đã được xác nhận theo 12/2022"):
        service.confirm_standard(standard=city, document="13/2022", at=NOON, by=cast["cuc"])


def test_a_confirmation_needs_a_document_and_the_right(standards, cast):
    with pytest.raises(ValidationError, match="Ghi số văn bản"):
        service.confirm_standard(standard=standards[1], document=" ", at=NOON, by=cast["cuc"])
    for name in ("hoa", "lan", "admin", "nobody"):
        with pytest.raises(PermissionDenied):
            service.confirm_standard(standard=standards[1], document="12/2022", at=NOON, by=cast[name])
