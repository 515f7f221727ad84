"""Customer rows: standardised, sealed, keyed, and written as lines for COPY. Runs in worker processes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from customers.dedup.blocking import INDEXED_KEYS, indexed_keys
from customers.feeds.mapping import CompiledMapping
from customers.feeds.parsing import (
    KEY_LIKE_RESIDENT_NUMBER,
    RESIDENT_NUMBER,
    Parsed,
    Reject,
    as_json,
    check_cells,
    copy_text,
    digest_of,
    name_of,
    redact,
)
from customers.sealing import Sealer
from customers.standard.assembling import completed, forms_of, match_record
from customers.standard.certainty import UNUSABLE
from customers.standard.matching import MATCH_BYTES, MATCH_RECORD
from customers.standard.record import CERTAINTY_ORDER, Form, Standardiser, kinds_of
from customers.standard.regions import REGIONS, Region

RECORD_COLUMNS = (
    "source_id version feed_run_id loaded_at source_key as_of digest raw kind certainties problems name "
    "birth_date birth_year is_lunar sex rrn_mask rrn_sealed rrn_index ci_sealed ci_index passport_mask "
    "passport_sealed passport_index account_mask account_sealed account_index mobile phone_home email "
    "address region postcode company_name company_no crn employee_no branch_code fp_code "
    "real_name_verified_on marketing_consent_on match_keys"
).split() + list(INDEXED_KEYS)
# A value of these kinds is not a weak value but a row gone wrong: it goes back to the source.
REJECTING = {
    "birth_date": {"FORM", "LENGTH", "IMPOSSIBLE_DATE", "FUTURE"},
    "rrn": {"FORM", "LENGTH", "IMPOSSIBLE_DATE", "UNKNOWN_KIND", "FUTURE"},
}
RRN = CERTAINTY_ORDER.index("rrn")


@dataclass(frozen=True)
class RunContext:
    """What every row of a run has in common. received_at stands in where a row has no as-of of its own."""

    source_id: int
    source_code: str
    run_id: int
    received_at: str
    today: date
    regions: tuple[Region, ...] = REGIONS


@dataclass
class Outcome:
    """What became of a chunk: rows in step (natural key, digest, as-of, whether sent, COPY line, number of the line in
    the file) and its rejects."""

    keys: list[str] = field(default_factory=list)
    digests: list[bytes] = field(default_factory=list)
    as_ofs: list[str] = field(default_factory=list)
    has_as_of: list[bool] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)
    problems: Counter = field(default_factory=Counter)
    rows_read: int = 0
    position: int = 0


class CustomerRows:
    """Turns parsed chunks of one run into COPY lines. Keep one per run and process: it remembers standard forms."""

    columns = RECORD_COLUMNS

    def __init__(self, context: RunContext, mapping: CompiledMapping, sealer: Sealer) -> None:
        self.context, self.mapping, self.sealer = context, mapping, sealer
        self.standard = Standardiser(context.today, context.regions)
        self._as_of_cells = frozenset(mapping.cells.get("as_of", ()))
        self._sealed_cells = mapping.identifier_cells
        sealed_only = frozenset(self._sealed_cells).difference(mapping.cells.get("source_key", ()))
        self._exempt = sealed_only.union(mapping.cells.get("crn", ()))
        self._head = f"{context.source_id}\t1\t{context.run_id}\t{context.received_at}"

    def process(self, parsed: Parsed) -> Outcome:
        """Everything that is made of a chunk."""
        outcome = Outcome(rows_read=len(parsed.rows) + len(parsed.rejects), rejects=list(parsed.rejects))
        digests = [digest_of(cells, self._as_of_cells) for cells in parsed.rows]
        originals = parsed.rows
        redact(parsed, self.mapping, self._exempt)
        found = check_cells(parsed, self.mapping, self.context.today)
        self._check_keys(parsed, found)
        forms = self._forms(parsed)
        self._check_forms(parsed, forms, found)
        outcome.rejects += [
            Reject(reject.line, reject.column, reject.value, reject.reason, tuple(originals[row]))
            for row, reject in sorted(found.items())
        ]
        self._write(parsed, forms, digests, found, outcome)
        return outcome

    def _check_keys(self, parsed: Parsed, found: dict[int, Reject]) -> None:
        keys = [key.strip() for key in parsed.columns["source_key"]]
        parsed.columns["source_key"] = keys
        column = name_of(self.mapping, "source_key")
        is_joined = len(self.mapping.cells["source_key"]) > 1  # of cells that may each be harmless
        looks_like_one = RESIDENT_NUMBER.search if is_joined else KEY_LIKE_RESIDENT_NUMBER.match
        for row, key in enumerate(keys):
            if looks_like_one(key) or "******" in key:
                found.setdefault(row, parsed.reject(row, column, "", "KEY_IS_RESIDENT_NUMBER"))

    def _forms(self, parsed: Parsed) -> dict[str, Sequence[Form]]:
        kinds = parsed.columns["kind"] = kinds_of(parsed.columns, self.standard)
        sent = {column: parsed.columns[column] for column in self.mapping.builders}
        return forms_of(sent, kinds, self.standard)

    def _check_forms(self, parsed: Parsed, forms: dict[str, Sequence[Form]], found: dict[int, Reject]) -> None:
        for item, rejecting in REJECTING.items():
            if item in self.mapping.keeps_bad or item not in self.mapping.builders:
                continue
            for row, form in enumerate(forms[item]):
                if form.certainty == UNUSABLE and form.problems:
                    codes = [problem.partition(":")[2] for problem in form.problems.split()]
                    bad = next((code for code in codes if code in rejecting), None)
                    if bad:
                        value = parsed.columns[item][row] if item != "rrn" else ""
                        reject = parsed.reject(row, name_of(self.mapping, item), value, f"{item.upper()}_{bad}")
                        found.setdefault(row, reject)

    def _write(
        self,
        parsed: Parsed,
        forms: dict[str, Sequence[Form]],
        digests: list[bytes],
        found: dict[int, Reject],
        outcome: Outcome,
    ) -> None:
        columns = parsed.columns
        plain = zip(
            columns["source_key"],
            columns["as_of"],
            columns["kind"],
            columns["employee_no"],
            columns["branch_code"],
            columns["fp_code"],
            columns["real_name_verified_on"],
            columns["marketing_consent_on"],
            strict=True,
        )
        received = self.context.received_at
        items, found_more = completed(forms)
        heads, match_records = [], []
        written = zip(plain, zip(*items.values(), strict=True), _certainties(items), found_more, strict=True)
        for row, (texts, item_forms, certainties, more) in enumerate(written):
            if row in found:
                continue
            as_of = texts[1] or received
            outcome.keys.append(texts[0])
            outcome.numbers.append(parsed.lines[row])
            outcome.digests.append(digests[row])
            outcome.as_ofs.append(as_of)
            outcome.has_as_of.append(bool(texts[1]))
            problems = "".join([form.problems for form in item_forms if form.problems]) + more
            head = f"{self._head}\t{copy_text(texts[0])}\t{as_of}\t\\\\x{digests[row].hex()}\t"
            head += (
                f"{copy_text(as_json(self._hidden(parsed.rows[row], item_forms[RRN])))}\t{texts[2]}\t{certainties}\t"
            )
            text, record = self._items(texts, item_forms)
            heads.append(f"{head}{problems[:-1]}\t{text}")
            match_records.append(record)
            if problems:
                outcome.problems.update(problems.split())
        outcome.lines += _with_keys(heads, match_records)

    def _items(self, texts: tuple[str, ...], items: tuple[Form, ...]) -> tuple[str, bytes]:
        """The columns of a COPY line from the name to the dates, and the `MATCH_RECORD` of the row."""
        key, _sent, kind, employee_no, branch_code, fp_code, verified_on, consent_on = texts
        name, birth, sex, rrn, ci, mobile, home, email, address, company, brn, crn, passport, account = items
        place = f"|{self.context.source_code}|{key}"
        rrn_sealed, rrn_index = self._seal("rrn", rrn.value, place)
        ci_sealed, ci_index = self._seal("ci", ci.value, place)
        year, is_lunar = birth.extra or (None, False)
        region, postcode = address.extra or ("", "")
        employee = employee_no.strip()
        record = match_record(
            items, is_organisation=kind == "ORG", employee_no=employee, rrn_index=rrn_index, ci_index=ci_index
        )
        return (
            f"{name.value}\t{birth.value or _NULL}\t{year or _NULL}\t{'t' if is_lunar else 'f'}\t"
            f"{sex.value}\t{rrn.extra.mask if rrn.extra else ''}\t{_bytea(rrn_sealed)}\t{_bytea(rrn_index)}\t"
            f"{_bytea(ci_sealed)}\t{_bytea(ci_index)}\t{self._masked('passport', passport, place)}\t"
            f"{self._masked('account_no', account, place)}\t{mobile.value}\t"
            f"{home.value}\t{copy_text(email.value)}\t{copy_text(address.value)}\t{region}\t{postcode}\t"
            f"{copy_text(company.value)}\t{brn.value}\t{crn.value}\t{copy_text(employee)}\t"
            f"{copy_text(branch_code.strip())}\t{copy_text(fp_code.strip())}\t{verified_on or _NULL}\t"
            f"{consent_on or _NULL}\t"
        ), record

    def _seal(self, item: str, value: str, place: str) -> tuple[bytes, bytes]:
        """Ciphertext and blind index; both empty without a value."""
        return (self.sealer.seal(value, item + place), self.sealer.index(item, value)) if value else (b"", b"")

    def _masked(self, item: str, form: Form, place: str) -> str:
        """Mask, ciphertext and index of a rarer identifier as three columns of COPY text."""
        if not form.value:
            return f"\t{_NULL}\t{_NULL}"
        sealed, index = self._seal(item, form.value, place)
        return f"{form.extra}\t{_bytea(sealed)}\t{_bytea(index)}"

    def _hidden(self, cells: list[str], rrn: Form) -> list[str]:
        """The cells with every identifier replaced by its mask."""
        if not self._sealed_cells:
            return cells
        cells = list(cells)
        for position, column in self._sealed_cells.items():
            if cells[position]:
                mask = rrn.extra.mask if column == "rrn" and rrn.extra else ""
                cells[position] = mask or "******"
        return cells


_NULL = "\\N"


def _bytea(value: bytes) -> str:
    """Bytes as COPY text, NULL for none."""
    return f"\\\\x{value.hex()}" if value else _NULL


def _with_keys(heads: list[str], match_records: list[bytes]) -> list[str]:
    """Whole COPY lines: what the matching engine reads, and the keys that are indexed."""
    content = b"".join(match_records)
    written = content.hex()
    width = 2 * MATCH_BYTES
    keys = indexed_keys(np.frombuffer(content, MATCH_RECORD))
    columns = [[str(key) if key else _NULL for key in keys[name].view(np.int64).tolist()] for name in INDEXED_KEYS]
    indexed = map("\t".join, zip(*columns, strict=True))
    return [
        f"{head}\\\\x{written[row * width : (row + 1) * width]}\t{of_row}\n"
        for row, (head, of_row) in enumerate(zip(heads, indexed, strict=True))
    ]


def _certainties(items: Mapping[str, Sequence[Form]]) -> list[str]:
    """One digit per item and row, in the order of `CERTAINTY_ORDER`."""
    grades = np.array([bytearray([form.certainty for form in forms]) for forms in items.values()], np.uint8)
    text = (grades.T + ord("0")).tobytes().decode("ascii")
    width = len(items)
    return [text[start : start + width] for start in range(0, len(text), width)]
