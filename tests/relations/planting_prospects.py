"""Prospects for the walks over every address: one of a viewer, one out of reach, and questions before the desk."""

from datetime import timedelta

from django.utils import timezone

from accounts.models import Staff
from relations.models import Prospect
from relations.services.prospects import Acquisition, register_prospect
from tests.planting import Planted, Population

CONSENT = ("name", "birth_date", "mobile", "email", "address")


def plant(planted: Population) -> None:
    """A row of each model of prospects. Keys in `notable`: "prospect near", "prospect far"."""
    own, other = planted.viewers["FP"], planted.others["keeper"]
    for word, by in (("prospect near", own), ("prospect far", other)):
        cells = planted.row(word)
        kept = planted.values[-8:]
        planted.values = planted.values[:-8]
        prospect = _register(by, cells)
        planted.values += [
            Planted(
                value.item,
                value.text if value.item in ("mobile", "email", "address") else "",
                "PROSPECT",
                prospect.number,
            )
            for value in kept
        ]
        planted.notable[word] = prospect.customer
    far = planted.notable["prospect far"].name
    misspelt = far[:-1] + chr(
        ord(far[-1]) + 1
    )  # with the next final consonant: nobody else's name, shown to who typed it
    _ask(own, planted, "prospect far", birth_date="1961-03-04", name=misspelt)
    _ask(other, planted, "prospect near")


def _register(by: Staff, cells: dict[str, str], statement: str = "") -> Prospect:
    today = timezone.localdate()
    acquisition = Acquisition(
        path="EVENT",
        acquired_on=today,
        consented_on=today,
        method="PAPER",
        evidence="동의서",
        items=CONSENT,
        expires_on=today + timedelta(days=90),
    )
    typed = {column: cells.get(column, "") for column in CONSENT}
    done = register_prospect(cells=typed, acquisition=acquisition, by=by, at=timezone.now(), statement=statement)
    assert done.prospect is not None, done.answer.word
    return done.prospect


def _ask(by: Staff, planted: Population, word: str, **changed: str) -> None:
    """Bring somebody before the desk who is, or is like, the prospect of another."""
    customer = planted.notable[word]
    cells = {"name": customer.name, "birth_date": f"{customer.birth_date}", "mobile": customer.mobile} | changed
    _register(by, cells, statement="확인 바랍니다")
