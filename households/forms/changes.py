"""What is typed about a household's life: a form for each kind of change. Pages tell what will happen beforehand."""

from django import forms

from areas.models import Area
from areas.vietnamese import tidy
from households.changes import Kind
from households.forms.fields import DayField
from households.forms.members import MemberForm
from households.models import Household, Member
from households.queries import wards_on
from households.services import changes as services
from households.services.register import LEAVING

NOT_HEAD = [one for one in Member.Relation.choices if one[0] != Member.Relation.HEAD]


class ChangeForm(forms.Form):
    day = DayField(label="Ngày thay đổi")
    # What the writer saw of the household; see services.changes.as_seen.
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, household, user, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["version"].initial = household.version
        self.household, self.user, self.today = household, user, today
        self.members = list(household.members.filter(left_on__isnull=True))
        self.prepare()

    def prepare(self):
        """Fill in what can be chosen."""

    def _others(self):
        return [(one.pk, one.full_name) for one in self.members if one.relation != Member.Relation.HEAD]

    def clean_day(self):
        if self.cleaned_data["day"] > self.today:
            raise forms.ValidationError("Ngày không được ở tương lai.")
        return self.cleaned_data["day"]

    def given(self) -> dict:
        """What the service takes."""
        return self.cleaned_data


class MoveForm(ChangeForm):
    ward = forms.ModelChoiceField(label="Phường, xã mới", queryset=Area.objects.none(), empty_label="Chọn")
    group = forms.CharField(label="Tổ dân phố, thôn mới", max_length=60)
    address = forms.CharField(label="Địa chỉ mới", max_length=200)

    def prepare(self):
        self.fields["ward"].queryset = wards_on(self._day()).order_by("parent__order", "order")
        self.fields["ward"].initial = self.household.ward_id
        self.fields["ward"].error_messages["invalid_choice"] = (
            "Phường, xã này không có vào ngày thay đổi. Danh sách nay theo ngày đó: chọn lại."
        )

    def _day(self):
        """The day that is typed; today while there is none."""
        try:
            return self.fields["day"].clean(self.data.get("day")) if self.is_bound else self.today
        except forms.ValidationError:
            return self.today


class SplitForm(ChangeForm):
    members_ = forms.TypedMultipleChoiceField(label="Người tách ra", coerce=int, widget=forms.CheckboxSelectMultiple)
    head = forms.TypedChoiceField(label="Chủ hộ mới", coerce=int)
    group = forms.CharField(label="Tổ dân phố, thôn", max_length=60)
    address = forms.CharField(label="Địa chỉ hộ mới", max_length=200)

    def prepare(self):
        self.fields["members"] = self.fields.pop("members_")
        self.fields["members"].choices = self._others()
        self.fields["head"].choices = [("", "Chọn"), *self._others()]
        self.fields["group"].initial = self.household.group
        for key, name in self._others():
            self.fields[f"relation_{key}"] = forms.ChoiceField(
                label=f"{name} là gì của chủ hộ mới",
                required=False,
                choices=[("", "Không tách ra, hoặc là chủ hộ mới"), *NOT_HEAD],
            )
        relations = [name for name in self.fields if name.startswith("relation_")]
        self.order_fields(["day", "members", "head", *relations, "group", "address"])

    def clean(self):
        given = super().clean()
        for key in given.get("members", []):
            if key != given.get("head") and not given.get(f"relation_{key}"):
                self.add_error(f"relation_{key}", "Chọn quan hệ với chủ hộ mới.")
        return given

    def given(self):
        given = {name: value for name, value in self.cleaned_data.items() if not name.startswith("relation_")}
        moving = set(given["members"])
        relations = {key: self.cleaned_data[f"relation_{key}"] for key in moving if key != given["head"]}
        return given | {"members": moving, "relations": relations}


class MergeForm(ChangeForm):
    into = forms.CharField(label="Mã hộ nhận", max_length=20)

    def clean_into(self):
        found = Household.objects.visible_to(self.user).filter(code=tidy(self.cleaned_data["into"])).first()
        if not found:
            raise forms.ValidationError("Không có hộ mang mã này trong địa bàn của bạn.")
        return found


class HeadForm(ChangeForm):
    head = forms.TypedChoiceField(label="Chủ hộ mới", coerce=int)
    old_head_becomes = forms.ChoiceField(
        label="Chủ hộ cũ là gì của chủ hộ mới",
        choices=[("", "Chọn"), *NOT_HEAD],
    )

    def prepare(self):
        self.fields["head"].choices = [("", "Chọn"), *self._others()]


class LeaveForm(ChangeForm):
    member = forms.TypedChoiceField(label="Người rời hộ", coerce=int)
    left_as = forms.ChoiceField(label="Vì sao", choices=[("", "Chọn"), *((one.value, one.label) for one in LEAVING)])

    def prepare(self):
        self.fields["member"].choices = [("", "Chọn"), *self._others()]


class JoinForm(ChangeForm, MemberForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, held={}, **kwargs)

    def prepare(self):
        del self.fields["key"], self.fields["clear"], self.fields["left_as"]
        self.fields["relation"].choices = NOT_HEAD

    def given(self):
        self.cleaned_data["key"] = None
        return {"day": self.cleaned_data["day"], "person": self.person()}


# By address: the kind, its form, its service, and what will happen, told before it does.
PAGES = {
    "chuyen-cho": (
        Kind.MOVED_WITHIN,
        MoveForm,
        services.move_within,
        "Hộ sang địa chỉ mới. Nếu đổi phường, xã: phân loại đang có kết thúc ở nơi cũ và tiếp tục ở nơi "
        "mới; sau đó chỉ nơi mới mở được hồ sơ.",
    ),
    "chuyen-di": (
        Kind.MOVED_OUT,
        ChangeForm,
        services.move_out,
        "Hồ sơ hộ được đóng; phân loại đang có kết thúc với lý do chuyển đi.",
    ),
    "tach-ho": (
        Kind.SPLIT,
        SplitForm,
        services.split,
        "Lập một hộ mới cho người tách ra. Hộ mới có cùng phân loại; số nhân khẩu của hộ cũ giảm.",
    ),
    "nhap-ho": (
        Kind.MERGED,
        MergeForm,
        services.merge,
        "Mọi thành viên sang hộ nhận với quan hệ “Khác”; hồ sơ hộ này và phân loại của nó được đóng.",
    ),
    "dong-ho-so": (
        Kind.DIED_OUT,
        ChangeForm,
        services.die_out,
        "Ghi mọi thành viên đã mất, đóng hồ sơ hộ và phân loại đang có.",
    ),
    "doi-chu-ho": (
        Kind.HEAD,
        HeadForm,
        services.change_head,
        "Người được chọn thành chủ hộ. Quan hệ của những người còn lại giữ nguyên: kiểm tra ở trang Sửa hộ.",
    ),
    "roi-ho": (
        Kind.LEFT,
        LeaveForm,
        services.member_leaves,
        "Người này rời hộ; tên vẫn còn trong lịch sử. Số nhân khẩu của phân loại giảm.",
    ),
    "vao-ho": (
        Kind.JOINED,
        JoinForm,
        services.member_joins,
        "Người này thành thành viên của hộ từ ngày ghi. Số nhân khẩu của phân loại tăng.",
    ),
}
