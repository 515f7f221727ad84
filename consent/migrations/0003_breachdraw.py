import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("consent", "0002_append_only"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="BreachDraw",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("conditions", models.JSONField(default=dict, verbose_name="conditions")),
                ("reason", models.TextField(verbose_name="why these")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("WAITING", "Waiting"),
                            ("RUNNING", "Running"),
                            ("DONE", "Done"),
                            ("STOPPED", "Stopped"),
                            ("TAKEN_BACK", "Taken back"),
                        ],
                        default="WAITING",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("day_count", models.PositiveIntegerField(verbose_name="days to read")),
                ("done_count", models.PositiveIntegerField(default=0, verbose_name="days read")),
                ("entry_count", models.PositiveIntegerField(default=0, verbose_name="entries of the trail")),
                ("found_count", models.PositiveIntegerField(default=0, verbose_name="customers found")),
                ("asked_at", models.DateTimeField(verbose_name="asked at")),
                ("finished_at", models.DateTimeField(blank=True, null=True, verbose_name="finished at")),
                (
                    "asked_by",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="asked by",
                    ),
                ),
                (
                    "breach",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="draws",
                        to="consent.breach",
                        verbose_name="breach",
                    ),
                ),
            ],
            options={
                "verbose_name": "draw of the affected",
                "verbose_name_plural": "draws of the affected",
            },
        ),
    ]
