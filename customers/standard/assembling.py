"""From the columns of customer records to their forms, and from these to what the matching engine reads. Pure.

One way for a feed of a million rows and for the one record of an online check, so that both mean the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from customers.standard.certainty import DOUBTFUL
from customers.standard.matching import ORGANISATION
from customers.standard.record import EMPTY_FORM, Form, Standardiser, hashed, of_date, phones_of_kinds

_NO_KEY, _NO_NAME, _NO_EMAIL, _NO_ADDRESS, _NO_SEX = bytes(8), bytes(40), bytes(40), bytes(28), bytes(1)
_OF_PERSON, _OF_ORGANISATION = bytes((0, 0, 0)), bytes((ORGANISATION, 0, 0))


def forms_of(
    columns: Mapping[str, Sequence[str]], kinds: Sequence[str], standard: Standardiser
) -> dict[str, Sequence[Form]]:
    """The forms of all records item by item, in the order of `CERTAINTY_ORDER`.

    columns: cells as sent; a column that is missing counts as empty, but for the name. kinds: PERSON or ORG, as
    `kinds_of` tells. What a resident number says of other items is not in them yet: see `completed`.
    """

    def forms(column: str, memo: Mapping[str, Form]) -> Sequence[Form]:
        return list(map(memo.__getitem__, columns[column])) if column in columns else [EMPTY_FORM] * len(kinds)

    return {
        "name": [
            standard.person_names[name] if kind == "PERSON" else standard.organisation_names[name]
            for kind, name in zip(kinds, columns["name"], strict=True)
        ],
        "birth_date": forms("birth_date", standard.birth_dates),
        "sex": forms("sex", standard.sexes),
        "rrn": forms("rrn", standard.resident_numbers),
        "ci": forms("ci", standard.infos),
        "mobile": forms("mobile", standard.mobiles),
        "phone_home": phones_of_kinds(forms("phone_home", standard.home_phones), kinds),
        "email": forms("email", standard.emails),
        "address": _addresses(columns, len(kinds), standard),
        "company": forms("company_name", standard.company_names),
        "company_no": forms("company_no", standard.business_numbers),
        "crn": forms("crn", standard.corporate_numbers),
        "passport": forms("passport", standard.passports),
        "account_no": forms("account_no", standard.accounts),
    }


def _addresses(columns: Mapping[str, Sequence[str]], rows: int, standard: Standardiser) -> Sequence[Form]:
    """The forms of address and postcode, which are read together."""
    if "address" not in columns and "postcode" not in columns:
        return [EMPTY_FORM] * rows
    addresses, postcodes = (columns.get(name) or [""] * rows for name in ("address", "postcode"))
    return list(map(standard.addresses.__getitem__, zip(addresses, postcodes, strict=True)))


def completed(forms: Mapping[str, Sequence[Form]]) -> tuple[dict[str, Sequence[Form]], list[str]]:
    """The forms with birth dates and sexes completed from resident numbers, and what was found on the way, per row."""
    found = [
        (birth, sex, "") if rrn.extra is None else _from_resident_number(birth, sex, rrn)
        for birth, sex, rrn in zip(forms["birth_date"], forms["sex"], forms["rrn"], strict=True)
    ]
    births, sexes, more = zip(*found, strict=True) if found else ((), (), ())
    return {**forms, "birth_date": births, "sex": sexes}, list(more)


def _from_resident_number(birth: Form, sex: Form, rrn: Form) -> tuple[Form, Form, str]:
    """Birth date and sex completed from the resident number; where both are given and differ, a finding."""
    number = rrn.extra
    if number is None or (number.birth_date is None and not number.sex):
        return birth, sex, ""
    more = ""
    if number.birth_date is not None:
        written = number.birth_date.isoformat()
        if not birth.value:
            day = number.birth_date
            birth = Form(written, max(rrn.certainty, DOUBTFUL), birth.problems, of_date(day), (day.year, False))
        elif birth.value != written and not birth.extra[1]:
            more += "birth_date:DIFFERS_FROM_RRN "
    if number.sex:
        if not sex.value:
            sex = Form(number.sex, max(rrn.certainty, DOUBTFUL), sex.problems)
        elif sex.value != number.sex:
            more += "sex:DIFFERS_FROM_RRN "
    return birth, sex, more


def match_record(
    forms: Sequence[Form], *, is_organisation: bool, employee_no: str, rrn_index: bytes, ci_index: bytes
) -> bytes:
    """One record as `MATCH_RECORD`.

    forms: completed, in the order of `CERTAINTY_ORDER`. employee_no: without blanks around it; it counts together with
    the employer's number. rrn_index, ci_index: blind indexes, empty for none.
    """
    name, birth, sex, _rrn, _ci, mobile, home, email, address, _company, brn, crn, _passport, _account = forms
    is_employee = employee_no and brn.value and not is_organisation
    return b"".join(
        (
            rrn_index[:8] or _NO_KEY,
            ci_index[:8] or _NO_KEY,
            is_organisation and brn.key or _NO_KEY,
            crn.key or _NO_KEY,
            name.key or _NO_NAME,
            birth.key or _NO_KEY,
            *_phone_keys(mobile, home),
            email.key or _NO_EMAIL,
            address.key or _NO_ADDRESS,
            sex.value.encode() or _NO_SEX,
            _OF_ORGANISATION if is_organisation else _OF_PERSON,
            hashed(f"{brn.value} {employee_no}") if is_employee else _NO_KEY,
        )
    )


def _phone_keys(mobile: Form, home: Form) -> tuple[bytes, bytes]:
    """The keys of a mobile and of a fixed line, whichever column they stand in."""
    mobile_key = home_key = _NO_KEY
    for form in (mobile, home):
        if not form.key:
            continue
        if form.extra in ("MOBILE", "RETIRED_MOBILE"):
            mobile_key = form.key if mobile_key == _NO_KEY else mobile_key
        elif home_key == _NO_KEY:
            home_key = form.key
    return mobile_key, home_key
