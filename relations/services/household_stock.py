"""The stock as the search for households reads it: records, golden customers and contract parties, each in one
piece; they meet in arrays, since as a join they would take several times as long."""

from __future__ import annotations

from datetime import date

import numpy as np

from customers.services.copying import read_arrays
from customers.standard.matching import HANGUL, LUNAR, MATCH_RECORD
from relations.rules.household_search import Decided
from relations.rules.household_ties import UNKNOWN, YEAR, Held, Part, Stock, packed

EPOCH = date(1900, 1, 1)
FIRST_YEAR = EPOCH.year
# A protected customer is in no list that a search makes.
PERSONS = """
SELECT id, coalesce(birth_date - date '1900-01-01', -1) AS birth, coalesce(ascii(nullif(sex, '')), 0) AS sex,
    coalesce((provenance->'address'->>0)::bigint, 0) AS home, coalesce((provenance->'name'->>0)::bigint, 0) AS name,
    (address ~ ', [0-9A-Z가-힣]+동 [0-9A-Z]')::int
FROM customers_customer
WHERE state = 'ACTIVE' AND kind = 'PERSON' AND id NOT IN (SELECT customer_id FROM customers_protection)
"""
PERSON = {"id": ">i8", "birth": ">i4", "sex": ">i4", "home": ">i8", "name": ">i8", "is_flat": ">i4"}
RECORDS = """
SELECT id, hashtextextended(source_key, source_id), as_of::date - date '1900-01-01', {fields}
FROM customers_sourcerecord WHERE withdrawn_at IS NULL AND kind = 'PERSON'
"""
LINKS = "SELECT record_id, customer_id FROM customers_link"
LINK = {"record": ">i8", "customer": ">i8"}
PARTIES = """
SELECT hashtextextended(contract_no, source_id), hashtextextended(party_source_key, source_id),
    CASE role {parts} ELSE {beneficiary} END::smallint
FROM customers_contractparty
"""
PARTY = {"contract": ">i8", "key": ">i8", "part": ">i2"}
PART_OF = {
    "POLICYHOLDER": Part.HOLDER,
    "INSURED": Part.INSURED,
    "INSURED_2ND": Part.SECOND,
    "PAYER": Part.PAYER,
    "ACCOUNT_HOLDER": Part.PAYER,
    "LEGAL_REP": Part.GUARDIAN,
}
FIELDS = ("birth", "mobile", "phone", "dwelling", "unit", "district", "postcode")
COMPANY_NUMBERS = "SELECT substr(match_keys, {start}, 8) FROM customers_sourcerecord WHERE kind = 'ORG'"
SEARCHED = ("LIVING", "PAYER")  # who is registered together only a document says
MEMBERS = """
SELECT place.household_id, place.customer_id
FROM relations_membership place JOIN relations_household household ON household.id = place.household_id
WHERE place.ended_at IS NULL AND household.closed_at IS NULL AND household.kind = '{kind}'
"""
MEMBER = {"household": ">i8", "customer": ">i8"}
# Whom a person called no household, and who left one: with those who stayed, or with all of one that closed for good.
# A refusal stays with the number it was about; what became of that number it holds for as well.
REFUSED = """
SELECT coalesce(one.merged_into_id, one.id), coalesce(other.merged_into_id, other.id)
FROM (
    SELECT first_id, second_id FROM relations_householdrefusal WHERE withdrawn_at IS NULL AND kind = '{kind}'
    UNION ALL
    SELECT gone.customer_id, stayed.customer_id
    FROM relations_membership gone
    JOIN relations_household household ON household.id = gone.household_id AND household.kind = '{kind}'
    JOIN relations_membership stayed
        ON stayed.household_id = gone.household_id AND stayed.customer_id <> gone.customer_id
    WHERE gone.ended_at IS NOT NULL AND household.joined_into_id IS NULL
        AND (stayed.ended_at IS NULL OR household.closed_at IS NOT NULL)
) AS refused(first_id, second_id)
JOIN customers_customer one ON one.id = refused.first_id
JOIN customers_customer other ON other.id = refused.second_id
"""
PAIR = {"one": ">i8", "other": ">i8"}
TWO_LETTERS = ("남궁", "황보", "제갈", "사공", "선우", "독고", "동방", "서문")  # surnames of two syllables


def read_stock(*, today: date) -> Stock:
    """All active persons with what ties them, as of `today`."""
    persons, records = _by_id(read_arrays(PERSONS, PERSON)), _records()
    ids = persons["id"].astype(np.int64)
    person = _person_of(ids, records)
    fields = records["fields"]
    place, is_known = placed(records["id"].astype(np.int64), persons["home"].astype(np.int64))
    golden = {name: _there(fields[name], place, is_known) for name in ("dwelling", "unit", "district")}
    zones = _zones(fields)
    contract, party, part = _parties(records, person)
    with_unit = np.where(fields["unit"] > 0, fields["dwelling"], 0)
    private = np.where(np.isin(fields["phone"], _company_numbers()), 0, fields["phone"])
    return Stock(
        ids=ids,
        birth=_births(persons["birth"].astype(np.int64), person, fields["birth"]),
        is_man=persons["sex"] == ord("M"),
        is_woman=persons["sex"] == ord("F"),
        surname=_surnames(records, persons["name"].astype(np.int64)),
        home=golden["dwelling"],
        unit=golden["unit"],
        district=golden["district"],
        zone=_there(zones, place, is_known),
        seen=_there(records["day"].astype(np.int64), place, is_known, UNKNOWN),
        is_flat=persons["is_flat"] > 0,
        today=(today - EPOCH).days,
        homes=_held(person, with_unit),
        zones=_held(person, zones),
        phones=_held(person, private),
        mobiles=_held(person, fields["mobile"]),
        contract=contract,
        party=party,
        part=part,
    )


def _records() -> np.ndarray:
    """The records of persons by id: of their match keys only what households need."""
    names = MATCH_RECORD.fields
    fields = np.dtype({"names": ["script", "name", *FIELDS], "formats": ["<u2", "<u4", *(names[n][0] for n in FIELDS)]})
    pieces = [("name_script", 6), *((name, names[name][0].itemsize) for name in FIELDS)]
    cut = " || ".join(f"substr(match_keys, {names[name][1] + 1}, {width})" for name, width in pieces)
    row = {"id": ">i8", "key": ">i8", "day": ">i4", "fields": fields}
    return _by_id(read_arrays(RECORDS.format(fields=cut), row))


def _by_id(rows: np.ndarray) -> np.ndarray:
    return rows[np.argsort(rows["id"].astype(np.int64), kind="stable")]


def placed(ordered: np.ndarray, wanted: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Where each wanted value stands among the ordered ones, and whether it is there at all."""
    if not len(ordered):
        return np.zeros(len(wanted), np.int64), np.zeros(len(wanted), bool)
    place = np.minimum(np.searchsorted(ordered, wanted), len(ordered) - 1)
    return place, ordered[place] == wanted


def _there(values: np.ndarray, place: np.ndarray, is_known: np.ndarray, otherwise: int = 0) -> np.ndarray:
    """The values at these places, `otherwise` where a place is not known."""
    chosen = np.full(len(place), otherwise, values.dtype)
    chosen[is_known] = values[place[is_known]]
    return chosen


def _person_of(ids: np.ndarray, records: np.ndarray) -> np.ndarray:
    """The position of each record's person, UNKNOWN for one that the search leaves out."""
    links = read_arrays(LINKS, LINK)
    place, is_record = placed(records["id"].astype(np.int64), links["record"].astype(np.int64))
    position, is_person = placed(ids, links["customer"].astype(np.int64))
    person = np.full(len(records), UNKNOWN, np.int64)
    both = is_record & is_person
    person[place[both]] = position[both]
    return person


def _births(golden: np.ndarray, person: np.ndarray, birth: np.ndarray) -> np.ndarray:
    """The golden birth dates; where there is none the middle of the year that a record names."""
    year = (birth % LUNAR // 10_000).astype(np.int64)
    told = (person != UNKNOWN) & (year > FIRST_YEAR)
    years = np.zeros(len(golden), np.int64)
    years[person[told]] = year[told]
    middle = ((years - FIRST_YEAR + 0.5) * YEAR).astype(np.int64)
    return np.where((golden == UNKNOWN) & (years > 0), middle, golden)


def _zones(fields: np.ndarray) -> np.ndarray:
    """A key of postcode and unit, by which a flat is one whether its address names the road or the lot; 0 for none."""
    zone = fields["postcode"].astype(np.uint64) << np.uint64(32) | fields["unit"]
    return np.where((fields["postcode"] > 0) & (fields["unit"] > 0), zone, 0)


def _company_numbers() -> np.ndarray:
    """The telephone numbers of organisations: who gives one as that of the home only works there."""
    start = MATCH_RECORD.fields["phone"][1] + 1
    return np.unique(read_arrays(COMPANY_NUMBERS.format(start=start), {"phone": "<u8"})["phone"])


def _held(person: np.ndarray, value: np.ndarray) -> Held:
    chosen = (person != UNKNOWN) & (value > 0)
    return Held(person[chosen], value[chosen].astype(np.uint64))


def _surnames(records: np.ndarray, golden_name: np.ndarray) -> np.ndarray:
    """A key of the surname of each golden name in Hangul, 0 for other names: its first letter, or first two."""
    place, is_known = placed(records["id"].astype(np.int64), golden_name)
    is_hangul = _there(records["fields"]["script"], place, is_known) == HANGUL
    letters = np.where(is_hangul, _there(records["fields"]["name"], place, is_known), 0).astype(np.int64)
    double = [int.from_bytes(name.encode("utf-16-le"), "little") for name in TWO_LETTERS]
    return np.where(np.isin(letters, double), letters, letters & 0xFFFF)


def _parties(records: np.ndarray, person: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Contract, person and part of every role that a person of the search plays."""
    parts = " ".join(f"WHEN '{role}' THEN {int(part)}" for role, part in PART_OF.items())
    found = read_arrays(PARTIES.format(parts=parts, beneficiary=int(Part.BENEFICIARY)), PARTY)
    keys = records["key"].astype(np.int64)
    order = np.argsort(keys, kind="stable")
    place, is_known = placed(keys[order], found["key"].astype(np.int64))
    party = _there(person[order], place, is_known, UNKNOWN)
    chosen = party != UNKNOWN
    return found["contract"][chosen].astype(np.int64), party[chosen], found["part"][chosen].astype(np.int8)


def read_decided(stock: Stock) -> dict[str, Decided]:
    """What people decided about the persons of the search, by kind."""
    return {kind: _decided(stock, kind) for kind in SEARCHED}


def read_members(kind: str) -> np.ndarray:
    """Who is in which open household of a kind now, in the order of households."""
    places = read_arrays(MEMBERS.format(kind=kind), MEMBER)
    return places[np.lexsort((places["customer"].astype(np.int64), places["household"].astype(np.int64)))]


def _decided(stock: Stock, kind: str) -> Decided:
    places = read_members(kind)
    position, is_person = placed(stock.ids, places["customer"].astype(np.int64))
    refused = read_arrays(REFUSED.format(kind=kind), PAIR)
    one, is_one = placed(stock.ids, refused["one"].astype(np.int64))
    other, is_other = placed(stock.ids, refused["other"].astype(np.int64))
    both = is_one & is_other & (one != other)
    return Decided(
        member=position[is_person],
        household=places["household"].astype(np.int64)[is_person],
        refused=np.unique(packed(one[both], other[both])),
    )
