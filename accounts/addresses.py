"""Where a request comes from, and whether that lies in a network."""

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest


def address_of(request: HttpRequest) -> str:
    """The address of the person or system that asks; '' where it cannot be told.

    Behind `settings.PROXY_COUNT` proxies of ours each has added, at the right of X-Forwarded-For, the address that it
    saw; what stands left of those was written by the one who asks and counts nothing.
    """
    written = request.META.get("REMOTE_ADDR", "")
    if settings.PROXY_COUNT:
        forwarded = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",")]
        if len(forwarded) < settings.PROXY_COUNT:
            return ""
        written = forwarded[-settings.PROXY_COUNT]
    read = _read(written)
    return str(read) if read else ""


def is_within(address: str, networks: Iterable[str]) -> bool:
    """Whether `address` lies in one of the `networks`, each written as CIDR (10.0.0.0/8). '' lies in none."""
    read = _read(address)
    return read is not None and any(read in ip_network(network) for network in networks)


def _read(written: str) -> IPv4Address | IPv6Address | None:
    """The address as written, without zone; one of IPv4 in the coat of IPv6 is taken out of it."""
    try:
        read = ip_address(written.partition("%")[0])
    except ValueError:
        return None
    return getattr(read, "ipv4_mapped", None) or read
