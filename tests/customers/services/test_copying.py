"""Queries into arrays: every row once, and nothing that is not as wide as it was said to be."""

import numpy as np
import pytest
from django.db import connection

from customers.services.copying import BLOCK_ROWS, OtherWidth, copy_columns, read_arrays, read_bytes

pytestmark = pytest.mark.django_db


def test_rows_of_several_blocks_come_each_once_and_in_order():
    count = 2 * BLOCK_ROWS + 1
    rows = f"generate_series(1, {count}) n"
    query = "SELECT n, (n % 100)::smallint, convert_to(chr(65 + n % 26), 'UTF8') FROM " + rows  # noqa: S608 - our own

    found = read_arrays(query, {"number": ">i4", "rest": ">i2", "letter": np.dtype("S1")})

    numbers = np.arange(1, count + 1)
    assert np.array_equal(found["number"], numbers)
    assert np.array_equal(found["rest"], numbers % 100)
    assert np.array_equal(found["letter"], (65 + numbers % 26).astype(np.uint8).view("S1"))


def test_no_rows_are_an_empty_array():
    found = read_arrays("SELECT 1::bigint WHERE false", {"number": ">i8"})

    assert found.dtype.names == ("number",)
    assert len(found) == 0


@pytest.mark.parametrize("value", ["1::integer", "NULL::bigint", "'12345678'::text || '9'"])
def test_a_value_of_another_width_is_refused(value):
    with pytest.raises(OtherWidth):
        read_arrays(f"SELECT {value}", {"number": ">i8"})


@pytest.mark.parametrize("content", [b"", b"\x00\xff\n" * 100_000])
def test_bytes_go_and_come_as_they_are(content):
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE held (number bigint, content bytea)")

    assert copy_columns("held", {"number": np.array([7]), "content": content}) == 1

    assert list(read_bytes("SELECT content FROM held WHERE number = 7")) == [content]
