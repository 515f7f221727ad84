"""A new active key seals from now on; `rotate_keys` seals what is there anew, and may be cut off."""

import json
from dataclasses import replace
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from customers.models import SourceRecord, SourceRecordVersion
from customers.sealing import Sealer, key_id_of, place_of
from customers.services import sealing
from tests.customers.builders import feed, make_ci, make_rrn, outcome, person

pytestmark = pytest.mark.usefixtures("master")
COLUMNS = ("rrn_sealed", "ci_sealed", "passport_sealed", "account_sealed")
ROWS = [
    person(source_key="K1", rrn=make_rrn(), ci=make_ci(), passport="M40712358", account_no="110-234-567890"),
    person(source_key="K2", rrn=make_rrn(serial=5), name="박세라"),
    person(source_key="K3", name="이두리"),
]


@pytest.fixture
def turned(settings):
    """Records under the first key, one of them with an older version; then a second key is active."""
    feed(ROWS)
    feed([ROWS[0] | {"name": "김한나", "as_of": "2026-11-02"}])
    feed([ROWS[1]], "BANCA")
    old = settings.KEYS
    settings.KEYS = replace(old, active="k2", encryption={**old.encryption, "k2": b"2" * 32})
    return old


def key_ids() -> dict[str, int]:
    """How many values are sealed under each key."""
    found: dict[str, int] = {}
    for model in (SourceRecord, SourceRecordVersion):
        for row in model.objects.values_list(*COLUMNS):
            for sealed in filter(None, row):
                found[key_id_of(sealed)] = found.get(key_id_of(sealed), 0) + 1
    return found


def opened(keys: object) -> set[str]:
    sealer = Sealer(keys)
    return {
        sealer.open(getattr(row, column), place_of(item, row.source.code, row.source_key))
        for model in (SourceRecord, SourceRecordVersion)
        for row in model.objects.select_related("source")
        for column, item in zip(COLUMNS, ("rrn", "ci", "passport", "account_no"), strict=True)
        if getattr(row, column)
    }


def test_a_new_key_seals_new_values_while_the_old_still_opens(turned, settings):
    feed([person(source_key="K9", rrn=make_rrn(serial=9))])

    assert key_ids() == {"k1": 10, "k2": 1}
    assert make_rrn().replace("-", "") in opened(settings.KEYS)


def test_a_record_under_the_old_key_is_found_by_one_under_the_new(turned):
    assert outcome(feed([person(source_key="K9", rrn=make_rrn())], "TM")) == {
        "read": 1,
        "new": 1,
        "customers_changed": 1,
    }


def test_rotation_seals_everything_anew_and_a_second_time_changes_nothing(turned, settings):
    values = opened(turned)
    indexes = list(SourceRecord.objects.order_by("pk").values_list("rrn_index", "digest", "raw", "version"))

    assert sealing.rotate_keys() == sealing.Rotation("k2", rows=4, values=10)

    assert key_ids() == {"k2": 10}
    assert opened(replace(settings.KEYS, encryption={"k2": b"2" * 32})) == values
    assert list(SourceRecord.objects.order_by("pk").values_list("rrn_index", "digest", "raw", "version")) == indexes
    assert sealing.rotate_keys() == sealing.Rotation("k2", rows=0, values=0)


def test_a_rotation_that_was_cut_off_goes_on_where_it_stopped(turned, monkeypatch):
    class CutOff(Exception):
        pass

    def stop(rows: int) -> None:
        raise CutOff

    monkeypatch.setattr(sealing, "BATCH_ROWS", 1)
    with pytest.raises(CutOff):
        sealing.rotate_keys(on_progress=stop)
    assert key_ids() == {"k1": 6, "k2": 4}

    assert sealing.rotate_keys() == sealing.Rotation("k2", rows=3, values=6)
    assert key_ids() == {"k2": 10}


def test_rotation_halts_at_a_key_that_is_not_here(turned, settings):
    settings.KEYS = replace(settings.KEYS, encryption={"k2": b"2" * 32})

    with pytest.raises(sealing.KeyMissing, match="k1"):
        sealing.rotate_keys()
    assert key_ids() == {"k1": 10}


def test_rotation_halts_at_a_value_that_does_not_open(turned):
    record = SourceRecord.objects.get(source__code="POLICY", source_key="K2")
    sealed = bytes(record.rrn_sealed)
    SourceRecord.objects.filter(pk=record.pk).update(rrn_sealed=sealed[:-1] + bytes([sealed[-1] ^ 1]))

    with pytest.raises(sealing.ValueBroken) as refusal:
        sealing.rotate_keys()
    assert refusal.value.args == ("customers_sourcerecord", record.pk)


def test_the_command_answers_in_json(turned):
    said = StringIO()

    call_command("rotate_keys", "--json", stdout=said)

    assert json.loads(said.getvalue()) == {"active": "k2", "rows": 4, "values": 10}


def test_the_command_fails_with_a_sentence(turned, settings):
    settings.KEYS = replace(settings.KEYS, encryption={"k2": b"2" * 32})
    said = StringIO()

    with pytest.raises(CommandError, match="k1"):
        call_command("rotate_keys", "--json", stdout=said)
    assert "k1" in json.loads(said.getvalue())["error"]
