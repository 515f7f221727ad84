from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("relations", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="handover",
            name="planning",
            field=models.CharField(
                blank=True,
                choices=[
                    ("WAITING", "Waits to be planned"),
                    ("RUNNING", "Is being planned"),
                    ("FAILED", "Planning failed"),
                ],
                default="",
                max_length=7,
                verbose_name="planning",
            ),
        ),
    ]
