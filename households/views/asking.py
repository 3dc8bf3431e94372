"""Asking another ward from the page on which its household's number was typed: what is typed there stays."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.utils import timezone

from households.forms.fields import refuse
from households.services.ward_requests import Asked, ask_ward


def ask(request, problems, rows, *, group: str, address: str) -> None:
    """Ask about the row whose button was pressed. Before the problems are shown: a shown one takes what was typed away."""
    pressed = request.POST.get("ask_ward", "")
    for problem in problems:
        row = rows[problem.row] if problem.ward and problem.row is not None and problem.row < len(rows) else None
        if row is None or (row.prefix or "new") != pressed:
            continue
        given = row.cleaned_data
        about = Asked(given["full_name"], row["birth"].value(), group, address, given["ask"])
        try:
            asked = ask_ward(
                kind=problem.field, number=given[problem.field], person=about, by=request.user, now=timezone.now()
            )
        except ValidationError as error:
            refuse(row, error)
        else:
            messages.success(request, f"Đã gửi {str(asked).lower()} tới {problem.ward}. Chưa lưu hộ: đợi trả lời.")
        return
