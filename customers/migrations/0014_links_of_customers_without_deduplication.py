from django.contrib.postgres.indexes import BTreeIndex
from django.db import migrations, models
from django.db.models.deletion import PROTECT


class Migration(migrations.Migration):
    dependencies = [("customers", "0013_findings_as_arrays")]

    operations = [
        migrations.AddIndex(
            model_name="link",
            index=BTreeIndex(deduplicate_items=False, fields=["customer"], name="link_of_customer"),
        ),
        migrations.AlterField(
            model_name="link",
            name="customer",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=PROTECT,
                related_name="links",
                to="customers.customer",
                verbose_name="customer",
            ),
        ),
    ]
