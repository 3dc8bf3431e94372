"""Tokens of the API: asked for with a user name and password, shown once, revoked by their owner."""

from django.contrib.auth import authenticate
from django.contrib.auth.signals import user_logged_in
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.permissions import AllowAny, IsAuthenticated
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response

from accounts import tokens
from accounts.api_access import TokenAuthentication
from accounts.api_door import Door
from accounts.problems import documented
from accounts.roles import May
from accounts.scopes import READING, Scope
from accounts.second_factor_services import is_missing
from accounts.tokens import DAYS, MOST_DAYS


class Credentials(serializers.Serializer):
    username = serializers.CharField(max_length=150)
    password = serializers.CharField(max_length=200, trim_whitespace=False, style={"input_type": "password"})
    name = serializers.CharField(max_length=100, required=False, default="API", help_text="To know the token by.")
    scopes = serializers.ListField(
        child=serializers.ChoiceField(choices=[scope.value for scope in Scope]),
        required=False,
        default=[scope.value for scope in READING],
        allow_empty=False,
        max_length=len(Scope),
        help_text="What the token may be used for. Writing must be asked for.",
    )
    networks = serializers.ListField(
        child=serializers.CharField(max_length=50),
        required=False,
        default=[],
        max_length=20,
        help_text="Addresses (203.0.113.7) or networks (203.0.113.0/24) it may be used from; empty: all.",
    )
    days = serializers.IntegerField(required=False, default=DAYS, min_value=1, max_value=MOST_DAYS)


class IssuedToken(serializers.Serializer):
    token = serializers.CharField(help_text="Send it as 'Authorization: Token …'. It is not shown again.")
    expiry = serializers.DateTimeField(source="expires_at")
    scopes = serializers.ListField(child=serializers.CharField())


ISSUING = documented(
    *(400, 401, 403, 406, 415, 429), s401="Wrong user name or password.", s403="This account may not use the API."
)


class TokenView(Door):
    throttle_scope = "token"
    read_scope = None
    renderer_classes = [JSONRenderer]

    def get_authenticators(self):
        """Asking for a token needs none; a stale one in the header must not stand in the way of a new one."""
        return [TokenAuthentication()] if self.request and self.request.method == "DELETE" else []

    def get_permissions(self):
        return [IsAuthenticated() if self.request and self.request.method == "DELETE" else AllowAny()]

    def get_authenticate_header(self, request):
        return TokenAuthentication().authenticate_header(request)

    @extend_schema(
        operation_id="token_create",
        summary="Get a token",
        description="An account keeps its ten newest tokens; an eleventh revokes the oldest.",
        request=Credentials,
        responses={201: IssuedToken, **ISSUING},
        auth=[],
    )
    def post(self, request):
        given = Credentials(data=request.data)
        given.is_valid(raise_exception=True)
        told = given.validated_data
        # the plain request: axes leaves its verdict there, where its middleware looks for it
        user = authenticate(request._request, username=told.pop("username"), password=told.pop("password"))
        if user is None:
            raise AuthenticationFailed("Wrong user name or password.")
        if not user.may(May.USE_API):
            raise PermissionDenied("This account may not use the API.")
        if is_missing(user, {}):
            raise PermissionDenied("This account signs in with a second step: make its token in the browser, at /toi/.")
        issued, text = tokens.issue_token(user=user, by=user, **told)
        user_logged_in.send(sender=type(user), request=request._request, user=user)
        issued.token = text
        return Response(IssuedToken(issued).data, status=201)

    @extend_schema(
        operation_id="token_revoke",
        summary="Revoke the token in use",
        request=None,
        responses={204: None, **documented(401, 406, 429)},
    )
    def delete(self, request):
        tokens.revoke_token(token=request.auth, by=request.user)
        return Response(status=204)
