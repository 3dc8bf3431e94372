"""What is typed about activities and the roster. What is asked is said by the kind; what is wrong, by the rules."""

from itertools import groupby

from django import forms

from accounts.fields import DayField, MoneyField, entry
from accounts.models import Agency
from areas.models import Area
from targets import evidence_files
from targets.activity_kinds import Kind
from targets.activity_queries import in_order
from targets.activity_services import areas_for, clauses_for
from targets.fields import FilesField
from targets.forms.figures import CountField
from targets.models import Clause, FollowUp, ModelHousehold, Officer
from targets.roster_services import roster_areas

LONG = {"rows": 4}
OF_ALL = "Không tải lên danh sách có số định danh của dân."


def by_district(areas) -> list:
    """Choices of a select: the city and districts by themselves, wards under their district."""
    rows, found = in_order(areas), []
    for is_ward, some in groupby(rows, key=lambda area: area.level == Area.Level.WARD):
        some = [(area.pk, area.full_name) for area in some]
        if is_ward and found and not isinstance(found[-1][1], list):
            found.append((f"{found[-1][1]}: phường, xã", some))
        else:
            found += some
    return found


class ActivityForm(forms.Form):
    """One form for every kind. `agency`: whose it is; None lets the programme office choose."""

    agency = forms.ModelChoiceField(
        label="Đơn vị tổ chức", queryset=Agency.objects.none(), error_messages={"required": "Chọn đơn vị."}
    )
    form = forms.ChoiceField(label="Hình thức", required=False)
    title = forms.CharField(label="Tên", max_length=200, widget=entry())
    day = DayField(label="Ngày", help_text="Ngày bắt đầu; được tính vào chỉ tiêu từ ngày này.")
    ends_on = DayField(label="Đến ngày", required=False, help_text="Khi kéo dài nhiều ngày.")
    area = forms.ModelChoiceField(
        label="Địa bàn",
        queryset=Area.objects.none(),
        empty_label="Chọn địa bàn",
        error_messages={"required": "Chọn địa bàn."},
    )
    place = forms.CharField(label="Địa điểm", max_length=200, required=False, widget=entry())
    clause = forms.ModelChoiceField(
        label="Mục của kế hoạch",
        queryset=Clause.objects.none(),
        empty_label="Chọn mục",
        error_messages={"required": "Chọn mục của kế hoạch."},
    )
    people = CountField(label="Số người", required=False)
    households = CountField(label="Số hộ", required=False)
    times = CountField(label="Số lần", required=False)
    amount = MoneyField(label="Số tiền (đồng)", required=False)
    content = forms.CharField(label="Nội dung", max_length=6000, required=False, widget=forms.Textarea(attrs=LONG))
    recommendations = forms.CharField(
        label="Kiến nghị với đơn vị được kiểm tra",
        max_length=6000,
        required=False,
        widget=forms.Textarea(attrs=LONG),
        help_text="Được theo dõi cho đến khi thực hiện xong. Để trống nếu không có.",
    )
    follow_by = DayField(label="Hạn thực hiện kiến nghị", required=False)
    files = FilesField(label="Minh chứng", required=False, help_text=f"Nhận {evidence_files.ALLOWED}. {OF_ALL}")

    def __init__(self, *args, kind: Kind, plan, agency: Agency | None, new: bool, own: Agency | None = None, **options):
        super().__init__(*args, **options)
        fields = self.fields
        if agency is None:
            there = Agency.objects.existing_on(plan.issued_on).exclude(kind=Agency.Kind.GROUP)
            fields["agency"].queryset = there
            fields["agency"].initial = own
        else:
            del fields["agency"]
        self._of_kind(kind)
        if not new:
            del fields["files"]
        self._clauses(kind, clauses_for(plan, agency).select_related("parent"))
        areas = areas_for(agency or Agency(), plan)
        fields["area"].queryset = areas
        chosen = areas.exclude(level=Area.Level.CITY) if kind.of_units else areas
        fields["area"].widget.choices = [("", "Chọn địa bàn"), *by_district(chosen)]
        if kind.of_units:
            fields["area"].label = "Đơn vị được kiểm tra"

    def _of_kind(self, kind: Kind) -> None:
        fields = self.fields
        fields["title"].label, fields["content"].label = kind.title_label, kind.content_label
        fields["title"].error_messages["required"] = f"Ghi {kind.title_label.lower()}."
        fields["content"].required = kind.content_needed
        fields["content"].error_messages["required"] = f"Ghi {kind.content_label.lower()}."
        if kind.forms:
            fields["form"].label, fields["form"].required = kind.forms_label, True
            fields["form"].choices = [("", "Chọn"), *kind.forms.items()]
            fields["form"].error_messages["required"] = f"Chọn {kind.forms_label.lower()}."
        else:
            del fields["form"]
        asked = {number.name: number for number in kind.numbers}
        for name in ("people", "households", "times", "amount"):
            if number := asked.get(name):
                fields[name].label, fields[name].help_text = number.label, number.hint
                fields[name].required = number.needed
                fields[name].error_messages["required"] = "Ghi con số này."
            else:
                del fields[name]
        if not kind.of_units:
            del fields["recommendations"], fields["follow_by"]

    def _clauses(self, kind: Kind, rows) -> None:
        """Those that the kind mostly serves first."""
        self.fields["clause"].queryset = rows
        rows = list(rows)
        usual = [row for ref in kind.refs for row in rows if row.ref == ref]
        labelled = [[(row.pk, f"{row.ref} {row.text[:70]}") for row in some] for some in (usual, rows)]
        labelled[1] = [one for one in labelled[1] if one not in labelled[0]]
        groups = [("Thường dùng", labelled[0]), ("Mục khác", labelled[1])]
        self.fields["clause"].widget.choices = [("", "Chọn mục"), *(group for group in groups if group[1])]
        if usual:
            self.fields["clause"].initial = usual[0].pk


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label="Lý do hủy", max_length=300, widget=entry(), error_messages={"required": "Ghi lý do hủy."}
    )


class ProofForm(forms.Form):
    files = FilesField(
        label="Thêm minh chứng",
        help_text=f"Nhận {evidence_files.ALLOWED}. {OF_ALL}",
        error_messages={"required": "Chọn tệp minh chứng."},
    )


class FollowForm(forms.Form):
    step = forms.ChoiceField(label="Tình trạng", widget=forms.RadioSelect)
    day = DayField(label="Ngày")
    text = forms.CharField(
        label="Đơn vị được kiểm tra đã làm gì",
        max_length=4000,
        widget=forms.Textarea(attrs=LONG),
        error_messages={"required": "Ghi đơn vị được kiểm tra đã làm gì."},
    )

    def __init__(self, *args, closed: bool, **options):
        super().__init__(*args, **options)
        steps = FollowUp.Step
        offered = [steps.REOPEN] if closed else [steps.NOTE, steps.CLOSE]
        self.fields["step"].choices = [(step.value, step.label) for step in offered]
        self.fields["step"].initial = offered[0].value


class JoinForm(forms.Form):
    code = forms.CharField(
        label="Mã hộ", max_length=20, widget=entry(), error_messages={"required": "Ghi mã hộ."},
        help_text="Hộ nghèo, cận nghèo, mới thoát nghèo trong sổ hộ.",
    )  # fmt: skip
    joined_on = DayField(label="Tham gia từ ngày")


class ResultForm(forms.Form):
    joined_on = DayField(label="Tham gia từ ngày")
    result = forms.ChoiceField(
        label="Kết quả sau một năm", required=False, choices=[("", "Chưa đánh giá"), *ModelHousehold.Result.choices]
    )
    result_on = DayField(label="Ngày đánh giá", required=False)
    note = forms.CharField(label="Ghi chú", max_length=300, required=False, widget=entry())


class OfficerForm(forms.Form):
    area = forms.ModelChoiceField(
        label="Địa bàn",
        queryset=Area.objects.none(),
        empty_label="Chọn địa bàn",
        error_messages={"required": "Chọn địa bàn."},
    )
    kind = forms.ChoiceField(label="Đối tượng", choices=Officer.Kind.choices, widget=forms.RadioSelect)
    full_name = forms.CharField(
        label="Họ và tên", max_length=100, widget=entry(), error_messages={"required": "Ghi họ và tên."}
    )
    post = forms.CharField(label="Chức vụ", max_length=100, widget=entry(), error_messages={"required": "Ghi chức vụ."})
    group = forms.CharField(
        label="Thôn, tổ dân phố", max_length=60, required=False, widget=entry(),
        help_text="Của cán bộ thôn, tổ dân phố.",
    )  # fmt: skip
    valid_from = DayField(label="Có trong danh sách từ ngày")
    left_on = DayField(label="Thôi từ ngày", required=False, help_text="Từ ngày này không tính nữa.")

    def __init__(self, *args, by, today, new: bool, **options):
        super().__init__(*args, **options)
        areas = roster_areas(by, today)
        self.fields["area"].queryset = areas
        self.fields["area"].widget.choices = [("", "Chọn địa bàn"), *by_district(areas)]
        if new:
            self.fields["area"].initial = by.area_id
            del self.fields["left_on"]


class RosterSheetForm(forms.Form):
    area = forms.ModelChoiceField(
        label="Địa bàn của các dòng không ghi phường, xã", queryset=Area.objects.none(), empty_label=None
    )
    start = DayField(label="Có trong danh sách từ ngày", help_text="Của các dòng không ghi ngày.")
    sheet = forms.FileField(
        label="Tệp danh sách", help_text="XLSX, XLS, ODS hoặc CSV.", error_messages={"required": "Chọn tệp danh sách."}
    )

    def __init__(self, *args, by, today, **options):
        super().__init__(*args, **options)
        areas = roster_areas(by, today)
        self.fields["area"].queryset = areas
        self.fields["area"].initial = by.area_id
        self.fields["area"].widget.choices = by_district(areas)
