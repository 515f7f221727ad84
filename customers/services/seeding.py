"""Set-up of the master's own data. Every verb may be repeated: what an administrator changed is left alone."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from customers import seeds
from customers.demo.layouts import MAPPINGS
from customers.models import Code, EventCounter, Item, Mapping, SourceSystem
from customers.standard.regions import REGIONS


@transaction.atomic
def set_up_master() -> dict[str, int]:
    """Make the sources, items and code tables that are not there yet; returns how many were made of each."""
    EventCounter.objects.get_or_create(pk=1)
    return {"sources": _sources(), "items": _items(), "regions": _regions()}


@transaction.atomic
def set_up_demo_mappings() -> int:
    """Make the mappings of the demonstration's files that are not there yet, ready for use."""
    made = 0
    for name, definition in MAPPINGS.items():
        source = SourceSystem.objects.get(code=definition["source"])
        _mapping, created = Mapping.objects.get_or_create(
            name=name,
            defaults={
                "source": source,
                "layout": definition["layout"],
                "definition": definition,
                "state": Mapping.State.LIVE,
            },
        )
        made += created
    return made


def _sources() -> int:
    made, own = 0, {source[0] for source in seeds.OWN_SOURCES}
    for code, name, english, channel, owner, trust, link_rate, lag in (*seeds.SOURCES, *seeds.OWN_SOURCES):
        _source, created = SourceSystem.objects.get_or_create(
            code=code,
            defaults={
                "name": name,
                "english_name": english,
                "channel_id": channel,
                "owner_department": owner,
                "trust": trust,
                "expected_link_rate": link_rate,
                "expected_lag_hours": lag,
                "is_active": code not in own,
            },
        )
        made += created
    return made


def _items() -> int:
    made = 0
    for position, (code, name, english, area, grade, mask, purpose, survivorship) in enumerate(seeds.ITEMS):
        _item, created = Item.objects.get_or_create(
            code=code,
            defaults={
                "name": name,
                "english_name": english,
                "area": area,
                "position": position,
                "grade": grade,
                "mask": mask,
                "purpose": purpose,
                "survivorship": survivorship,
                "owner_department": seeds.OWNER_DEPARTMENT,
                "steward_department": seeds.STEWARD_DEPARTMENT,
                "legal_basis": seeds.LEGAL_BASES.get(code, seeds.LEGAL_BASIS),
                "service_field": code,
                "warehouse_column": code.upper(),
            },
        )
        made += created
    return made


def _regions() -> int:
    made = 0
    for region in REGIONS:
        _code, created = Code.objects.get_or_create(
            table="REGION",
            code=region.code or region.name,
            valid_from=region.valid_from if region.valid_from != date.min else None,
            defaults={
                "name": region.name,
                "aliases": ",".join((region.short, *region.aliases)),
                "postcode_prefixes": ",".join(region.postcodes),
                "valid_to": region.valid_to,
            },
        )
        made += created
    return made
