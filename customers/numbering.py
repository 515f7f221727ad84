"""The customer number (통합고객번호): nine digits of serial and one check digit. Pure."""

from __future__ import annotations

import re

SERIAL_DIGITS = 9
# The quasigroup of H. M. Damm (2004): it finds every single wrong digit and every swap of two neighbours.
DAMM = (
    (0, 3, 1, 7, 5, 9, 8, 6, 4, 2),
    (7, 0, 9, 2, 1, 5, 4, 8, 6, 3),
    (4, 2, 0, 6, 8, 7, 1, 3, 5, 9),
    (1, 7, 5, 0, 9, 8, 3, 4, 2, 6),
    (6, 1, 2, 3, 0, 4, 5, 9, 7, 8),
    (3, 6, 7, 4, 2, 0, 9, 5, 8, 1),
    (5, 8, 6, 9, 7, 2, 0, 1, 3, 4),
    (8, 9, 4, 5, 3, 6, 2, 0, 1, 7),
    (9, 4, 3, 8, 6, 1, 7, 2, 0, 5),
    (2, 5, 8, 1, 4, 3, 6, 7, 9, 0),
)
WRITTEN = re.compile(r"^C?-?(\d{9})-?(\d)$", re.IGNORECASE | re.ASCII)


def check_digit(digits: str) -> int:
    """The check digit of a string of decimal digits."""
    state = 0
    for digit in digits:
        state = DAMM[state][ord(digit) - 48]
    return state


def customer_number(serial: int) -> str:
    """The number of the customer with this serial (1 … 999,999,999), ten digits. Raises ValueError beyond."""
    if not 0 < serial < 10**SERIAL_DIGITS:
        raise ValueError(f"serial {serial} does not fit {SERIAL_DIGITS} digits")
    digits = f"{serial:0{SERIAL_DIGITS}d}"
    return f"{digits}{check_digit(digits)}"


def parse_customer_number(written: str) -> str | None:
    """The ten digits of a number as people write it (`C-000012345-6`), or None when it is none or mistyped."""
    found = WRITTEN.match(written.strip())
    if not found or check_digit(found[1]) != int(found[2]):
        return None
    return found[1] + found[2]


def written_number(number: str) -> str:
    """The number as it is shown and printed: `C-000012345-6`."""
    return f"C-{number[:SERIAL_DIGITS]}-{number[SERIAL_DIGITS:]}"
