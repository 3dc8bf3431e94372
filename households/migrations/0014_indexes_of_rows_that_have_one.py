"""A household's ward is found by the index of ward and code; few households were merged, and a staged row has none yet:
their indexes hold those only. Dropped by name, as in 0012: altering the fields would make SQLite write the tables anew."""

import django.db.models.deletion
from django.db import migrations, models

INDEXES = {
    "households_household_ward_id_9a9e7181": ("households_household", "ward_id"),
    "households_household_merged_into_id_ab0598e0": ("households_household", "merged_into_id"),
    "households_importrow_household_id_016308f4": ("households_importrow", "household_id"),
}


def drop(apps, schema_editor):
    for name in INDEXES:
        schema_editor.execute(f"DROP INDEX IF EXISTS {name}")


def create(apps, schema_editor):
    for name, (table, column) in INDEXES.items():
        schema_editor.execute(f"CREATE INDEX {name} ON {table} ({column})")


def a_key(to, on_delete, related_name, **more):
    return models.ForeignKey(to=to, on_delete=on_delete, related_name=related_name, db_index=False, **more)


class Migration(migrations.Migration):
    dependencies = [("households", "0013_words_made_by_their_owner")]
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunPython(drop, create)],
            state_operations=[
                migrations.AlterField(
                    "household",
                    "ward",
                    a_key("areas.area", django.db.models.deletion.PROTECT, "+", verbose_name="phường, xã"),
                ),
                migrations.AlterField(
                    "household",
                    "merged_into",
                    a_key(
                        "households.household",
                        django.db.models.deletion.PROTECT,
                        "merged",
                        verbose_name="nhập vào hộ",
                        null=True,
                        blank=True,
                    ),
                ),
                migrations.AlterField(
                    "importrow",
                    "household",
                    a_key(
                        "households.household",
                        django.db.models.deletion.SET_NULL,
                        "imported",
                        verbose_name="hộ",
                        null=True,
                        blank=True,
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            "household",
            models.Index(
                fields=["merged_into"],
                condition=models.Q(merged_into__isnull=False),
                name="household_merged_into",
            ),
        ),
        migrations.AddIndex(
            "importrow",
            models.Index(
                fields=["household"], condition=models.Q(household__isnull=False), name="import_row_household"
            ),
        ),
    ]
