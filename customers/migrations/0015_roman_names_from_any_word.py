"""Names in Roman letters have one key whichever word they begin with: records that hold one are to be keyed anew, which
`manage.py setup` does. Until then the engine refuses to read them and says so."""

from django.db import migrations

FORGET = """
UPDATE customers_sourcerecord SET match_keys = ''::bytea
WHERE kind = 'PERSON' AND name ~ '[[:alpha:]]' AND name !~ '[가-힣]' AND match_keys <> ''::bytea
"""


class Migration(migrations.Migration):
    dependencies = [("customers", "0014_links_of_customers_without_deduplication")]

    operations = [migrations.RunSQL(FORGET, migrations.RunSQL.noop)]
