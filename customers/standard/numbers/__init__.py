"""Numbers that identify a person, an organisation, a document or an account."""

from customers.standard.numbers.accounts import AccountNumber, account_number
from customers.standard.numbers.connecting import ConnectingInfo, connecting_info
from customers.standard.numbers.documents import (
    LicenceNumber,
    PassportNumber,
    licence_number,
    passport_number,
)
from customers.standard.numbers.organisations import (
    BusinessNumber,
    CorporateNumber,
    business_number,
    corporate_number,
)
from customers.standard.numbers.residents import ResidentNumber, resident_number

__all__ = [
    "AccountNumber",
    "BusinessNumber",
    "ConnectingInfo",
    "CorporateNumber",
    "LicenceNumber",
    "PassportNumber",
    "ResidentNumber",
    "account_number",
    "business_number",
    "connecting_info",
    "corporate_number",
    "licence_number",
    "passport_number",
    "resident_number",
]
