"""The network of a customer to three hops: the page with its list, and the data of its drawing."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.views.generic import TemplateView, View

from relations.reports.network import MOST_HOPS, Network, network_of
from relations.views.relationships import OfCustomer

USUAL_HOPS, MOST_STEPS = 2, 4


def asked_for(request: HttpRequest) -> tuple[int, int]:
    """(hops, how many times the usual number of people) of the query; nonsense is answered with the usual."""
    return _within(request.GET.get("hops", ""), USUAL_HOPS, MOST_HOPS), _within(
        request.GET.get("more", ""), 1, MOST_STEPS
    )


def _within(written: str, usual: int, most: int) -> int:
    return int(written) if written.isdecimal() and len(written) == 1 and 1 <= int(written) <= most else usual


class OfNetwork(OfCustomer):
    """The network of a customer. Query: hops, 1 to 3; more, by how much the cap is raised, 1 to 4."""

    def network(self) -> Network:
        hops, more = asked_for(self.request)
        return network_of(self.customer, self.request.user, hops=hops, most=settings.NETWORK_MOST * more)


class NetworkDetail(OfNetwork, TemplateView):
    """The people around a customer as a drawing, and the same as a list."""

    template_name = "relations/network_detail.html"

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        hops, more = asked_for(self.request)
        return super().get_context_data(
            network=self.network(),
            hops=hops,
            more=more,
            next_more=more + 1 if more < MOST_STEPS else None,
            distances=[(number, number == hops) for number in range(1, MOST_HOPS + 1)],
            **kwargs,
        )


class NetworkData(OfNetwork, View):
    """What the drawing of the network shows, as JSON: people by their places in the list, silhouettes without more."""

    def get(self, request: HttpRequest, number: str) -> JsonResponse:
        network = self.network()
        people = [
            {
                "id": f"p{place}",
                "name": each.name,
                "url": each.url,
                "hop": each.hop,
                "icon": each.icon,
                "is_silhouette": each.is_silhouette,
            }
            for place, each in enumerate(network.people)
        ]
        ties = [
            {
                "source": f"p{tie.one}",
                "target": f"p{tie.other}",
                "words": tie.words,
                "group": tie.group,
                "is_dashed": tie.is_dashed,
            }
            for tie in network.ties
        ]
        return JsonResponse({"people": people, "ties": ties, "hidden_count": network.hidden_count})
