"""What nearly every test begins with, made once in a run and copied back for each test: a tenth of the time."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.apps import apps
from django.db import connection, models, transaction
from psycopg import sql

ADDED = "SELECT relname, n_tup_ins FROM pg_stat_xact_user_tables WHERE n_tup_ins > 0"
# A test with real transactions empties all tables behind itself, after which permissions have other keys; that counts
# for rows that hold such keys.
OF_PERMISSIONS = "auth.Group.permissions"
PERMISSIONS = "SELECT min(id), max(id), count(*) FROM auth_permission"
ROWS = sql.SQL("COPY (SELECT * FROM {table} WHERE NOT {key} = ANY({before})) TO STDOUT")
EXISTS = sql.SQL("EXISTS (SELECT FROM {})")
BACK = sql.SQL("COPY {table} FROM STDIN")


class Snapshot:
    """The rows that `make` adds, which must all be of `kinds`, given as `app.Model`.

    beside: kinds of which others may have made rows as well; where there are any of the rest, `make` does it itself.
    """

    def __init__(self, make: Callable[[], object], kinds: Sequence[str], beside: Sequence[str] = ()) -> None:
        self.make, self.kinds, self.beside = make, tuple(kinds), tuple(beside)
        self._rows: dict[str, bytes] = {}
        self._permissions: tuple[int, ...] | None = None

    def put(self) -> None:
        """Have the rows in the database."""
        with transaction.atomic(), connection.cursor() as cursor:
            permissions: tuple[int, ...] = ()
            if OF_PERMISSIONS in self.kinds:
                cursor.execute(PERMISSIONS)
                permissions = cursor.fetchone()
            if self._is_begun():
                self.make()
            elif permissions == self._permissions:
                for table, rows in self._rows.items():
                    with cursor.copy(BACK.format(table=sql.Identifier(table))) as copy:
                        copy.write(rows)
            else:
                self._take()
                self._permissions = permissions

    def _is_begun(self) -> bool:
        tables = (sql.Identifier(_model(kind)._meta.db_table) for kind in self.kinds)
        with connection.cursor() as cursor:
            cursor.execute(sql.SQL("SELECT {}").format(sql.SQL(" OR ").join(map(EXISTS.format, tables))))
            return cursor.fetchone()[0]

    def _take(self) -> None:
        taken = [_model(kind) for kind in (*self.kinds, *self.beside)]
        before = {model: list(model.objects.values_list("pk", flat=True)) for model in taken}
        with connection.cursor() as cursor:
            cursor.execute(ADDED)
            added = dict(cursor.fetchall())
            self.make()
            cursor.execute(ADDED)
            touched = {table for table, count in cursor.fetchall() if count != added.get(table)}
            if missing := touched - {model._meta.db_table for model in taken}:
                raise RuntimeError(f"{self.make.__name__} adds to other tables as well: {', '.join(sorted(missing))}")
            self._rows = {}
            for model in taken:
                table, key = model._meta.db_table, model._meta.pk.column
                query = ROWS.format(
                    table=sql.Identifier(table), key=sql.Identifier(key), before=sql.Literal(before[model])
                )
                if not before[model]:
                    query = sql.SQL("COPY {} TO STDOUT").format(sql.Identifier(table))
                with cursor.copy(query) as copy:
                    self._rows[table] = b"".join(bytes(part) for part in copy)


def _model(kind: str) -> type[models.Model]:
    """A model by `app.Model`, or by `app.Model.field` that between two models."""
    app, name, *field = kind.split(".")
    model = apps.get_model(app, name)
    return model._meta.get_field(field[0]).remote_field.through if field else model


def _master() -> None:
    # Read before Django is set up, as all below.
    from accounts.channels import CHANNELS
    from accounts.services import open_channels
    from customers.services import seeding

    open_channels(CHANNELS)
    seeding.set_up_master()


def _consent() -> None:
    from consent.services.seeding import set_up_consent

    set_up_consent()


def _roles() -> None:
    from django.conf import settings

    from accounts import services

    services.synchronise_roles(settings.ROLES)


MASTER = Snapshot(
    _master,
    ["customers.SourceSystem", "customers.Item", "customers.Code", "customers.EventCounter", "accounts.Channel"],
)
CONSENT = Snapshot(_consent, ["consent.Purpose", "consent.Recipient", "consent.Text"])
ROLES = Snapshot(_roles, ["auth.Group", OF_PERMISSIONS], ["accounts.RightsChange"])
