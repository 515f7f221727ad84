from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0015_roman_names_from_any_word"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="contract",
            index=models.Index(condition=models.Q(("product_group", "GROUP")), fields=["id"], name="contract_of_group"),
        ),
    ]
