"""Why a version of a text went out of use, why a purpose was closed, and who did it; what is said there is never
changed.
"""

from django.conf import settings
from django.db import migrations, models
from django.db.models.deletion import PROTECT

WORDS = """
    IF OLD.state <> 'DRAFT' AND (TG_OP = 'DELETE' OR NEW.state = 'DRAFT'
        OR (NEW.purpose_id, NEW.number, NEW.title, NEW.body, NEW.items, NEW.retention, NEW.refusal, NEW.digest)
        IS DISTINCT FROM
        (OLD.purpose_id, OLD.number, OLD.title, OLD.body, OLD.items, OLD.retention, OLD.refusal, OLD.digest)) THEN
        RAISE EXCEPTION 'the words of a published text never change' USING ERRCODE = 'restrict_violation';
    END IF;
"""
END = """
    IF OLD.state = 'RETIRED' AND (NEW.state, NEW.retired_at, NEW.retired_by_id, NEW.retired_because)
        IS DISTINCT FROM (OLD.state, OLD.retired_at, OLD.retired_by_id, OLD.retired_because) THEN
        RAISE EXCEPTION 'how a text went out of use never changes' USING ERRCODE = 'restrict_violation';
    END IF;
"""


def guard(*checks: str) -> str:
    """The function of the trigger that `0002_append_only` made, with these checks."""
    return (
        "CREATE OR REPLACE FUNCTION consent_text_keeps_its_words() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        + "".join(checks)
        + "RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END; END $$;"
    )


def by_staff(verbose_name: str) -> models.ForeignKey:
    return models.ForeignKey(
        blank=True,
        db_index=False,
        null=True,
        on_delete=PROTECT,
        related_name="+",
        to=settings.AUTH_USER_MODEL,
        verbose_name=verbose_name,
    )


class Migration(migrations.Migration):
    dependencies = [
        ("consent", "0008_gate_changes_of_loads"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField("purpose", "closed_because", models.TextField(blank=True, verbose_name="closed because")),
        migrations.AddField("purpose", "closed_by", by_staff("closed by")),
        migrations.AddField("text", "retired_because", models.TextField(blank=True, verbose_name="retired because")),
        migrations.AddField("text", "retired_by", by_staff("retired by")),
        migrations.AddConstraint(
            "text",
            models.CheckConstraint(
                name="text_reason_only_of_the_retired",
                condition=models.Q(retired_because="") | models.Q(state="RETIRED"),
            ),
        ),
        migrations.RunSQL(guard(WORDS, END), guard(WORDS)),
    ]
