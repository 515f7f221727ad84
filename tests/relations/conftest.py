from tests.customers.conftest import master

__all__ = ["master"]
