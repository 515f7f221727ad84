"""What the sources sent about a person: records with their older versions, roles on contracts, and contracts on which
nobody else has a role. Links go last, for by them the others are found."""

from __future__ import annotations

from customers.holders.held import Held, TableHolder

# The records of these customers: those linked to them, and corrections that were taken back, which nobody is linked to.
OWN_RECORDS = """
SELECT link.customer_id, record.id, record.source_id, record.source_key
FROM customers_link link JOIN customers_sourcerecord record ON record.id = link.record_id
WHERE link.customer_id = ANY(%(customers)s)
UNION ALL
SELECT named.customer_id, record.id, record.source_id, record.source_key
FROM customers_actcustomer named
JOIN customers_act act ON act.id = named.act_id AND act.kind = 'CORRECT'
JOIN customers_sourcesystem source ON source.code = 'STEWARD'
JOIN customers_sourcerecord record ON record.source_id = source.id AND record.source_key = 'A' || act.id
WHERE named.customer_id = ANY(%(customers)s)
    AND NOT EXISTS (SELECT FROM customers_link link WHERE link.record_id = record.id)
"""
OWN = f"WITH own AS MATERIALIZED ({OWN_RECORDS}) "
ROLES = f"""{OWN}
SELECT own.customer_id, party.id FROM own
JOIN customers_contractparty party ON party.source_id = own.source_id AND party.party_source_key = own.source_key
"""  # noqa: S608 - constants
# Contracts on which these customers have a role.
CONTRACTS = f"""{OWN}
SELECT DISTINCT own.customer_id, contract.id FROM own
JOIN customers_contractparty party ON party.source_id = own.source_id AND party.party_source_key = own.source_key
JOIN customers_contract contract ON contract.source_id = party.source_id AND contract.contract_no = party.contract_no
"""  # noqa: S608 - constants
# A role of a record that has not come yet is somebody else's.
ONLY_THEIRS = """
AND NOT EXISTS (
    SELECT FROM customers_contractparty other
    WHERE other.source_id = contract.source_id AND other.contract_no = contract.contract_no AND NOT EXISTS (
        SELECT FROM own WHERE own.source_id = other.source_id AND own.source_key = other.party_source_key))
"""
OWN_CONTRACTS = f"{CONTRACTS} {ONLY_THEIRS}"
VERSIONS_OF = (
    "SELECT held.customer_id, version.id FROM ({}) held (customer_id, contract_id) "
    "JOIN customers_contractversion version ON version.contract_id = held.contract_id"
)
SHOWN_OF_RECORDS = (
    *("source__name", "source_key", "version", "as_of", "loaded_at", "name", "birth_date", "is_lunar", "sex"),
    *("rrn_mask", "passport_mask", "account_mask", "mobile", "phone_home", "email", "address", "postcode"),
    *("company_name", "company_no", "crn", "employee_no", "real_name_verified_on", "marketing_consent_on"),
)
SHOWN_OF_CONTRACTS = (
    *("contract_no", "product_group", "product_name", "status", "started_on", "ends_on", "premium", "premium_cycle"),
    *("version", "as_of"),
)


class Records(TableHolder):
    """Records and contracts. A contract on which somebody else has a role stays, without the role of this person."""

    rows = (
        Held("customers.ContractVersion", VERSIONS_OF.format(OWN_CONTRACTS), everyone=VERSIONS_OF.format(CONTRACTS)),
        Held("customers.Contract", OWN_CONTRACTS, everyone=CONTRACTS),
        Held("customers.ContractParty", ROLES),
        Held(
            "customers.SourceRecordVersion",
            f"{OWN} SELECT own.customer_id, version.id FROM own "  # noqa: S608 - constants
            "JOIN customers_sourcerecordversion version ON version.record_id = own.id",
        ),
        Held("customers.SourceRecord", f"{OWN} SELECT customer_id, id FROM own"),  # noqa: S608 - constants
        Held(
            "customers.Link", "SELECT customer_id, record_id FROM customers_link WHERE customer_id = ANY(%(customers)s)"
        ),
    )
    told = {
        "customers.Contract": SHOWN_OF_CONTRACTS,
        "customers.ContractVersion": SHOWN_OF_CONTRACTS,
        "customers.ContractParty": ("source__name", "contract_no", "role"),
        "customers.SourceRecord": SHOWN_OF_RECORDS,
        "customers.SourceRecordVersion": SHOWN_OF_RECORDS,
    }
