"""A pair in the terminal."""

import io
from dataclasses import replace

from rich.console import Console

from simsearch.duplicates.label import AskedPair
from simsearch.report.question import print_pair

ASKED = AskedPair(
    left_id="1",
    right_id="2\x1b[2J",
    left={"name": "Jon Smith", "city": "Leeds", "note": "n/a", "phone": "12345", "x": "[bold]a"},
    right={"name": "John Smith", "city": "Leeds", "note": "", "phone": None, "x": "zzz\x1b[31m"},
    same=0,
    different=0,
    gain=0.0,
)


def printed(colours: bool, asked: AskedPair = ASKED) -> str:
    file = io.StringIO()
    console = Console(
        file=file, force_terminal=colours, color_system="standard" if colours else None,
        width=90, markup=False, highlight=False, emoji=False,
    )  # fmt: skip
    print_pair(console, asked)
    return file.getvalue()


def test_only_what_differs_is_coloured() -> None:
    text = printed(True)
    assert "Jo\x1b[1;4;33mh\x1b[0mn Smith" in text
    assert "\x1b[2mLeeds" in text
    assert "\x1b[2J" not in text
    assert "\x1b[31m" not in text


def test_what_the_matcher_takes_for_equal_is_not_coloured() -> None:
    born = replace(
        ASKED,
        left={"born": "1990-02-01", "no": "C1", "city": "Leeds"},
        right={"born": "01.02.1990", "no": "C2", "city": "York"},
        differ=frozenset({"city"}),
    )
    *_, dates, numbers, cities = printed(True, born).strip().splitlines()
    assert "33m" not in dates + numbers
    assert "33m" in cities


def test_empty_columns_are_left_out() -> None:
    text = printed(False)
    assert "note" not in text
    assert "(empty)" in text
    assert "[bold]a" in text
    assert "\x1b" not in text
