"""The standard form of a whole customer record, column by column: the same code for a million rows and for one.

Equal raw values are standardised once per `Standardiser`, so keep one for the length of a file. Pure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from hashlib import blake2b
from typing import NamedTuple

from customers.standard import (
    REGIONS,
    Region,
    account_number,
    address,
    birth_date,
    build_index,
    business_number,
    connecting_info,
    corporate_number,
    email,
    looks_like_organisation,
    organisation_name,
    passport_number,
    person_name,
    phone,
    resident_number,
    sex,
)
from customers.standard.certainty import DOUBTFUL

CERTAINTY_ORDER = (
    "name",
    "birth_date",
    "sex",
    "rrn",
    "ci",
    "mobile",
    "phone_home",
    "email",
    "address",
    "company",
    "company_no",
    "crn",
    "passport",
    "account_no",
)
GOLDEN_CERTAINTY = {
    "name": "name",
    "birth_date": "birth_date",
    "sex": "sex",
    "rrn": "rrn",
    "mobile": "mobile",
    "phone_home": "phone_home",
    "email": "email",
    "address": "address",
    "company": "company",
    "crn": "crn",
    "real_name_verified_on": None,
    "marketing_consent_on": None,
}
# Keys of a record for matching, 8 bytes each, in this order; all zero where the record has none.
MATCH_KEYS = (
    "rrn",
    "ci",
    "brn",
    "crn",
    "name",
    "birth",
    "mobile",
    "phone",
    "email",
    "dwelling",
    "street",
    "postcode",
    "employee",
)
NO_KEY = "0" * 16
_MOBILE_KINDS = frozenset(("MOBILE", "RETIRED_MOBILE", "FOREIGN", "UNKNOWN"))
_SHARED_KINDS = frozenset(("SAFE", "REPRESENTATIVE", "UNKNOWN"))  # of no use for telling people apart
MEMO_LIMIT = 400_000
LUNAR_BIT = 1 << 32


class Form(NamedTuple):
    """One item of one record. key: 16 hexadecimal digits for matching; extra: what the item says of other items."""

    value: str
    certainty: int
    problems: str
    key: str = NO_KEY
    extra: object = None


EMPTY_FORM = Form("", 0, "")


class Memo(dict):
    """Remembers what a function made of a raw value; forgets all when it has grown too large."""

    def __init__(self, function: Callable[[object], object]) -> None:
        super().__init__()
        self._function = function

    def __missing__(self, raw: object) -> object:
        if len(self) >= MEMO_LIMIT:
            self.clear()
        made = self[raw] = self._function(raw)
        return made


class Standardiser:
    """Standard forms of customer columns as of the day `today` (a birth date after it is refused).

    regions: the code table of 시도, of which those count that hold on that day.
    """

    def __init__(self, today: date, regions: Iterable[Region] = REGIONS) -> None:
        self._today = today
        self._regions = build_index(regions, today)
        self.person_names = Memo(_person_name)
        self.organisation_names = Memo(_organisation_name)
        self.birth_dates = Memo(self._birth_date)
        self.sexes = Memo(_sex)
        self.resident_numbers = Memo(self._resident_number)
        self.infos = Memo(_connecting_info)
        self.mobiles = Memo(_mobile)
        self.home_phones = Memo(lambda raw: _phone("phone_home", raw))
        self.emails = Memo(_email)
        self.addresses = Memo(self._address)
        self._postcode_keys = Memo(hashed)
        self.company_names = Memo(lambda raw: _renamed(_organisation_name(raw), "name", "company"))
        self.business_numbers = Memo(lambda raw: _number("company_no", business_number(raw)))
        self.corporate_numbers = Memo(lambda raw: _number("crn", corporate_number(raw)))
        self.passports = Memo(lambda raw: _number("passport", passport_number(raw)))
        self.accounts = Memo(lambda raw: _number("account_no", account_number(raw)))
        self.kinds = Memo(lambda raw: Form("ORG" if looks_like_organisation(raw) else "PERSON", 0, ""))

    def _birth_date(self, raw: str) -> Form:
        form = birth_date(raw, self._today)
        if form.value is None:
            key = f"{form.year * 10_000:016x}" if form.year else NO_KEY
            return Form("", form.certainty, _written("birth_date", form.problems), key, (form.year, form.is_lunar))
        day = form.value.year * 10_000 + form.value.month * 100 + form.value.day
        key = f"{day | LUNAR_BIT if form.is_lunar else day:016x}"
        return Form(
            form.value.isoformat(),
            form.certainty,
            _written("birth_date", form.problems),
            key,
            (form.value.year, form.is_lunar),
        )

    def _resident_number(self, raw: str) -> Form:
        form = resident_number(raw, self._today)
        return Form(form.value or "", form.certainty, _written("rrn", form.problems), NO_KEY, form)

    def _address(self, pair: tuple[str, str]) -> Form:
        form = address(*pair, self._regions)
        extra = (hashed(form.street_key), self._postcode_keys[form.postcode], form.region, form.postcode)
        return Form(form.value or "", form.certainty, _written("address", form.problems), hashed(form.key), extra)


def kinds_of(columns: Mapping[str, Sequence[str]], standardiser: Standardiser) -> list[str]:
    """PERSON or ORG per row: as sent, else by the look of the name where no birth date or resident number is given."""
    rows = len(columns["name"])
    sent = columns.get("kind") or [""] * rows
    births = columns.get("birth_date") or [""] * rows
    numbers = columns.get("rrn") or [""] * rows
    guesses = standardiser.kinds
    return [
        kind or ("PERSON" if birth or number else guesses[name].value)
        for kind, name, birth, number in zip(sent, columns["name"], births, numbers, strict=True)
    ]


def hashed(text: str) -> str:
    """The 64-bit matching key of a canonical text as 16 hexadecimal digits."""
    return blake2b(text.encode(), digest_size=8).hexdigest() if text else NO_KEY


def _written(item: str, problems: Sequence[str]) -> str:
    return "".join([f"{item}:{problem} " for problem in problems]) if problems else ""


def _renamed(form: Form, old: str, new: str) -> Form:
    return form._replace(problems=form.problems.replace(f"{old}:", f"{new}:"))


def _person_name(raw: str) -> Form:
    form = person_name(raw)
    return Form(form.value or "", form.certainty, _written("name", form.problems), hashed(form.key), form.key)


def _organisation_name(raw: str) -> Form:
    form = organisation_name(raw)
    return Form(form.value or "", form.certainty, _written("name", form.problems), hashed(form.key), form.key)


def _sex(raw: str) -> Form:
    form = sex(raw)
    return Form(form.value or "", form.certainty, _written("sex", form.problems))


def _connecting_info(raw: str) -> Form:
    form = connecting_info(raw)
    return Form(form.value or "", form.certainty, _written("ci", form.problems))


def _mobile(raw: str) -> Form:
    """A phone as a mobile: any other kind is doubted, for no message reaches it."""
    form = _phone("mobile", raw)
    if form.extra in _MOBILE_KINDS or not form.value:
        return form
    return form._replace(certainty=DOUBTFUL, problems=f"{form.problems}mobile:NOT_MOBILE ")


def _phone(item: str, raw: str) -> Form:
    form = phone(raw)
    key = hashed(form.value) if form.value and form.kind not in _SHARED_KINDS else NO_KEY
    return Form(form.value or "", form.certainty, _written(item, form.problems), key, form.kind)


def phones_of_kinds(phones: Iterable[Form], kinds: Iterable[str]) -> list[Form]:
    """The phones of records that are each a PERSON or an ORG: a representative number serves organisations only."""
    return [
        _doubted(form) if form.extra == "REPRESENTATIVE" and kind == "PERSON" else form
        for form, kind in zip(phones, kinds, strict=True)
    ]


def _doubted(form: Form) -> Form:
    return form._replace(certainty=DOUBTFUL, problems=f"{form.problems}phone_home:CORPORATE ")


def _email(raw: str) -> Form:
    form = email(raw)
    return Form(form.value or "", form.certainty, _written("email", form.problems), hashed(form.key))


def _number(item: str, form: object) -> Form:
    return Form(form.value or "", form.certainty, _written(item, form.problems), hashed(form.value or ""), form.mask)
