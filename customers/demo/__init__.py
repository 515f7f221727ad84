"""A synthetic population for demonstrations, tests and benchmarks; pure, without a database."""

from .generator import TODAY, generate
from .layouts import MAPPINGS

__all__ = ["MAPPINGS", "TODAY", "generate"]
