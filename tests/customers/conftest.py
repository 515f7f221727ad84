import pytest


@pytest.fixture
def master(db: None) -> None:
    """The sources, items and code tables that an installation starts with."""
    # This file is read before Django is set up.
    from accounts.channels import CHANNELS
    from accounts.services import open_channels
    from customers.services import seeding

    open_channels(CHANNELS)
    seeding.set_up_master()
