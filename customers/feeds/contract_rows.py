"""Contract rows and party rows, written as lines for COPY. Runs in worker processes."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache

from customers.feeds.customer_rows import Outcome, RunContext
from customers.feeds.mapping import CompiledMapping
from customers.feeds.parsing import (
    RESIDENT_NUMBER,
    Parsed,
    Reject,
    as_json,
    check_cells,
    copy_text,
    digest_of,
    may_hold_resident_number,
    name_of,
    redact,
)
from customers.sealing import Sealer

CONTRACT_COLUMNS = (
    "source_id version feed_run_id loaded_at contract_no as_of digest raw product_group product_name "
    "status started_on ends_on premium premium_cycle branch_code fp_code"
).split()
PARTY_COLUMNS = ["source_id", "feed_run_id", "contract_no", "role", "party_source_key"]
NUMBER = re.compile(r"^-?[0-9]{1,15}(\.[0-9]{1,4})?$")
NULL = "\\N"


class ContractRows:
    """Turns parsed chunks of contracts into COPY lines."""

    columns = CONTRACT_COLUMNS

    def __init__(self, context: RunContext, mapping: CompiledMapping, _sealer: Sealer) -> None:
        self.context, self.mapping = context, mapping
        self._as_of_cells = frozenset(mapping.cells.get("as_of", ()))
        self._head = f"{context.source_id}\t1\t{context.run_id}\t{context.received_at}"

    def process(self, parsed: Parsed) -> Outcome:
        """Everything that is made of a chunk."""
        outcome = Outcome(rows_read=len(parsed.rows) + len(parsed.rejects), rejects=list(parsed.rejects))
        originals = parsed.rows
        found = _checked_keys(parsed, self.mapping, "contract_no")
        redact(parsed, self.mapping)
        found = check_cells(parsed, self.mapping, self.context.today) | found
        premiums = self._premiums(parsed, found)
        outcome.rejects += [replace(found[row], cells=tuple(originals[row])) for row in sorted(found)]
        for row, cells in enumerate(zip(*(parsed.columns[c] for c in self.mapping.layout.columns), strict=True)):
            if row not in found:
                outcome.numbers.append(parsed.lines[row])
                digest = digest_of(originals[row], self._as_of_cells)
                self._write(parsed.rows[row], digest, cells, premiums[row], outcome)
        return outcome

    def _premiums(self, parsed: Parsed, found: dict[int, Reject]) -> list[str]:
        premiums = [read_amount(cell) for cell in parsed.columns["premium"]]
        for row, premium in enumerate(premiums):
            if premium is None:
                cell = parsed.columns["premium"][row]
                found.setdefault(row, parsed.reject(row, name_of(self.mapping, "premium"), cell, "NOT_AN_AMOUNT"))
        return [premium or "" for premium in premiums]

    def _write(self, sent: list[str], digest: bytes, cells: tuple[str, ...], premium: str, outcome: Outcome) -> None:
        number, group, product, status, started_on, ends_on, _premium, cycle, branch, fp, as_of = cells
        key = number.strip()
        outcome.keys.append(key)
        outcome.digests.append(digest)
        outcome.as_ofs.append(as_of or self.context.received_at)
        outcome.has_as_of.append(bool(as_of))
        outcome.lines.append(
            f"{self._head}\t{copy_text(key)}\t{as_of or self.context.received_at}\t\\\\x{digest.hex()}\t"
            f"{copy_text(as_json(sent))}\t{group or 'OTHER'}\t{copy_text(product.strip())}\t"
            f"{status}\t{started_on or NULL}\t{ends_on or NULL}\t{premium or NULL}\t{cycle}\t"
            f"{copy_text(branch.strip())}\t{copy_text(fp.strip())}\n"
        )


class PartyRows:
    """Turns parsed chunks of contract parties into COPY lines. The natural key of a party is all it says."""

    columns = PARTY_COLUMNS

    def __init__(self, context: RunContext, mapping: CompiledMapping, _sealer: Sealer) -> None:
        self.context, self.mapping = context, mapping
        self._head = f"{context.source_id}\t{context.run_id}"

    def process(self, parsed: Parsed) -> Outcome:
        """Everything that is made of a chunk."""
        outcome = Outcome(rows_read=len(parsed.rows) + len(parsed.rejects), rejects=list(parsed.rejects))
        found = check_cells(parsed, self.mapping, self.context.today)
        found |= _checked_keys(parsed, self.mapping, "contract_no", "party_source_key")
        outcome.rejects += [found[row] for row in sorted(found)]
        columns = parsed.columns
        rows = zip(columns["contract_no"], columns["role"], columns["party_source_key"], strict=True)
        for row, (number, role, party) in enumerate(rows):
            if row in found:
                continue
            number, party = number.strip(), party.strip()
            outcome.keys.append(f"{number}\x1f{role}\x1f{party}")
            outcome.numbers.append(parsed.lines[row])
            outcome.digests.append(b"")
            outcome.as_ofs.append(self.context.received_at)
            outcome.has_as_of.append(False)
            outcome.lines.append(f"{self._head}\t{copy_text(number)}\t{role}\t{copy_text(party)}\n")
        return outcome


def _checked_keys(parsed: Parsed, mapping: CompiledMapping, *columns: str) -> dict[int, Reject]:
    """Reject rows whose key holds a resident number: it would stand readable in tables and addresses, and masked, the
    keys of all who were born on that day would be one."""
    return {
        row: parsed.reject(row, name_of(mapping, column), "", "KEY_IS_RESIDENT_NUMBER")
        for column in columns
        if may_hold_resident_number(parsed.columns[column])
        for row, key in enumerate(parsed.columns[column])
        if RESIDENT_NUMBER.search(key)
    }


@lru_cache(maxsize=100_000)
def read_amount(cell: str) -> str | None:
    """An amount in won as digits, '' for none, None when it cannot be read. Thousands separators and 원 are dropped."""
    text = cell.strip().replace(",", "").removesuffix("원").removeprefix("₩").strip()
    if not text:
        return ""
    if not NUMBER.match(text):
        return None
    return text.partition(".")[0]
