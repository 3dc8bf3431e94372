"""Indexes that answer no question, or one that another answers too: a sheet of households filled all of them.

Numbers are looked for with the whole condition of their unique index (models.people.has_number), names by
`member_name_and_year`, rows of a sheet by `import_row_once`. Dropped by name: altering the fields on PostgreSQL would
take the unique indexes of the same columns with them.
"""

import django.db.models.deletion
from django.db import migrations, models

# Each with its table and column. PostgreSQL also has a twin for LIKE of those of words, which nothing asks.
INDEXES = {
    "households_member_citizen_id_hash_ddfacd4d": ("households_member", "citizen_id_hash"),
    "households_member_old_id_hash_9cc882f4": ("households_member", "old_id_hash"),
    "households_member_insurance_hash_10e028fb": ("households_member", "insurance_hash"),
    "households_member_search_name_c47b84cf": ("households_member", "search_name"),
    "households_importrow_batch_id_d5339215": ("households_importrow", "batch_id"),
}


def drop(apps, schema_editor):
    for name in INDEXES:
        schema_editor.execute(f"DROP INDEX IF EXISTS {name}")
        schema_editor.execute(f"DROP INDEX IF EXISTS {name}_like")


def create(apps, schema_editor):
    for name, (table, column) in INDEXES.items():
        schema_editor.execute(f"CREATE INDEX {name} ON {table} ({column})")
        if schema_editor.connection.vendor == "postgresql" and table == "households_member":
            schema_editor.execute(f"CREATE INDEX {name}_like ON {table} ({column} varchar_pattern_ops)")


class Migration(migrations.Migration):
    dependencies = [("households", "0011_rechecks")]
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunPython(drop, create)],
            state_operations=[
                migrations.AlterField(
                    "importrow",
                    "batch",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rows",
                        to="households.importbatch",
                    ),
                ),
                *(
                    migrations.AlterField(
                        "member", f"{kind}_hash", models.CharField(blank=True, editable=False, max_length=64)
                    )
                    for kind in ("citizen_id", "old_id", "insurance")
                ),
                migrations.AlterField("member", "search_name", models.CharField(editable=False, max_length=120)),
            ],
        )
    ]
