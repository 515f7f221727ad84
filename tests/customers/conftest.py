import pytest

from tests.snapshots import MASTER


@pytest.fixture
def master(db: None) -> None:
    """The sources, items and code tables that an installation starts with."""
    MASTER.put()
