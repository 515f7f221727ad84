"""The 360° page as tests open it: in two answers as a browser, or everything at once."""

from django.http import HttpResponse
from django.test import Client

from customers.models import Customer

# As htmx asks for the part below.
AS_PART = {"HX-Request": "true", "HX-Target": "below"}


def whole_page(client: Client, customer: Customer, **words: str) -> HttpResponse:
    """The page with all its panels in one answer."""
    return client.get(customer.get_absolute_url(), {"part": "all", **words})


def page_below(client: Client, customer: Customer, **words: str) -> HttpResponse:
    """The second answer alone, as if no page had asked for it."""
    return client.get(customer.get_absolute_url(), {"part": "below", **words}, headers=AS_PART)


def rest_of(client: Client, page: HttpResponse) -> HttpResponse:
    """The second answer for a page that was shown."""
    return client.get(page.context["below_url"], headers=AS_PART)


def panels_of(client: Client, customer: Customer) -> dict[str, object]:
    """{id of a panel: its content} of all panels of the page, in their order."""
    return {panel.id: panel.content for panel in whole_page(client, customer).context["panels"]}
