"""Jobs in the admin: everybody's and the timetable's; those given up are the dead letters, done again from here."""

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts import job_kinds, jobs
from accounts.admin_base import ReadOnlyAdmin
from accounts.models import Job
from accounts.roles import May


class ByKind(admin.SimpleListFilter):
    title = "loại"
    parameter_name = "loai"

    def lookups(self, request, model_admin):
        return list(job_kinds.LABELS.items())

    def queryset(self, request, queryset):
        return queryset.filter(kind=self.value()) if self.value() else queryset


@admin.register(Job)
class JobAdmin(ReadOnlyAdmin):
    may_view = May.MANAGE_ACCOUNTS
    list_display = ["title", "who", "state", "made_at", "started_at", "finished_at", "attempts", "failure"]
    list_filter = ["state", ByKind, "made_at"]
    search_fields = ["title", "by__username", "by__full_name"]
    list_select_related = ["by"]
    fields = ["title", "what", "key", "who", "state", "done", "total", "made_at", "due_at", "started_at", "finished_at"]
    fields += ["attempts", "failure", "detail"]
    actions = ["do_again", "give_up"]

    def get_queryset(self, request):
        return super().get_queryset(request).defer("args")

    @admin.display(description="ai", ordering="by")
    def who(self, obj):
        return obj.by or "Lịch hằng ngày"

    @admin.display(description="loại", ordering="kind")
    def what(self, obj):
        return job_kinds.label_of(obj.kind)

    @admin.action(description="Chạy lại", permissions=["view"])
    def do_again(self, request, queryset):
        self._each(request, queryset, jobs.retry, "Đã cho chạy lại")

    @admin.action(description="Hủy", permissions=["view"])
    def give_up(self, request, queryset):
        self._each(request, queryset, jobs.cancel, "Đã hủy")

    def _each(self, request, queryset, step, told):
        done = 0
        for job in queryset:
            try:
                step(job=job, by=request.user, at=timezone.now())
                done += 1
            except ValidationError as error:
                messages.error(request, f"{job}: {' '.join(error.messages)}")
        if done:
            messages.success(request, f"{told} {done} việc.")
