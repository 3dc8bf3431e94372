"""The running portal makes the words of a search anew without owning them: a function of the owner does it."""

from django.db import migrations

# What the function finds does not hang on its caller's search path; a temporary table cannot stand in for the view.
FUNCTION = """
CREATE OR REPLACE FUNCTION portal_refresh_words() RETURNS void LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    REFRESH MATERIALIZED VIEW CONCURRENTLY households_word;
END $$
"""


def make(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(FUNCTION, params=None)
        schema_editor.execute("REVOKE EXECUTE ON FUNCTION portal_refresh_words() FROM PUBLIC", params=None)


def drop(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP FUNCTION IF EXISTS portal_refresh_words()", params=None)


class Migration(migrations.Migration):

    dependencies = [
        ('households', '0012_fewer_indexes'),
    ]

    operations = [migrations.RunPython(make, drop)]
