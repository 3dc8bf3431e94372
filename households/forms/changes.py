"""What is typed about a household's life: a form for each kind of change. Pages tell what will happen beforehand."""

from django import forms

from areas.models import Area
from areas.vietnamese import tidy
from households.changes import Kind
from households.forms.fields import DayField
from households.forms.register import MemberForm
from households.models import Household, Member
from households.services import changes as services


class ChangeForm(forms.Form):
    day = DayField(label="Ngày thay đổi")

    def __init__(self, *args, household, user, today, **kwargs):
        super().__init__(*args, **kwargs)
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
        self.fields["ward"].queryset = Area.objects.filter(level=Area.Level.WARD).order_by("parent__order", "order")
        self.fields["ward"].initial = self.household.ward_id


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
        self.order_fields(["day", "members", "head", "group", "address"])

    def given(self):
        return self.cleaned_data | {"members": set(self.cleaned_data["members"])}


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
        choices=[("", "Chọn"), *(one for one in Member.Relation.choices if one[0] != Member.Relation.HEAD)],
    )

    def prepare(self):
        self.fields["head"].choices = [("", "Chọn"), *self._others()]


class LeaveForm(ChangeForm):
    member = forms.TypedChoiceField(label="Người rời hộ", coerce=int)
    left_as = forms.ChoiceField(
        label="Vì sao", choices=[("", "Chọn"), *((one.value, one.label) for one in list(Member.LeftAs)[:2])]
    )

    def prepare(self):
        self.fields["member"].choices = [("", "Chọn"), *self._others()]


class JoinForm(ChangeForm, MemberForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, held={}, **kwargs)

    def prepare(self):
        del self.fields["key"]
        self.fields["relation"].choices = [one for one in Member.Relation.choices if one[0] != Member.Relation.HEAD]

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
