from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction
from psycopg2.extensions import encrypt_password

APPEND_ONLY = ["accounts_event", "accounts_personaldataview"]
# Rows of every table there is and of every later one; no table, no function, not even a temporary one.
GRANTS = """
GRANT CONNECT ON DATABASE {database} TO {role};
REVOKE CREATE, TEMPORARY ON DATABASE {database} FROM PUBLIC, {role};
REVOKE CREATE ON SCHEMA public FROM PUBLIC, {role};
GRANT USAGE ON SCHEMA public TO {role};
REVOKE TRUNCATE, REFERENCES, TRIGGER ON ALL TABLES IN SCHEMA public FROM {role};
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role};
REVOKE UPDATE ON ALL SEQUENCES IN SCHEMA public FROM {role};
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role};
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {role};
ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE UPDATE ON SEQUENCES FROM {role};
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {role};
REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {role};
GRANT EXECUTE ON FUNCTION portal_refresh_words() TO {role};
"""
FOUND = """
SELECT pg_has_role(oid, current_user, 'MEMBER') OR rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls
FROM pg_roles WHERE rolname = %s
"""
VIEWS_OF = """
SELECT matviewname FROM pg_matviews WHERE schemaname = 'public' AND matviewowner = %s
"""


class Command(BaseCommand):
    help = (
        "Gives a PostgreSQL role what the running portal needs and no more: it adds to the log, it never rewrites it. "
        "Run by the owner of the tables, after each migrate; web, worker and beat then connect as that role. With "
        "APP_DATABASE_PASSWORD set, the role is made and has that password."
    )

    def add_arguments(self, parser):
        parser.add_argument("role", help="a role that owns nothing and is no superuser")

    def handle(self, *args, role, **options):
        if connection.vendor != "postgresql":
            raise CommandError("Only PostgreSQL has roles.")
        with transaction.atomic(), connection.cursor() as cursor:
            self._make(cursor, role)
            name = connection.ops.quote_name(role)
            database = connection.ops.quote_name(connection.settings_dict["NAME"])
            cursor.execute(GRANTS.format(role=name, database=database))
            for table in APPEND_ONLY:
                cursor.execute(f"REVOKE UPDATE, DELETE ON {table} FROM {name}")
            cursor.execute(VIEWS_OF, [role])  # an earlier version of this command gave the view of words away
            for (view,) in cursor.fetchall():
                cursor.execute(f"ALTER MATERIALIZED VIEW {connection.ops.quote_name(view)} OWNER TO CURRENT_USER")
                cursor.execute(f"GRANT SELECT ON {connection.ops.quote_name(view)} TO {name}")
        self.stdout.write(f"{role} reads and writes, and only adds to {' and '.join(APPEND_ONLY)}.")

    def _make(self, cursor, role: str) -> None:
        """The role with its password. What the server sees and may log is the password's proof, never itself."""
        name, password = connection.ops.quote_name(role), settings.APP_DATABASE_PASSWORD
        cursor.execute(FOUND, [role])
        found = cursor.fetchone()
        if found is None and not password:
            raise CommandError(f"There is no role {role}. Set APP_DATABASE_PASSWORD, and it is made.")
        if found and found[0]:
            raise CommandError(f"{role} is a superuser, owns the tables or makes roles: nothing can be kept from it.")
        if found is None:
            cursor.execute(f"CREATE ROLE {name}")
        if password:
            proof = encrypt_password(password, role, cursor.connection, "scram-sha-256")
            cursor.execute(f"ALTER ROLE {name} LOGIN PASSWORD %s", [proof])
