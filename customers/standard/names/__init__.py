"""Names of persons and organisations."""

from customers.standard.names.organisations import OrganisationName, looks_like_organisation, organisation_name
from customers.standard.names.persons import PersonName, person_name

__all__ = ["OrganisationName", "PersonName", "looks_like_organisation", "organisation_name", "person_name"]
