"""The people around the customer: a drawing of one hop, and the same as a table."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Staff
from customers import formats
from customers.dossier import dossier_of
from customers.models import Customer
from customers.panels.panel import Panel, heads, to
from relations.circle import circle_of
from relations.reports.graph import Graph, graph_of
from relations.reports.relationships import PersonLine, lacks_representative, person_lines


@dataclass(frozen=True, slots=True)
class Around:
    """What the panel shows. hidden_count: relations that hold or held and are on the page of all alone."""

    number: str
    graph: Graph | None
    people: tuple[PersonLine, ...]
    hidden_count: int
    lacks_representative: bool


@heads("relationships", gettext_lazy("Relationships"), "affiliate", opens=to("relations.view_relationship"))
def relationships(customer: Customer, viewer: Staff) -> Panel | None:
    """Who is what to the customer; hidden from those who may not see relationships."""
    dossier, circle = dossier_of(customer, viewer), circle_of(customer, viewer)
    on = timezone.localdate(dossier.now)
    people = person_lines(circle, on)
    hidden_count = circle.relation_count - sum(relation.is_open for relation in circle.relations)
    graph = graph_of(circle, dossier.reading["name"].text, on)
    return Panel(
        "relations/_relationship_panel.html",
        Around(
            number=customer.number,
            graph=graph if graph.nodes else None,
            people=people,
            hidden_count=hidden_count,
            lacks_representative=lacks_representative(customer, circle, on),
        ),
        summary=_("People around: %(count)s") % {"count": formats.amount(len(people))} if people else "",
        count=len(people),
        now=dossier.now,
    )
