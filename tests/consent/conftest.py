import pytest

from tests.customers.conftest import master
from tests.snapshots import CONSENT

__all__ = ["master", "purposes"]


@pytest.fixture
def purposes(master: None) -> None:
    """The purposes, recipients and first texts that an installation starts with, beside the master's own."""
    CONSENT.put()
