"""On PostgreSQL: names sort by plain bytes in any locale, and 'contains' searches use a trigram index."""

import sys

from django.db import DatabaseError, migrations, transaction

NO_EXTENSION = """
households: the database user may not create the extension pg_trgm, so searches will read whole tables.
As a superuser run CREATE EXTENSION pg_trgm; in this database, then
  manage.py migrate households 0002 && manage.py migrate
"""


def prepare(apps, schema_editor):
    connection = schema_editor.connection
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute('ALTER TABLE households_member ALTER COLUMN sort_key TYPE varchar(120) COLLATE "C"')
        try:
            with transaction.atomic(using=connection.alias):
                cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        except DatabaseError as error:
            sys.stderr.write(f"{NO_EXTENSION}({error})\n")
            return
        cursor.execute(
            "CREATE INDEX IF NOT EXISTS household_search_trigrams ON households_household USING gin (search gin_trgm_ops)"
        )


def undo(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP INDEX IF EXISTS household_search_trigrams")


class Migration(migrations.Migration):
    dependencies = [("households", "0002_search")]
    operations = [migrations.RunPython(prepare, undo)]
