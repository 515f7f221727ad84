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
    Address,
    Region,
    RegionIndex,
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
from customers.standard.matching import LUNAR, MAILBOX_LETTERS, YEAR_ONLY, name_text

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
_MOBILE_KINDS = frozenset(("MOBILE", "RETIRED_MOBILE", "FOREIGN", "UNKNOWN"))
_SHARED_KINDS = frozenset(("SAFE", "REPRESENTATIVE", "UNKNOWN"))  # of no use for telling people apart
MEMO_LIMIT = 400_000
KEY_BYTES = 8


class Form(NamedTuple):
    """One item of one record. key: its share of `MATCH_RECORD`, empty for none; extra: what it says of other items."""

    value: str
    certainty: int
    problems: str
    key: bytes = b""
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

    regions: the code table of 시도, of which those count that hold on that day; or the index of these, for whoever
    takes a standardiser for each record.
    """

    def __init__(self, today: date, regions: Iterable[Region] | RegionIndex = REGIONS) -> None:
        self._today = today
        self._regions = regions if isinstance(regions, RegionIndex) else build_index(regions, today)
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
        self._district_keys = Memo(lambda text: hashed(text, 4))
        self.company_names = Memo(lambda raw: _renamed(_organisation_name(raw), "name", "company"))
        self.business_numbers = Memo(lambda raw: _number("company_no", business_number(raw)))
        self.corporate_numbers = Memo(lambda raw: _number("crn", corporate_number(raw)))
        self.passports = Memo(lambda raw: _number("passport", passport_number(raw)))
        self.accounts = Memo(lambda raw: _number("account_no", account_number(raw)))
        self.kinds = Memo(lambda raw: Form("ORG" if looks_like_organisation(raw) else "PERSON", 0, ""))

    def _birth_date(self, raw: str) -> Form:
        form = birth_date(raw, self._today)
        if form.value is None:
            key = of_number(form.year * YEAR_ONLY) if form.year else b""
            return Form("", form.certainty, _written("birth_date", form.problems), key, (form.year, form.is_lunar))
        key = of_date(form.value, form.is_lunar)
        extra = (form.value.year, form.is_lunar)
        return Form(form.value.isoformat(), form.certainty, _written("birth_date", form.problems), key, extra)

    def _resident_number(self, raw: str) -> Form:
        form = resident_number(raw, self._today)
        return Form(form.value or "", form.certainty, _written("rrn", form.problems), b"", form)

    def _district_of(self, form: Address) -> str:
        """Region and district; a region that has no districts stands for itself."""
        is_whole = form.district or form.region in self._regions.undivided
        return f"{form.region} {form.district}" if is_whole and form.region else ""

    def _address(self, pair: tuple[str, str]) -> Form:
        form = address(*pair, self._regions)
        street = form.street_key or (_squeezed(form.value) if "FOREIGN_ADDRESS" in form.problems else "")
        key = b"".join(
            (
                hashed(form.key or street),
                hashed(street),
                hashed(form.detail, 4),
                self._district_keys[self._district_of(form)],
                int(f"1{form.postcode}").to_bytes(4, "little") if form.postcode.isdecimal() else bytes(4),
            )
        )
        extra = (form.region, form.postcode)
        return Form(form.value or "", form.certainty, _written("address", form.problems), key, extra)


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


def hashed(text: str, size: int = KEY_BYTES) -> bytes:
    """The matching key of a canonical text; zeros for an empty one."""
    return blake2b(text.encode(), digest_size=size).digest() if text else bytes(size)


def of_number(number: int) -> bytes:
    """A number as a matching key."""
    return number.to_bytes(KEY_BYTES, "little")


def of_date(day: date, is_lunar: bool = False) -> bytes:
    """A full date of birth as a matching key."""
    number = day.year * YEAR_ONLY + day.month * 100 + day.day
    return of_number(number | LUNAR if is_lunar else number)


def _squeezed(text: str) -> str:
    """Letters and digits alone, small."""
    return "".join(filter(str.isalnum, text)).casefold()


def _written(item: str, problems: Sequence[str]) -> str:
    return "".join([f"{item}:{problem} " for problem in problems]) if problems else ""


def _renamed(form: Form, old: str, new: str) -> Form:
    return form._replace(problems=form.problems.replace(f"{old}:", f"{new}:"))


def _person_name(raw: str) -> Form:
    form = person_name(raw)
    return Form(form.value or "", form.certainty, _written("name", form.problems), _name_key(form.key, form.value))


def _organisation_name(raw: str) -> Form:
    form = organisation_name(raw)
    return Form(form.value or "", form.certainty, _written("name", form.problems), _name_key(form.key, form.key))


def _name_key(key: str, value: str) -> bytes:
    return hashed(key) + name_text(key, value)


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
    digits = form.value.removeprefix("+") if form.value else ""
    key = of_number(int(f"1{digits}")) if digits and form.kind not in _SHARED_KINDS else b""
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
    mailbox = form.key.partition("@")[0]
    text = mailbox.encode("ascii", "replace")[:MAILBOX_LETTERS].ljust(MAILBOX_LETTERS, b"\0")
    key = hashed(form.key) + hashed(mailbox) + text if form.key else b""
    return Form(form.value or "", form.certainty, _written("email", form.problems), key)


def _number(item: str, form: object) -> Form:
    value = form.value or ""
    return Form(value, form.certainty, _written(item, form.problems), hashed(value) if value else b"", form.mask)
