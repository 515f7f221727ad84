"""The work of one process on a feed: chunks of the file become COPY lines and rejects. Knows no Django, so that a
plain interpreter can be started for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from customers.feeds.contract_rows import ContractRows, PartyRows
from customers.feeds.customer_rows import CustomerRows, Outcome, RunContext
from customers.feeds.mapping import compile_mapping
from customers.feeds.parsing import parse
from customers.feeds.reading import Chunk, Dialect
from customers.sealing import Sealer, SealingKeys

ROW_KINDS = {"customers": CustomerRows, "contracts": ContractRows, "parties": PartyRows}


def row_worker(
    layout: str,
    definition: Mapping[str, object],
    header: Sequence[str],
    dialect: Dialect,
    context: RunContext,
    keys: SealingKeys,
) -> Callable[[Chunk], Outcome]:
    """A function from a chunk of this run's file to what becomes of its rows."""
    compiled = compile_mapping(layout, definition, header)
    rows = ROW_KINDS[layout](context, compiled, Sealer(keys))

    def work(chunk: Chunk) -> Outcome:
        outcome = rows.process(parse(chunk, dialect, compiled))
        outcome.position = chunk.position
        return outcome

    return work
