"""The running portal's role on PostgreSQL: every write of the portal, new rows of the log, and nothing else."""

from importlib import import_module

import pytest
from django.core.management import CommandError, call_command
from django.db import ProgrammingError, connection, transaction

from accounts.log import log, log_view
from accounts.models import Event, PersonalDataView
from households import search_words
from tests import make

pytestmark = [pytest.mark.postgres, pytest.mark.django_db]
ROLE = "portal_test_app"
TABLES = ["accounts_event", "accounts_personaldataview"]
CHANGES = ["UPDATE {} SET at = now()", "DELETE FROM {}", "TRUNCATE {}"]
MAY = "SET LOCAL portal.rewrite_log = 'on'"
NEVER = [
    "DROP TRIGGER append_only ON accounts_event",
    "ALTER TABLE accounts_event DISABLE TRIGGER append_only",
    "ALTER TABLE households_household ADD x int",
    "TRUNCATE households_household CASCADE",
    "DROP MATERIALIZED VIEW households_word",
    "REFRESH MATERIALIZED VIEW households_word",
    "CREATE TABLE x (y int)",
    "CREATE TEMPORARY TABLE x (y int)",
    "CREATE SCHEMA x",
    "CREATE FUNCTION x() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "CREATE OR REPLACE FUNCTION portal_append_only() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
    "SELECT setval('accounts_event_id_seq', 1)",
    "DELETE FROM django_migrations",
    "CREATE ROLE x",
    "COPY accounts_event TO PROGRAM 'true'",
    "SET LOCAL session_replication_role = 'replica'",
]
FLOORS = {
    "accounts.test_nothing_half_written": lambda module: make.a_cast(make.a_city()),
    "households.test_nothing_half_written": lambda module: module.scenes.World(),
    "targets.test_nothing_half_written": lambda module: module.World(),
    "targets.test_activities_half_written": lambda module: module.World(),
    "targets.test_figures_half_written": lambda module: module.World(),
    "reports.test_nothing_half_written": lambda module: module.World(),
}


@pytest.fixture(autouse=True)
def on_postgresql(db):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no roles")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # what waits for the end of the test would stop a TRUNCATE


@pytest.fixture
def role(settings):
    """Goes with the test's transaction."""
    settings.APP_DATABASE_PASSWORD = "a-password-of-tests"
    call_command("grant_app_role", ROLE, verbosity=0)
    return ROLE


@pytest.fixture
def written(cast):
    log(cast["hoa"], "user.changed", cast["hoa"])
    log_view(cast["hoa"], "view", "20236-00001")


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
def test_the_log_takes_new_rows_only(role, written, table, change):
    as_role = f"SET LOCAL ROLE {role}"
    refused(as_role, change.format(table))
    with connection.cursor() as cursor:  # somebody grants it by mistake, and still
        cursor.execute(f"GRANT ALL ON {table} TO {role}")
    refused(as_role, MAY, change.format(table))


def test_the_role_changes_no_table_and_nothing_of_the_server(role, written):
    for statement in NEVER:
        refused(f"SET LOCAL ROLE {role}", statement)


@pytest.mark.parametrize("floor", FLOORS)
def test_the_role_carries_out_every_service(role, floor):
    """All scenes in which a service may be called, from an empty city on."""
    module = import_module(f"tests.{floor}")
    assert module.SCENES
    for name, scene in module.SCENES.items():
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL ROLE {role}")
            try:
                scene(FLOORS[floor](module))()
            except ProgrammingError as error:
                pytest.fail(f"{name}: {error}")
            cursor.execute("SELECT current_user")
            assert cursor.fetchone() == (role,)
            transaction.set_rollback(True)


def test_the_role_makes_the_words_of_a_search_anew(role, areas):
    household = make.a_household(areas["ward"], head="Trần Văn Quýt")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {role}")
        assert search_words.near(["quyk"]) == []
        search_words.refresh()
        assert search_words.near(["quyk"]) == [["quyt"]], household.search


def test_granted_again_it_is_the_same_and_a_later_table_is_the_roles_too(role, settings):
    told = "SELECT relname, relacl::text FROM pg_class WHERE relnamespace = 'public'::regnamespace ORDER BY oid"
    with connection.cursor() as cursor:
        cursor.execute(told)
        before = cursor.fetchall()
        settings.APP_DATABASE_PASSWORD = ""  # only the password is left as it was
        cursor.execute("SELECT rolpassword FROM pg_authid WHERE rolname = %s", [role])
        password = cursor.fetchone()
        call_command("grant_app_role", role, verbosity=0)
        cursor.execute(told)
        assert cursor.fetchall() == before
        cursor.execute("SELECT rolpassword FROM pg_authid WHERE rolname = %s", [role])
        assert password[0].startswith("SCRAM-SHA-256$")
        assert cursor.fetchone() == password
        cursor.execute("CREATE TABLE later (id serial, y int)")
        cursor.execute(f"SET LOCAL ROLE {role}")
        cursor.execute("INSERT INTO later (y) VALUES (1) RETURNING id")
        assert cursor.fetchone() == (1,)
        cursor.execute("RESET ROLE")


@pytest.mark.parametrize("change", CHANGES)
def test_the_owner_does_not_rewrite_it_by_mistake(written, change):
    refused("SET LOCAL portal.rewrite_log = ''", change.format("accounts_event"))


def test_a_role_that_cannot_be_kept_from_it_is_refused():
    with pytest.raises(CommandError, match="APP_DATABASE_PASSWORD"):
        call_command("grant_app_role", "khong-co")
    with pytest.raises(CommandError, match="superuser"):
        call_command("grant_app_role", "postgres")
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE ROLE {ROLE} IN ROLE postgres")
    with pytest.raises(CommandError, match="owns the tables"):
        call_command("grant_app_role", ROLE)
