"""What every door of the API stands on: which scope it asks for; what was not changed is not sent again."""

import hashlib

from django.core.cache import cache
from django.http import Http404, HttpResponse
from django.utils import timezone
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema, extend_schema_view
from rest_framework.exceptions import NotAcceptable, PermissionDenied
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.renderers import JSONRenderer
from rest_framework.views import APIView

from accounts.access import Allowed
from accounts.api_access import TokenAuthentication
from accounts.api_csv import CsvRenderer
from accounts.log import mark
from accounts.problems import documented
from accounts.roles import May
from accounts.scopes import NEEDS, Scope

REMEMBERED = 300  # seconds that a drawn answer is kept; its key moves with every write


class TokenScheme(OpenApiAuthenticationExtension):
    target_class = TokenAuthentication
    name = "token"

    def get_security_definition(self, auto_schema):
        return {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": "`Token …`, made at /toi/ or at /api/v1/token/.",
        }


class Scoped(Allowed):
    """The right of the view, and with a token its scope too. What writes is open to tokens only."""

    def has_permission(self, request, view):
        if not super().has_permission(request, view):
            return False
        writes = request.method not in ("GET", "HEAD", "OPTIONS")
        scope = view.write_scope if writes else view.read_scope
        if scope is None:
            return True
        if not request.user.may(NEEDS[scope]):  # the owner may have lost the right since the token was made
            return False
        if request.auth is None:
            if writes and request.successful_authenticator:
                raise PermissionDenied(f"Writing needs a token with the scope {scope}.", code="token_needed")
            return True
        if not request.auth.allows(scope):
            held = ", ".join(request.auth.scopes) or "none"
            raise PermissionDenied(f"This token lacks the scope {scope}; it has {held}.", code="wrong_scope")
        return True


class Negotiation(DefaultContentNegotiation):
    def filter_renderers(self, renderers, format):
        """A format that does not exist is 406, as it would be in the Accept header; the stock answer is 404."""
        try:
            return super().filter_renderers(renderers, format)
        except Http404:
            raise NotAcceptable(f"There is no format {format!r} here. Formats: json, csv.") from None


class Door(APIView):
    """A view of the API names its right and its scopes."""

    may = May.USE_API
    read_scope: Scope | None = Scope.READ_FIGURES
    write_scope: Scope | None = None
    permission_classes = [Scoped]
    renderer_classes = [JSONRenderer, CsvRenderer]
    content_negotiation_class = Negotiation

    def given(self, serializer_class, **context) -> dict:
        """The parameters, checked. Raises what becomes a 400."""
        parameters = serializer_class(data=self.request.query_params, context=context)
        parameters.is_valid(raise_exception=True)
        return parameters.validated_data

    def finalize_response(self, request, response, *args, **kwargs):
        response = super().finalize_response(request, response, *args, **kwargs)
        if rate := getattr(request._request, "api_rate", None):
            for name, value in zip(("Limit", "Remaining", "Reset"), rate, strict=True):
                response[f"RateLimit-{name}"] = str(value)
        return response


class ReadDoor(Door):
    """Answers GET by `answer(today, **path)`, once for each question until something is written.

    The ETag is drawn from the question and the log's mark, which comes with the token: what was not changed costs one
    query and no figure.
    """

    answers_by_mark = True

    def get(self, request, **path):
        today = timezone.localdate()
        etag = self._etag(request, today)
        headers = {"ETag": etag, "Cache-Control": "private, no-cache", "Vary": "Accept, Authorization, Cookie"}
        if etag in _etags(request.headers.get("If-None-Match", "")):
            return _bare(HttpResponse(status=304, headers=headers))
        key, renderer = f"api:{etag.strip(chr(34))}", request.accepted_renderer
        body = cache.get(key)
        if body is None:
            body = renderer.render(self.answer(today, **path), request.accepted_media_type, {"view": self})
            cache.set(key, body, REMEMBERED)
        return HttpResponse(body, content_type=f"{renderer.media_type}; charset=utf-8", headers=headers)

    def answer(self, today, **path):
        raise NotImplementedError

    def _etag(self, request, today) -> str:
        newest = getattr(request.auth, "mark", None) or mark()
        asked = (request.get_full_path(), request.accepted_renderer.format, request.user.pk, today, newest, VERSION)
        return f'"{hashlib.sha256(repr(asked).encode()).hexdigest()[:32]}"'


VERSION = 1  # raised when the same question gets another answer without a write: the ETag must not say otherwise


def _etags(header: str) -> set[str]:
    """Of If-None-Match; compared weakly, as RFC 9110 asks."""
    return {tag.strip().removeprefix("W/") for tag in header.split(",")}


def _bare(answer: HttpResponse) -> HttpResponse:
    """A 304 carries no content and does not speak of any."""
    del answer["Content-Type"]
    return answer


# How the reference tells of doors

UNCHANGED = {304: OpenApiResponse(description="Nothing was written since the answer that If-None-Match names.")}
READ_PROBLEMS = UNCHANGED | documented(400, 401, 403, 404, 406, 429)
WRITE_PROBLEMS = documented(400, 401, 403, 404, 406, 415, 429)


def told(answer, *, id: str, summary: str, parameters=(), **more):
    """How the reference tells of a door that is read."""
    doc = extend_schema(
        operation_id=id, summary=summary, parameters=list(parameters), responses={200: answer, **READ_PROBLEMS}, **more
    )
    return extend_schema_view(get=doc)


def a_path(name: str, text: str, kind=str) -> OpenApiParameter:
    return OpenApiParameter(name, kind, OpenApiParameter.PATH, description=text)
