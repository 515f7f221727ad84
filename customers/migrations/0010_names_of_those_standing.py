"""Lists by name without those who are gone: they have no name, and every list would have to pass them first."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0005_trail_words"),
        ("customers", "0009_kept_apart"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="customer",
            name="customer_by_name",
        ),
        migrations.RemoveIndex(
            model_name="customer",
            name="customer_by_initials",
        ),
        migrations.AddIndex(
            model_name="customer",
            index=models.Index(
                condition=models.Q(("state__in", ("ACTIVE", "MERGED"))),
                fields=["sort_name", "id"],
                name="customer_by_name",
            ),
        ),
        migrations.AddIndex(
            model_name="customer",
            index=models.Index(
                condition=models.Q(("state__in", ("ACTIVE", "MERGED"))),
                fields=["initials", "id"],
                name="customer_by_initials",
            ),
        ),
    ]
