import pytest

from customers.demo import generate

from .reading import Demo


@pytest.fixture(scope="session")
def demo(tmp_path_factory) -> Demo:
    """3,000 customers, written once."""
    folder = tmp_path_factory.mktemp("demo")
    return Demo(folder, generate(3_000, 7, folder))
