"""What a linking makes of the customers there are: whose records go where, who is new, who goes into whom. Pure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from customers.dedup.records import Records


@dataclass(frozen=True)
class Plan:
    """Where every record goes. The arrays have one entry per record.

    customer: id of the customer that a record comes to; −1, −2, … for customers still to be made, in order of their
    groups; merges: (retired, into); created: how many are to be made. unlinked: records without a customer now; moved:
    those that come to another one; moving: of these, those that leave their customer instead of following it into its
    survivor; is_retired: whose customer of now is retired.
    """

    customer: np.ndarray
    merges: list[tuple[int, int]]
    created: int
    unlinked: np.ndarray
    moved: np.ndarray
    moving: np.ndarray
    is_retired: np.ndarray

    def with_ids(self, new: np.ndarray) -> np.ndarray:
        """`customer` with the ids of the customers that were made meanwhile."""
        customer, is_new = self.customer.copy(), self.customer < 0
        customer[is_new] = new[-1 - customer[is_new]]
        return customer

    def counts(self) -> dict[str, int]:
        """What it comes to, by the names of `customers.services.links.LinkCounts`."""
        return {
            "records": int(self.unlinked.sum()),
            "records_moved": int(self.moving.sum()),
            "customers_created": self.created,
            "customers_merged": len(self.merges),
        }


@dataclass(frozen=True)
class Cells:
    """The parts of customers that stay together, by customer and group.

    One entry per part: its customer, its group, the row of its first record, the number of its records.
    """

    customer: np.ndarray
    group: np.ndarray
    first: np.ndarray
    count: np.ndarray


def cells_of(customer: np.ndarray, group: np.ndarray) -> Cells:
    """The parts of customers. customer: of each record, 0 for none."""
    linked = np.flatnonzero(customer)
    order = linked[np.lexsort((group[linked], customer[linked]))]
    held, groups = customer[order], group[order]
    is_first = np.append(True, (held[1:] != held[:-1]) | (groups[1:] != groups[:-1])) if len(order) else linked
    starts = np.flatnonzero(is_first)
    return Cells(held[starts], groups[starts], order[starts], np.diff(np.append(starts, len(order))))


def plan_of(records: Records, group: np.ndarray) -> Plan:
    """The plan for groups of records, which hold every record of each customer among them.

    A customer goes where most of its records are; of several that come together the oldest stays.
    """
    survivor, merges = _survivors(records, group)
    vacant = np.flatnonzero(survivor == 0)
    survivor[vacant] = -1 - np.arange(len(vacant))
    customer = survivor[group]
    unlinked = records.customer == 0
    moved = ~unlinked & (records.customer != customer)
    is_retired = np.isin(records.customer, [retired for retired, _into in merges])
    following = is_retired & (customer == _into_of(merges, records.customer))
    return Plan(customer, merges, len(vacant), unlinked, moved, moved & ~following, is_retired)


def _survivors(records: Records, group: np.ndarray) -> tuple[np.ndarray, list[tuple[int, int]]]:
    """Customer of each group, 0 where none comes to it, and the merges as (retired, into)."""
    cells = cells_of(records.customer, group)
    order = np.lexsort((cells.first, -cells.count, cells.customer))
    customer, into = cells.customer[order], cells.group[order]
    is_heir = np.append(True, customer[1:] != customer[:-1]) if len(order) else np.empty(0, bool)
    customer, into = customer[is_heir], into[is_heir]
    nobody = np.iinfo(np.int64).max
    survivor = np.full(int(group.max(initial=-1)) + 1, nobody)
    np.minimum.at(survivor, into, customer)
    goes = survivor[into] != customer
    merges = list(zip(customer[goes].tolist(), survivor[into[goes]].tolist(), strict=True))
    survivor[survivor == nobody] = 0
    return survivor, merges


def _into_of(merges: list[tuple[int, int]], customers: np.ndarray) -> np.ndarray:
    """Where each customer goes, 0 for one that stays."""
    into = np.zeros(len(customers), np.int64)
    if merges:
        retired, target = np.array(sorted(merges), np.int64).T
        place = np.minimum(np.searchsorted(retired, customers), len(retired) - 1)
        into = np.where(retired[place] == customers, target[place], 0)
    return into
