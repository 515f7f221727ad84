"""A correction as a person types it, read as a feed reads a row: standard forms, what is wrong, the columns of a source
record. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from customers.feeds.parsing import as_json, digest_of, without_resident_numbers
from customers.sealing import Sealer, place_of
from customers.standard.assembling import completed, forms_of
from customers.standard.certainty import DOUBTFUL
from customers.standard.matching import MATCH_RECORD, ORGANISATION
from customers.standard.record import Form, Standardiser
from customers.typed import LONGEST, MAY_HOLD_NUMBERS, UNTYPED, Problem

CORRECTABLE: Mapping[str, tuple[str, ...]] = {
    "name": ("name",),
    "birth_date": ("birth_date",),
    "sex": ("sex",),
    "rrn": ("rrn",),
    "mobile": ("mobile",),
    "phone_home": ("phone_home",),
    "email": ("email",),
    "address": ("address", "postcode"),
    "company": ("company_name", "company_no", "employee_no"),
    "crn": ("crn",),
}
"""What can be corrected: {golden item: the canonical columns that it is typed in}. Proofs and consents cannot: their
dates come from those who took them."""
COLUMNS = tuple(column for columns in CORRECTABLE.values() for column in columns)
# The forms that say whether what was typed in a column can be golden.
FORM_OF_COLUMN = {column: column for column in COLUMNS if column not in ("postcode", "employee_no")} | {
    "company_name": "company"
}
HIDDEN = "******"


@dataclass(frozen=True)
class Correction:
    """What was typed. cells: by canonical column; forms: of every item, in the order of `CERTAINTY_ORDER`; items: the
    golden items that it corrects; problems: what cannot be read, which makes the correction unfit; findings: what the
    standard forms noted, as a source record keeps it."""

    kind: str
    cells: Mapping[str, str]
    forms: Mapping[str, Form]
    items: tuple[str, ...]
    problems: tuple[Problem, ...]
    findings: str


def read_correction(values: Mapping[str, str], kind: str, standard: Standardiser) -> Correction:
    """Read what was typed for a customer of this kind, PERSON or ORG. values: {column of COLUMNS: text}; an empty text
    says nothing."""
    problems = tuple(_unreadable(values))
    bad = {problem.item for problem in problems}
    cells = {
        column: text if column in MAY_HOLD_NUMBERS else without_resident_numbers(text)
        for column, text in values.items()
        if column not in bad and text.strip()
    }
    sent = {column: [cells.get(column, "")] for column in COLUMNS}
    completed_forms, more = completed(forms_of(sent, [kind], standard))
    forms = {item: held[0] for item, held in completed_forms.items()}
    items = tuple(item for item, columns in CORRECTABLE.items() if any(column in cells for column in columns))
    findings = "".join(form.problems for form in forms.values()) + more[0]
    return Correction(kind, cells, forms, items, (*problems, *_unusable(cells, forms, items)), findings.strip())


def columns_of(correction: Correction, sealer: Sealer, source_code: str, source_key: str) -> dict[str, object]:
    """The columns of a source record that holds the correction: its values, sealed where a feed seals them, and match
    keys that say nothing, so that it takes no part in matching."""
    forms, cells = correction.forms, correction.cells
    rrn, birth = forms["rrn"], forms["birth_date"]
    year, is_lunar = birth.extra or (None, False)
    region, postcode = forms["address"].extra or ("", "")
    typed = [_shown(cells, column, rrn) for column in COLUMNS]
    return {
        "raw": as_json(typed),
        "digest": digest_of(typed),
        "kind": correction.kind,
        "certainties": "".join(str(int(form.certainty)) for form in forms.values()),
        "problems": correction.findings,
        "name": forms["name"].value,
        "birth_date": date.fromisoformat(birth.value) if birth.value else None,
        "birth_year": year,
        "is_lunar": bool(is_lunar),
        "sex": forms["sex"].value,
        "rrn_mask": rrn.extra.mask if rrn.extra else "",
        "rrn_sealed": sealer.seal(rrn.value, place_of("rrn", source_code, source_key)) if rrn.value else None,
        "rrn_index": sealer.index("rrn", rrn.value) if rrn.value else None,
        **{item: forms[item].value for item in ("mobile", "phone_home", "email", "address", "company_no", "crn")},
        "region": region,
        "postcode": postcode,
        "company_name": forms["company"].value,
        "employee_no": cells.get("employee_no", "").strip(),
        "match_keys": mute_match_record(correction.kind),
    }


def mute_match_record(kind: str) -> bytes:
    """What the matching engine reads of a correction: its kind and nothing else."""
    record = np.zeros(1, MATCH_RECORD)
    record["flags"] = ORGANISATION if kind == "ORG" else 0
    return record.tobytes()


def _shown(cells: Mapping[str, str], column: str, rrn: Form) -> str:
    """What was typed in a column, of a resident number the mask."""
    text = cells.get(column, "")
    return (rrn.extra.mask if rrn.extra and rrn.extra.mask else HIDDEN) if column == "rrn" and text else text


def _unreadable(values: Mapping[str, str]) -> Iterator[Problem]:
    for column, text in values.items():
        if column not in COLUMNS:
            yield Problem(str(column)[:LONGEST], "UNKNOWN_COLUMN", is_used=False)
        elif not isinstance(text, str):
            yield Problem(column, "NOT_TEXT", is_used=False)
        elif len(text) > LONGEST:
            yield Problem(column, "TOO_LONG", is_used=False)
        elif UNTYPED.search(text):
            yield Problem(column, "CONTROL_CHARACTER", is_used=False)


def _unusable(cells: Mapping[str, str], forms: Mapping[str, Form], items: tuple[str, ...]) -> Iterator[Problem]:
    """Why what was typed could not be a golden value."""
    for item in items:
        telling = [column for column in CORRECTABLE[item] if column in cells and column in FORM_OF_COLUMN]
        if not telling:
            yield Problem(CORRECTABLE[item][0], "REQUIRED", is_used=False)
        for column in telling:
            form = forms[FORM_OF_COLUMN[column]]
            if form.value and form.certainty >= DOUBTFUL:
                continue
            codes = [found.partition(":")[2] for found in form.problems.split()] or ["FORM"]
            yield from (Problem(column, code, is_used=False) for code in codes)
