"""From COPY lines to tables: what is new, changed, the same or older is decided per chunk, and written in sets.

All of a file is one transaction of the caller: a load that is cut off leaves nothing behind.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection
from psycopg import sql

from customers.dedup.blocking import INDEXED_KEYS
from customers.feeds.contract_rows import CONTRACT_COLUMNS, PARTY_COLUMNS
from customers.feeds.customer_rows import RECORD_COLUMNS, Outcome
from customers.feeds.gone_rows import GoneRows


@dataclass(frozen=True)
class Target:
    """Where the rows of a layout go. versions: the table that keeps what a newer row replaces, if any does."""

    table: str
    key: tuple[str, ...]
    columns: Sequence[str]
    versions: str = ""
    parent: str = ""


TARGETS = {
    "customers": Target(
        "customers_sourcerecord", ("source_key",), RECORD_COLUMNS, "customers_sourcerecordversion", "record_id"
    ),
    "contracts": Target(
        "customers_contract", ("contract_no",), CONTRACT_COLUMNS, "customers_contractversion", "contract_id"
    ),
    "parties": Target("customers_contractparty", ("contract_no", "role", "party_source_key"), PARTY_COLUMNS),
}
NOT_IN_VERSIONS = set(INDEXED_KEYS)
# Puts the version that the stock held before this file back in its place; an instant that was sent still counts.
TAKE_BACK = """
WITH returned AS (
    SELECT held.id, held.version - sent.times AS version, sent.as_of::timestamptz
    FROM unnest(%s::text[], %s::int[], %s::text[]) AS sent(key, times, as_of)
    JOIN {table} held ON held.source_id = %s AND held.{key} = sent.key
), taken_back AS (
    DELETE FROM {versions} version USING returned
    WHERE version.{parent} = returned.id AND version.version >= returned.version RETURNING version.*
)
UPDATE {table} held SET {old}, as_of = greatest(old.as_of, returned.as_of)
FROM returned JOIN taken_back old ON old.{parent} = returned.id AND old.version = returned.version
WHERE held.id = returned.id
"""


@dataclass
class Counts:
    """Rows by what became of them."""

    read: int = 0
    new: int = 0
    changed: int = 0
    same: int = 0
    stale: int = 0
    rejected: int = 0


@dataclass(slots=True)
class Known:
    """What is held of a natural key: its fingerprint and instant.

    stock: the fingerprint that the stock held before this file, None where it held none. Once this file has replaced
    the row: how often (`times`), and the instant of the first replacement (`since`).
    """

    digest: bytes
    as_of: datetime
    stock: bytes | None = None
    times: int = 0
    since: datetime | None = None

    def replaced(self, digest: bytes, as_of: datetime) -> Known:
        """What is held once a row of this file stands in its place."""
        return Known(digest, as_of, self.stock, self.times + 1, self.since or as_of)

    @property
    def has_returned(self) -> bool:
        """Whether this file replaced the row within one instant and ended where the stock was."""
        return self.times > 0 and self.digest == self.stock and self.as_of == self.since


@dataclass
class Plan:
    """What a chunk asks for: lines to insert, waves of lines that replace, keys whose as-of moves on."""

    new: list[str] = field(default_factory=list)
    waves: list[dict[str, str]] = field(default_factory=list)
    refreshed: dict[str, str] = field(default_factory=dict)


class Loader:
    """Loads the chunks of one file of one source into a target. Call `load` per chunk inside a transaction."""

    def __init__(self, layout: str, source_id: int) -> None:
        self.target, self.source_id = TARGETS[layout], source_id
        self.counts = Counts()
        self.refreshed: list[str] = []
        self._returned: dict[str, str | None] = {}
        self._seen: dict[str, Known] = {}
        self._is_empty = not self._any_row()
        self._gone = GoneRows(layout, source_id)

    def load(self, outcome: Outcome) -> None:
        """Write one chunk and count it; rows of customers who are gone join its rejects."""
        self._gone.leave_out(outcome)
        self.counts.read += outcome.rows_read
        self.counts.rejected += len(outcome.rejects)
        plan = self._plan(outcome)
        if plan.new:
            self._copy(self.target.table, plan.new)
        for wave in plan.waves:
            self._replace(wave)
        if plan.refreshed:
            self._refresh(plan.refreshed)
            self.refreshed += plan.refreshed

    def settle(self) -> None:
        """Call after the last chunk. Of rows of one key and instant the last holds: where that is what the stock held
        before, the file has changed nothing, and the versions in between are taken back."""
        if not self._returned:
            return
        times = [self._seen[key].times for key in self._returned]
        self.counts.changed -= sum(times)
        self.counts.same += sum(times)
        names = {
            "table": sql.Identifier(self.target.table),
            "versions": sql.Identifier(self.target.versions),
            "parent": sql.Identifier(self.target.parent),
            "key": sql.Identifier(self.target.key[0]),
            "old": sql.SQL(", ").join(
                sql.SQL("{0} = old.{0}").format(sql.Identifier(column))
                for column in self._kept
                if column not in ("as_of", "source_id")
            ),
        }
        with connection.cursor() as cursor:
            cursor.execute(
                sql.SQL(TAKE_BACK).format(**names),
                [list(self._returned), times, list(self._returned.values()), self.source_id],
            )
        self.refreshed += [key for key, as_of in self._returned.items() if as_of]

    @property
    def _kept(self) -> list[str]:
        """The columns that a version has in common with its row."""
        lacking = NOT_IN_VERSIONS | ({"source_id"} if self.target.versions == "customers_contractversion" else set())
        return [column for column in self.target.columns if column not in lacking]

    def _any_row(self) -> bool:
        query = sql.SQL("SELECT EXISTS (SELECT FROM {} WHERE source_id = %s)").format(sql.Identifier(self.target.table))
        with connection.cursor() as cursor:
            cursor.execute(query, [self.source_id])
            return cursor.fetchone()[0]

    def _plan(self, outcome: Outcome) -> Plan:
        """Decide row by row. In one file, too, the newest as-of wins and equal rows count once."""
        if not self._is_empty:
            self._remember(key for key in outcome.keys if key not in self._seen)
        plan, seen, counts = Plan(), self._seen, self.counts
        instants: dict[str, datetime] = {}
        for index, key in enumerate(outcome.keys):
            as_of_text = outcome.as_ofs[index]
            as_of = instants.get(as_of_text) or instants.setdefault(as_of_text, datetime.fromisoformat(as_of_text))
            digest = outcome.digests[index]
            known = seen.get(key)
            if known is None:
                seen[key] = Known(digest, as_of)
                plan.new.append(outcome.lines[index])
                counts.new += 1
            elif as_of < known.as_of:
                counts.stale += 1
            elif digest == known.digest:
                counts.same += 1
                if outcome.has_as_of[index] and as_of > known.as_of:
                    known.as_of = as_of
                    plan.refreshed[key] = as_of_text
                    if key in self._returned:
                        self._returned[key] = as_of_text
            else:
                known = seen[key] = known.replaced(digest, as_of)
                _add_to_wave(plan.waves, key, outcome.lines[index])
                plan.refreshed.pop(key, None)
                counts.changed += 1
                self._returned.pop(key, None)
                if known.has_returned:
                    self._returned[key] = as_of_text if outcome.has_as_of[index] else None
        return plan

    def _remember(self, keys: Iterable[str]) -> None:
        """Read what the stock holds of these keys."""
        parts = sql.SQL(" || chr(31) || ").join(map(sql.Identifier, self.target.key))
        has_versions = bool(self.target.versions)
        shown = sql.SQL("digest, as_of" if has_versions else "''::bytea, NULL::timestamptz")
        query = sql.SQL("SELECT {key}, {shown} FROM {table} WHERE source_id = %s AND {first} = ANY(%s)").format(
            key=parts,
            shown=shown,
            table=sql.Identifier(self.target.table),
            first=sql.Identifier(self.target.key[0]),
        )
        wanted = list({key.partition("\x1f")[0] for key in keys})
        if not wanted:
            return
        beginning = datetime.fromisoformat("0001-01-02 00:00:00+00:00")
        with connection.cursor() as cursor:
            cursor.execute(query, [self.source_id, wanted])
            for key, digest, as_of in cursor:
                digest = bytes(digest)
                self._seen.setdefault(key, Known(digest, as_of or beginning, digest))

    def _copy(self, table: str, lines: Sequence[str]) -> None:
        statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
            sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, self.target.columns))
        )
        with connection.cursor() as cursor, cursor.copy(statement) as copy:
            copy.write("".join(lines).encode())

    def _replace(self, wave: dict[str, str]) -> None:
        """Keep the held rows of these keys as versions and put the new rows in their place. Keys are unique."""
        columns = sql.SQL(", ").join(map(sql.Identifier, self.target.columns))
        table, versions = sql.Identifier(self.target.table), sql.Identifier(self.target.versions)
        kept = self._kept
        with connection.cursor() as cursor:
            cursor.execute(
                sql.SQL(
                    "CREATE TEMP TABLE IF NOT EXISTS {stage} ON COMMIT DROP AS SELECT {columns} FROM {table} LIMIT 0"
                ).format(stage=self._stage, columns=columns, table=table)
            )
            cursor.execute(sql.SQL("TRUNCATE {}").format(self._stage))
        self._copy(f"stage_{self.target.table}", list(wave.values()))
        with connection.cursor() as cursor:
            cursor.execute(
                sql.SQL(
                    "INSERT INTO {versions} ({parent}, superseded_at, {kept}) SELECT held.id, stage.loaded_at, {old} "
                    "FROM {table} held JOIN {stage} stage USING (source_id, {key})"
                ).format(
                    versions=versions,
                    parent=sql.Identifier(self.target.parent),
                    kept=sql.SQL(", ").join(map(sql.Identifier, kept)),
                    old=sql.SQL(", ").join(sql.Identifier("held", column) for column in kept),
                    table=table,
                    stage=self._stage,
                    key=sql.Identifier(self.target.key[0]),
                )
            )
            changing = [c for c in self.target.columns if c not in ("source_id", "version", *self.target.key)]
            cursor.execute(
                sql.SQL(
                    "UPDATE {table} held SET version = held.version + 1, {changes} FROM {stage} stage "
                    "WHERE held.source_id = stage.source_id AND held.{key} = stage.{key}"
                ).format(
                    table=table,
                    stage=self._stage,
                    key=sql.Identifier(self.target.key[0]),
                    changes=sql.SQL(", ").join(
                        sql.SQL("{} = {}").format(sql.Identifier(column), sql.Identifier("stage", column))
                        for column in changing
                    ),
                )
            )

    @property
    def _stage(self) -> sql.Identifier:
        return sql.Identifier(f"stage_{self.target.table}")

    def _refresh(self, refreshed: dict[str, str]) -> None:
        """The source confirmed rows as they are held: only their as-of moves on."""
        query = sql.SQL(
            "UPDATE {table} held SET as_of = sent.as_of::timestamptz "
            "FROM unnest(%s::text[], %s::text[]) AS sent(key, as_of) "
            "WHERE held.source_id = %s AND held.{key} = sent.key"
        ).format(table=sql.Identifier(self.target.table), key=sql.Identifier(self.target.key[0]))
        with connection.cursor() as cursor:
            cursor.execute(query, [list(refreshed), list(refreshed.values()), self.source_id])


def _add_to_wave(waves: list[dict[str, str]], key: str, line: str) -> None:
    """Put a replacing line into the first wave that has none for its key, so that every version is kept in turn."""
    for wave in waves:
        if key not in wave:
            wave[key] = line
            return
    waves.append({key: line})
