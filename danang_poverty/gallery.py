"""Every component on one page, for whoever works on the look. Reached only where DEBUG is on; nothing is stored."""

from django import forms
from django.core.paginator import Paginator
from django.shortcuts import render
from django.views.decorators.http import require_GET

from households.classify import classify
from households.models import Result, Standard
from households.standards import Findings
from targets.charts import pace_bar
from targets.pages import Figure

KINDS = [
    ("ok", "Đúng tiến độ", 84, 75),
    ("watch", "Cần chú ý", 70, 75),
    ("bad", "Chậm", 31, 75),
    ("none", "Chưa có số liệu", None, 75),
]
PLACES = ["Hải Châu", "Thanh Khê", "Sơn Trà", "Ngũ Hành Sơn", "Liên Chiểu", "Cẩm Lệ", "Hòa Vang"]


class Sample(forms.Form):
    name = forms.CharField(label="Họ và tên", max_length=60)
    day = forms.DateField(
        label="Ngày khảo sát",
        help_text="Viết như 03/10/2023.",
        widget=forms.DateInput(attrs={"inputmode": "numeric", "size": 10}),
    )
    zone = forms.ChoiceField(label="Khu vực", choices=[("", "Chọn"), ("urban", "Thành thị"), ("rural", "Nông thôn")])
    labour = forms.ChoiceField(
        label="Còn sức lao động", choices=[("yes", "Còn"), ("no", "Không còn")], widget=forms.RadioSelect
    )
    note = forms.CharField(label="Ghi chú", required=False, widget=forms.Textarea(attrs={"rows": 3}))
    merit = forms.BooleanField(label="Có người có công", required=False, help_text="Theo danh sách của phường, xã.")

    def clean(self):
        raise forms.ValidationError("Hộ phải có ít nhất một người.")


@require_GET
def gallery(request):
    bars = {
        kind: pace_bar(label=label, share=share, mark=mark, kind=kind, mark_label="mốc 1.558 hộ")
        for kind, label, share, mark in KINDS
    }
    typed = {"name": "Trần Văn Thử", "day": "31/02/2023", "zone": "urban", "note": "Nhà mới sửa mái."}
    return render(
        request,
        "components/gallery.html",
        {
            "form": Sample(typed),
            "blank": Sample(prefix="blank"),
            "figures": [
                Figure(
                    f"Mục tiêu {place}",
                    "Hộ nghèo còn sức lao động",
                    "Tỷ lệ trên tổng số hộ dân cư",
                    "1,60 %",
                    "mục tiêu 1,39 %",
                    [bars[kind]],
                    kind,
                    label,
                    "Đã giảm 1.465 / 2.083 hộ. Còn thiếu 93 hộ so với mốc hôm nay.",
                )
                for place, (kind, label, *_) in enumerate([*KINDS, KINDS[0]], 1)
            ],
            "bar": bars["watch"],
            "page": Paginator(PLACES * 5, len(PLACES)).page(2),
            "query": "q=lan",
            "result": a_result("Chuẩn Trung ương 2022-2025", "b1_score", 175, confirmed=True),
            "unsure": a_result("Chuẩn thành phố 2022-2025", "income", 2_500_000, confirmed=False),
            "steps": [
                {"label": "Lập danh sách", "note": "214 hộ, xong 12/09", "state": "done"},
                {"label": "Khảo sát, chấm điểm", "note": "146 / 214 hộ, đến 10/10", "state": "now"},
                {"label": "Niêm yết", "note": "3 ngày làm việc", "state": ""},
                {"label": "Quyết định", "note": "quá hạn 2 ngày", "state": "bad"},
            ],
        },
    )


def a_result(name, basis, line, *, confirmed):
    standard = Standard(name=name, basis=basis, line_urban=line, line_rural=line, confirmed=confirmed)
    found = Findings("urban", 165, 1_800_000, frozenset({"employment", "health_insurance", "housing_area"}))
    receipt = classify(found, standard.rule())
    return Result(standard=standard, category=receipt.category, receipt=receipt.as_json())
