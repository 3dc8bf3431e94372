"""One shape for every error of the API: RFC 9457 problem details, in English, with the field and the reason.

`type` is stable and tells a request that is not well formed (invalid) from one that a rule of the office refuses
(refused); only the latter's reasons are in Vietnamese, as the pages say them."""

from http import HTTPStatus

from django.core.exceptions import ValidationError as ModelValidationError
from drf_spectacular.utils import OpenApiResponse
from rest_framework import serializers
from rest_framework.exceptions import APIException, ValidationError
from rest_framework.response import Response
from rest_framework.views import exception_handler

CONTENT_TYPE = "application/problem+json"
KEPT_HEADERS = ("Retry-After", "WWW-Authenticate")


class Conflict(APIException):
    """Somebody changed the row since the client read it."""

    status_code = HTTPStatus.CONFLICT
    default_code = "conflict"


class FieldError(serializers.Serializer):
    field = serializers.CharField(help_text="Name of the parameter or field; empty when it is about all of them.")
    reason = serializers.CharField()
    language = serializers.ChoiceField(
        ["en", "vi"], help_text="Of the reason: the office's own rules speak Vietnamese."
    )


class ProblemSerializer(serializers.Serializer):
    """For the schema: what every error looks like."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    errors = FieldError(many=True)


TOLD = {
    400: "A parameter or field is unknown or not allowed; `errors` names it.",
    401: "No token, or one that is not valid any more.",
    403: "The account may not use the API, or the token lacks the scope or may not be used from this address.",
    404: "There is no such thing, or no plan yet.",
    405: "Not asked in this way.",
    406: "Only JSON is written, and CSV where rows are read.",
    409: "Somebody changed it meanwhile: read it again.",
    415: "Send JSON or a form.",
    429: "Too many requests; see Retry-After.",
}


def documented(*statuses: int, **more: str) -> dict:
    """For the schema: how these errors are told. `more`: other words, as s401='Wrong password.'."""
    words = TOLD | {int(name[1:]): text for name, text in more.items()}
    return {(status, CONTENT_TYPE): OpenApiResponse(ProblemSerializer, words[status]) for status in statuses}


def body(status: int, kind: str, detail: str, errors: list[dict] | None = None) -> dict:
    return {
        "type": f"urn:problem:{kind}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "errors": errors or [],
    }


def problem(exc, context):
    """The exception handler of REST framework. None (an unknown error) stays a 500 for Django to log."""
    kind, detail, language = "invalid", "The request is not valid: see errors.", "en"
    if isinstance(exc, ModelValidationError):
        exc = ValidationError(serializers.as_serializer_error(exc))
        kind, detail, language = (
            "refused",
            "The request is well formed, but a rule of the office refuses it: see errors.",
            "vi",
        )
    answer = exception_handler(exc, context)
    if answer is None:
        return None
    if isinstance(exc, ValidationError):
        errors = [line | {"language": language} for line in _lines(exc.detail)]
        content = body(answer.status_code, kind, detail, errors)
    else:
        detail = answer.data.get("detail", "")
        content = body(answer.status_code, getattr(detail, "code", "error"), str(detail))
    headers = {name: answer[name] for name in KEPT_HEADERS if name in answer}
    return Response(content, status=answer.status_code, headers=headers, content_type=CONTENT_TYPE)


def _lines(detail, field=""):
    """Nested errors as a flat list: {"members": [{"name": ["…"]}]} becomes members.0.name."""
    if isinstance(detail, dict):
        for name, inner in detail.items():
            own = "" if name == "non_field_errors" else str(name)
            yield from _lines(inner, ".".join(part for part in (field, own) if part))
    elif isinstance(detail, list):
        for place, inner in enumerate(detail):
            yield from _lines(inner, f"{field}.{place}" if isinstance(inner, dict | list) and field else field)
    else:
        yield {"field": field, "reason": str(detail)}
