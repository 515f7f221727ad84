import pytest

from tests.customers.conftest import master

__all__ = ["master", "purposes"]


@pytest.fixture
def purposes(master: None) -> None:
    """The purposes, recipients and first texts that an installation starts with, beside the master's own."""
    # This file is read before Django is set up.
    from consent.services.seeding import set_up_consent

    set_up_consent()
