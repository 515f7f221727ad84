"""What proves something is never changed: answers, decisions, transfers, numbers of the law, and published words.

Rows about a customer go only when the customer is destroyed, which says so with `SET LOCAL hannun.destroying`.
"""

from django.db import migrations

APPEND_ONLY = """
CREATE FUNCTION consent_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND coalesce(current_setting('hannun.destroying', true), '') = 'on' THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
"""
TABLES = ("consent_consent", "consent_contactdecision", "consent_transfer", "consent_legalnumber", "consent_gatechange")
WORDS = """
CREATE FUNCTION consent_text_keeps_its_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state <> 'DRAFT' AND (TG_OP = 'DELETE' OR NEW.state = 'DRAFT'
        OR (NEW.purpose_id, NEW.number, NEW.title, NEW.body, NEW.items, NEW.retention, NEW.refusal, NEW.digest)
        IS DISTINCT FROM
        (OLD.purpose_id, OLD.number, OLD.title, OLD.body, OLD.items, OLD.retention, OLD.refusal, OLD.digest)) THEN
        RAISE EXCEPTION 'the words of a published text never change' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER keeps_its_words BEFORE UPDATE OR DELETE ON consent_text
FOR EACH ROW EXECUTE FUNCTION consent_text_keeps_its_words();
"""


def guards(table: str) -> str:
    return (
        f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION consent_append_only();"
    )


class Migration(migrations.Migration):
    dependencies = [("consent", "0001_initial")]

    operations = [
        migrations.RunSQL(
            APPEND_ONLY + "".join(guards(table) for table in TABLES) + WORDS,
            "".join(f"DROP TRIGGER append_only ON {table};" for table in TABLES)
            + "DROP TRIGGER keeps_its_words ON consent_text; DROP FUNCTION consent_text_keeps_its_words();"
            " DROP FUNCTION consent_append_only();",
        )
    ]
