"""Standard forms: the one way in which every value of a customer is written, whatever its source wrote.

Each function takes one raw value, never raises on data, and returns an immutable tuple with at least `value`,
`certainty` (see `Certainty`) and `problems` (codes explained in `PROBLEMS`). None of them remembers anything.
"""

from customers.standard.addresses import Address, address
from customers.standard.certainty import Certainty
from customers.standard.codes import Code, sex, yes_no
from customers.standard.dates import BirthDate, Instant, PlainDate, birth_date, instant, plain_date
from customers.standard.emails import DOMAINS, Email, MailDomains, email
from customers.standard.hangul import fold_spelling, from_keyboard, initials, jamo
from customers.standard.names import (
    OrganisationName,
    PersonName,
    looks_like_organisation,
    organisation_name,
    person_name,
)
from customers.standard.numbers import (
    AccountNumber,
    BusinessNumber,
    ConnectingInfo,
    CorporateNumber,
    LicenceNumber,
    PassportNumber,
    ResidentNumber,
    account_number,
    business_number,
    connecting_info,
    corporate_number,
    licence_number,
    passport_number,
    resident_number,
)
from customers.standard.phones import Phone, phone
from customers.standard.placeholders import is_placeholder
from customers.standard.problems import PROBLEMS
from customers.standard.regions import REGIONS, Region, RegionIndex, build_index, region_of_code, region_on
from customers.standard.text import tidy

__all__ = [
    "DOMAINS",
    "PROBLEMS",
    "REGIONS",
    "AccountNumber",
    "Address",
    "BirthDate",
    "BusinessNumber",
    "Certainty",
    "Code",
    "ConnectingInfo",
    "CorporateNumber",
    "Email",
    "Instant",
    "LicenceNumber",
    "MailDomains",
    "OrganisationName",
    "PassportNumber",
    "PersonName",
    "Phone",
    "PlainDate",
    "Region",
    "RegionIndex",
    "ResidentNumber",
    "account_number",
    "address",
    "birth_date",
    "build_index",
    "business_number",
    "connecting_info",
    "corporate_number",
    "email",
    "fold_spelling",
    "from_keyboard",
    "initials",
    "instant",
    "is_placeholder",
    "jamo",
    "licence_number",
    "looks_like_organisation",
    "organisation_name",
    "passport_number",
    "person_name",
    "phone",
    "plain_date",
    "region_of_code",
    "region_on",
    "resident_number",
    "sex",
    "tidy",
    "yes_no",
]
