"""A synthetic population for demonstrations, tests and benchmarks; pure, without a database."""

from .generator import FEWEST_CUSTOMERS, TODAY, generate
from .layouts import MAPPINGS

__all__ = ["FEWEST_CUSTOMERS", "MAPPINGS", "TODAY", "generate"]
