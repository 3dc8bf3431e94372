from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction

APPEND_ONLY = ["accounts_event", "accounts_personaldataview"]
GRANTS = """
GRANT USAGE ON SCHEMA public TO {role};
REVOKE CREATE ON SCHEMA public FROM {role};
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role};
GRANT USAGE, SELECT, UPDATE ON ALL SEQUENCES IN SCHEMA public TO {role};
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {role};
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT, UPDATE ON SEQUENCES TO {role};
REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {role};
"""


class Command(BaseCommand):
    help = (
        "Gives a PostgreSQL role what the running portal needs and no more: it adds to the log, it never rewrites it. "
        "Run by the owner of the tables, after each migrate; web, worker and beat then connect as that role."
    )

    def add_arguments(self, parser):
        parser.add_argument("role", help="an existing role that owns nothing and is no superuser")

    def handle(self, *args, role, **options):
        if connection.vendor != "postgresql":
            raise CommandError("Only PostgreSQL has roles.")
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT rolsuper, rolname = current_user FROM pg_roles WHERE rolname = %s", [role])
            found = cursor.fetchone()
            if found is None:
                raise CommandError(f"There is no role {role}. CREATE ROLE {role} LOGIN PASSWORD '…' makes it.")
            if any(found):
                raise CommandError(f"{role} is a superuser or owns the tables: nothing can be kept from it.")
            name = connection.ops.quote_name(role)
            cursor.execute(GRANTS.format(role=name))
            for table in APPEND_ONLY:
                cursor.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM {name}")
            # Only the owner of a view refreshes it, and the worker does so every night.
            cursor.execute("SELECT matviewname FROM pg_matviews WHERE schemaname = 'public'")
            for (view,) in cursor.fetchall():
                cursor.execute(f"GRANT CREATE ON SCHEMA public TO {name}")
                cursor.execute(f"ALTER MATERIALIZED VIEW {connection.ops.quote_name(view)} OWNER TO {name}")
                cursor.execute(f"REVOKE CREATE ON SCHEMA public FROM {name}")
        self.stdout.write(f"{role} reads and writes, and only adds to {' and '.join(APPEND_ONLY)}.")
