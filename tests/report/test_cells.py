import datetime
import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simsearch.report.cells import EXCERPT, cell, excerpt, line, plain


@pytest.mark.parametrize(
    ("value", "text", "as_json"),
    [
        (None, "", None),
        (True, "true", True),
        (0, "0", 0),
        (2.5, "2.5", 2.5),
        (math.nan, "", None),
        (math.inf, "", None),
        ("a\nb", "a\nb", "a\nb"),
        (b"\x00\xff", "00ff", "00ff"),
        (datetime.date(2024, 2, 29), "2024-02-29", "2024-02-29"),
        (datetime.datetime(2024, 2, 29, 1, 2), "2024-02-29T01:02:00", "2024-02-29T01:02:00"),
        ([1, math.nan], "[1, None]", [1, None]),
        ({"a": (b"\x01",)}, "{'a': ['01']}", {"a": ["01"]}),
    ],
)
def test_values(value: Any, text: str, as_json: Any) -> None:
    assert cell(value) == text
    assert plain(value) == as_json
    json.dumps(plain(value), allow_nan=False)


@given(st.text(), st.integers(1, 30))
def test_a_line_is_one_short_line(text: str, width: int) -> None:
    shown = line(text, width)
    assert len(shown) <= width
    assert shown == "" or shown.isprintable()


def test_an_excerpt_has_the_most_telling_word_that_there_is() -> None:
    short = "the service failed with error 0x80070057 during start"
    assert excerpt(short, ("0x80070057",)) == short
    text = f"{'before ' * 40}Error E1 {'after ' * 40}"
    found = excerpt(text, ("zebra", "error"))
    assert "Error E1" in found
    assert found.startswith("…")
    assert found.endswith("…")
    assert len(found) == EXCERPT
    assert excerpt(text, ()) == excerpt(text, ("zebra",)) == line(text, EXCERPT)
    assert excerpt(text + "last", ("last",)).endswith("after last")
    assert "\n" not in excerpt("one\ntwo " * 40, ("two",))
