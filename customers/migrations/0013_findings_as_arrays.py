"""What a part of a match run found stands in one row. Parts of runs that are not over are done again."""

from django.db import migrations, models
from django.db.models.deletion import CASCADE

DO_AGAIN = """
UPDATE customers_matchpart part SET is_done = false
FROM customers_matchrun run WHERE run.id = part.run_id AND run.state IN ('RUNNING', 'STOPPED')
"""
# Arrays of numbers hardly shrink: the database need not try.
UNCOMPRESSED = "ALTER TABLE customers_matchfinding ALTER COLUMN content SET STORAGE EXTERNAL"


class Migration(migrations.Migration):
    dependencies = [("customers", "0012_links_without_foreign_key_to_staff")]

    operations = [
        migrations.RunSQL(DO_AGAIN, migrations.RunSQL.noop),
        migrations.DeleteModel("MatchFinding"),
        migrations.CreateModel(
            name="MatchFinding",
            fields=[
                (
                    "part",
                    models.OneToOneField(
                        on_delete=CASCADE,
                        primary_key=True,
                        related_name="finding",
                        serialize=False,
                        to="customers.matchpart",
                        verbose_name="part",
                    ),
                ),
                ("content", models.BinaryField(verbose_name="content")),
            ],
            options={
                "verbose_name": "finding of a match run",
                "verbose_name_plural": "findings of match runs",
            },
        ),
        migrations.RunSQL(UNCOMPRESSED, migrations.RunSQL.noop),
    ]
