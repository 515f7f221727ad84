"""The planted population of the whole house: the master, and what every app above hangs on it."""

from tests.consent import (
    planting_consents,
    planting_contact,
    planting_gate,
    planting_outflows,
    planting_retention,
    planting_rights,
    planting_texts,
)
from tests.planting import Population, plant_master
from tests.relations import (
    planting_finances,
    planting_groups,
    planting_households,
    planting_keepers,
    planting_organisations,
    planting_prospects,
    planting_relationships,
)

# Finances last, since they add values that the others would count.
ABOVE = (
    planting_households,
    planting_relationships,
    planting_organisations,
    planting_groups,
    planting_keepers,
    planting_prospects,
    planting_finances,
    planting_texts,
    planting_consents,
    planting_contact,
    planting_gate,
    planting_outflows,
    planting_rights,
    planting_retention,
)


def plant() -> Population:
    """Everything, in the transaction that is open."""
    planted = plant_master()
    for area in ABOVE:
        area.plant(planted)
    return planted
