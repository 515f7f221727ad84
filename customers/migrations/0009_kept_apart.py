"""Where customers who are kept apart lie: a schema of its own, owned by a role of its own that nobody logs in as.

Who may not make roles is told so, and the schema then belongs to the owner of the database (README, production).
"""

import django.db.models.deletion
from django.db import migrations, models

SCHEMA = """
CREATE SCHEMA separated;
CREATE TABLE separated.kept (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    customer_id bigint NOT NULL,
    kind text NOT NULL,
    object_id text NOT NULL,
    about bigint[] NOT NULL,
    content jsonb NOT NULL,
    at timestamptz NOT NULL
);
CREATE INDEX kept_of_customer ON separated.kept (customer_id);
CREATE INDEX kept_about ON separated.kept USING gin (about);
REVOKE ALL ON SCHEMA separated FROM PUBLIC;
REVOKE ALL ON separated.kept FROM PUBLIC;
"""
# Roles belong to the whole server: another database may have made it, or be making it at this instant.
ROLE = """
DO $$
BEGIN
    IF to_regrole('hannun_separated') IS NULL THEN
        BEGIN
            CREATE ROLE hannun_separated NOLOGIN;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
        END;
    END IF;
    IF NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN
        IF current_setting('server_version_num')::int >= 160000 THEN
            EXECUTE format('GRANT hannun_separated TO %I WITH INHERIT FALSE, SET TRUE', current_user);
        ELSE
            EXECUTE format('GRANT hannun_separated TO %I', current_user);
        END IF;
    END IF;
    ALTER SCHEMA separated OWNER TO hannun_separated;
    ALTER TABLE separated.kept OWNER TO hannun_separated;
EXCEPTION WHEN insufficient_privilege THEN
    RAISE WARNING 'hannun: no role of its own for the schema "separated"; see the README on production';
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("customers", "0008_gone")]

    operations = [
        migrations.CreateModel(
            name="GoneKey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("digest", models.BinaryField(unique=True, verbose_name="fingerprint")),
                ("since", models.DateTimeField(verbose_name="since")),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="gone_keys",
                        to="customers.customer",
                        verbose_name="customer",
                    ),
                ),
            ],
            options={
                "verbose_name": "key of a gone row",
                "verbose_name_plural": "keys of gone rows",
                "default_permissions": (),
            },
        ),
        migrations.RunSQL(SCHEMA + ROLE, "DROP SCHEMA separated CASCADE"),
    ]
