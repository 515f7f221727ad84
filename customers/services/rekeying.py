"""Records that an older Hannun standardised get what the matching engine reads today, from their standard values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from django.db import connection, transaction
from django.utils import timezone

from customers.dedup.blocking import INDEXED_KEYS, indexed_keys
from customers.golden.corrected import mute_match_record
from customers.models import Code
from customers.seeds import STEWARD
from customers.services.locks import hold_golden
from customers.standard.assembling import completed, forms_of, match_record
from customers.standard.matching import MATCH_BYTES, MATCH_RECORD
from customers.standard.record import Standardiser

BATCH_ROWS = 20_000
COLUMNS = "kind name sex mobile phone_home email address postcode company_no crn employee_no".split()
OLD_RECORDS = f"""
SELECT id, {", ".join(COLUMNS)}, coalesce(birth_date::text || CASE WHEN is_lunar THEN '(음)' ELSE '' END,
    birth_year::text, ''), rrn_index, ci_index,
    source_id IN (SELECT id FROM customers_sourcesystem WHERE code = '{STEWARD}')
FROM customers_sourcerecord WHERE octet_length(match_keys) <> %s ORDER BY id LIMIT %s
"""  # noqa: S608 - columns of our own
WRITE = f"""
UPDATE customers_sourcerecord record
SET match_keys = anew.match_keys, {", ".join(f"{key} = nullif(anew.{key}, 0)" for key in INDEXED_KEYS)}
FROM unnest(%s::bigint[], %s::bytea[], {", ".join(["%s::bigint[]"] * len(INDEXED_KEYS))})
    AS anew(id, match_keys, {", ".join(INDEXED_KEYS)})
WHERE record.id = anew.id
"""  # noqa: S608 - columns of our own


def rekey_records() -> int:
    """Rewrite the match keys that this engine cannot read; returns how many. Batch by batch, so that it may be cut off
    and called again; quick where there is nothing to do."""
    standard = Standardiser(timezone.localdate(), Code.objects.regions())
    rekeyed = 0
    while True:
        with transaction.atomic(), connection.cursor() as cursor:
            hold_golden()
            cursor.execute(OLD_RECORDS, [MATCH_BYTES, BATCH_ROWS])
            rows = cursor.fetchall()
            if not rows:
                return rekeyed
            ids, *values = zip(*rows, strict=True)
            names = [*COLUMNS, "birth_date", "rrn_index", "ci_index", "is_correction"]
            packed = _match_records(dict(zip(names, values, strict=True)), standard)
            keys = indexed_keys(np.frombuffer(b"".join(packed), MATCH_RECORD))
            cursor.execute(WRITE, [list(ids), packed, *(keys[key].view(np.int64).tolist() for key in INDEXED_KEYS)])
            rekeyed += len(rows)


def _match_records(columns: Mapping[str, Sequence[object]], standard: Standardiser) -> list[bytes]:
    forms, _found = completed(forms_of(columns, columns["kind"], standard))
    return [
        mute_match_record(kind)
        if is_correction
        else match_record(
            of_record,
            is_organisation=kind == "ORG",
            employee_no=employee_no,
            rrn_index=bytes(rrn or b""),
            ci_index=bytes(ci or b""),
        )
        for of_record, kind, employee_no, rrn, ci, is_correction in zip(
            zip(*forms.values(), strict=True),
            columns["kind"],
            columns["employee_no"],
            columns["rrn_index"],
            columns["ci_index"],
            columns["is_correction"],
            strict=True,
        )
    ]
