"""The panels of the 360° page that the master itself provides, and what a panel is."""

from customers.panels.changes import history, timeline
from customers.panels.contact import contact_points
from customers.panels.golden import basics, differences
from customers.panels.holdings import contracts
from customers.panels.panel import Panel, index_of, panels_for
from customers.panels.provenance import sources

__all__ = [
    "Panel",
    "basics",
    "contact_points",
    "contracts",
    "differences",
    "history",
    "index_of",
    "panels_for",
    "sources",
    "timeline",
]
