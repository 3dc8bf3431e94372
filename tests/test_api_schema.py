"""Schemathesis asks every operation of the API what its schema allows and what it does not: the schema is believed in full."""

import json

import pytest
import schemathesis
from django.core.management import call_command
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer
from hypothesis import HealthCheck, given
from hypothesis import settings as bounds
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance

from accounts.tokens import issue_token
from areas.models import Area
from danang_poverty.wsgi import application
from tests import make

SCOPES = ["read:figures", "read:tasks", "read:reports", "write:figures", "write:tasks"]
EXAMPLES = 8  # of each operation, in the suite; more by hand finds more


def operations():
    drawn = OpenApiJsonRenderer().render(SchemaGenerator().get_schema(public=True))
    schema = schemathesis.openapi.from_dict(json.loads(drawn))
    schema.app = application
    return [found.ok() for found in schema.get_all_operations()]


@pytest.fixture
def token(db, settings):
    """The city with its plan and a few households; a token that may do everything a token may."""
    settings.API_RATE = settings.API_RATE_STRANGERS = 1_000_000
    city_standard = make.the_standards()[1]
    for command in ("load_areas", "load_agencies", "load_plan"):
        call_command(command, verbosity=0)
    for ward in Area.objects.wards().order_by("code")[:3]:
        make.a_spell(make.a_household(ward), city_standard)
    user = make.a_user("programme_office", Area.objects.get(level="city"), make.an_agency(), username="office")
    signals = (request_started, request_finished)  # as Django's own test client: they close the test's database
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield issue_token(user=user, by=user, scopes=SCOPES)[1]
    for signal in signals:
        signal.connect(close_old_connections)


@pytest.mark.parametrize("operation", operations(), ids=lambda operation: operation.label)
def test_every_operation_keeps_to_its_schema(token, operation):
    if operation.label == "DELETE /api/v1/token/":
        pytest.skip("it would revoke the token that asks; tests/accounts/test_token_api.py asks it")
    headers = {"Authorization": f"Token {token}"}

    @given(
        case=operation.as_strategy(generation_mode=GenerationMode.POSITIVE)
        | operation.as_strategy(generation_mode=GenerationMode.NEGATIVE)
    )
    @bounds(
        max_examples=EXAMPLES, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
    )
    def ask(case):
        # A day without figures, a cursor of another list, an area that is none: refused, and no schema can say which.
        case.call_and_validate(headers=headers, excluded_checks=[positive_data_acceptance])

    ask()
