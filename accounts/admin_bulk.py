"""Acts on many rows of an admin list: a page that says what will happen and to how many, then one call of a service."""

from django import forms
from django.contrib import messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import ValidationError
from django.template.response import TemplateResponse

from areas.vietnamese import number

MOST = 2000  # rows of one act; more are done in turns
MOST_SHOWN = 20  # names on the page that asks, and refusals after it


class BulkAdmin:
    """Mixin of an admin class. An action returns `self.bulk(…)`, and names its right in `permissions`."""

    def bulk(self, request, queryset, *, action: str, title: str, says: str, run, form_class=forms.Form):
        """Ask first; when it was confirmed, call `run(keys, **form)`, which returns what was done and what refused.

        The rows that were on the asking page are acted on, and no other, whatever the list shows by now.
        """
        if "keys" in request.POST:
            asked = [int(key) for key in request.POST["keys"].split(",") if key.isdecimal() and len(key) < 19][:MOST]
            queryset = queryset.filter(pk__in=asked)
        rows = list(queryset[: MOST + 1])
        if len(rows) > MOST:
            messages.error(request, f"Chưa làm gì: chọn quá {number(MOST)} dòng. Hãy lọc bớt rồi làm từng lượt.")
            return None
        confirmed = "confirmed" in request.POST
        form = form_class(*([request.POST] if confirmed else []))
        if confirmed and form.is_valid():
            try:
                outcome = run(asked if "keys" in request.POST else [row.pk for row in rows], **form.cleaned_data)
            except ValidationError as refused:
                _say_at_fields(form, refused)
            else:
                self._tell(request, title, outcome)
                return None
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": f"{title}: {number(len(rows))} dòng",
            "says": says,
            "verb": title,
            "action": action,
            "keys": ",".join(str(row.pk) for row in rows),
            "first": rows[0].pk if rows else "",
            "names": [str(row) for row in rows[:MOST_SHOWN]],
            "further": max(0, len(rows) - MOST_SHOWN),
            "form": form,
            "box": ACTION_CHECKBOX_NAME,
        }
        return TemplateResponse(request, "admin/bulk_confirm.html", context)

    def _tell(self, request, title: str, outcome) -> None:
        if outcome.done:
            messages.success(request, f"{title}: đã làm {number(outcome.done)} dòng.")
        refused = list(outcome.refused.values())
        if not refused:
            return
        told = "; ".join(f"{name}: {why}" for name, why in refused[:MOST_SHOWN])
        more = f"; và {number(len(refused) - MOST_SHOWN)} dòng khác" if len(refused) > MOST_SHOWN else ""
        messages.warning(request, f"{number(len(refused))} dòng không làm được, giữ nguyên. {told}{more}")


def _say_at_fields(form, refused: ValidationError) -> None:
    for name, problems in (refused.error_dict if hasattr(refused, "error_dict") else {None: refused.messages}).items():
        form.add_error(name if name in form.fields else None, problems)
