"""A million answers about contacts are written at once: their keys are not checked one by one; today's are counted."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("consent", "0004_retention_lives")]

    operations = [
        migrations.AlterField(
            model_name="contactdecision",
            name="ask",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="decisions",
                to="consent.contactask",
                verbose_name="question",
            ),
        ),
        migrations.AlterField(
            model_name="contactdecision",
            name="purpose",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="consent.purpose",
                verbose_name="purpose",
            ),
        ),
        migrations.AddIndex(
            model_name="contactdecision",
            index=models.Index(
                condition=models.Q(("ask__isnull", True)), fields=["decided_at"], name="contact_decision_by_day"
            ),
        ),
    ]
