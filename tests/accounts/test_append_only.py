"""The log takes new rows only: of the application's role on PostgreSQL, whatever it says or was granted."""

import pytest
from django.core.management import CommandError, call_command
from django.db import ProgrammingError, connection, transaction

from accounts.log import log, log_view
from accounts.models import Event, PersonalDataView

pytestmark = [pytest.mark.postgres, pytest.mark.django_db]
ROLE = "portal_test_app"
CHANGES = ["UPDATE {} SET at = now()", "DELETE FROM {}", "TRUNCATE {}"]
TABLES = ["accounts_event", "accounts_personaldataview"]


@pytest.fixture(autouse=True)
def written(cast):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no roles")
    log(cast["hoa"], "user.changed", cast["hoa"])
    log_view(cast["hoa"], "view", "20236-00001")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # what waits for the end of the test would stop a TRUNCATE


@pytest.fixture
def role(written):
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE ROLE {ROLE}")  # goes with the test's transaction
    call_command("grant_app_role", ROLE, verbosity=0)
    return ROLE


def carry_out(*statements):
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def refused(*statements):
    with pytest.raises(ProgrammingError) as caught:
        carry_out(*statements)
    assert caught.value.__cause__.pgcode == "42501"  # insufficient_privilege
    assert Event.objects.count() == PersonalDataView.objects.count() == 1


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("change", CHANGES)
def test_the_applications_role_only_adds(role, table, change):
    as_role = f"SET LOCAL ROLE {role}"
    refused(as_role, change.format(table))
    refused(as_role, "SET LOCAL portal.rewrite_log = 'on'", change.format(table))
    with connection.cursor() as cursor:  # somebody grants it by mistake, and still
        cursor.execute(f"GRANT ALL ON {table} TO {role}")
    refused(as_role, "SET LOCAL portal.rewrite_log = 'on'", change.format(table))
    refused(as_role, f"ALTER TABLE {table} DISABLE TRIGGER append_only")
    refused(as_role, "SET LOCAL session_replication_role = 'replica'", change.format(table))


def test_the_applications_role_works(role, cast):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {role}")
        log(cast["hoa"], "user.changed", cast["hoa"], after={"full_name": "Hoa"})
        cast["hoa"].full_name = "Hoa"
        cast["hoa"].save()
        cursor.execute("REFRESH MATERIALIZED VIEW households_word")
        cursor.execute("RESET ROLE")
    assert Event.objects.count() == 2


@pytest.mark.parametrize("change", CHANGES)
def test_the_owner_does_not_rewrite_it_by_mistake(change):
    refused("SET LOCAL portal.rewrite_log = ''", change.format("accounts_event"))


def test_a_role_that_cannot_be_kept_from_it_is_refused(written):
    with pytest.raises(CommandError, match="no role"):
        call_command("grant_app_role", "khong-co")
    with pytest.raises(CommandError, match="superuser"):
        call_command("grant_app_role", "postgres")
