"""Explanations in a terminal."""

import re

import pytest

from simsearch.records.explain import Explanation
from simsearch.report.waterfall import print_explanation

FOUND = Explanation(
    left_id="a\x1b[31m",
    right_id="b",
    probability=0.880797,
    contributions={"email": -4.0, "name": 3.0, "notes": None, "住所": 1.0},
    rest=2.0,
    facts={},
)


def bars(text: str) -> dict[str, tuple[int, int]]:
    """By name, where each bar begins and ends, in characters behind the figure."""
    found = {}
    for line in text.splitlines():
        match = re.match(r"  (.+?)\s+([+-]\d+\.\d\d)  (.*)", line)
        if match and "█" in match[3]:
            found[match[1]] = (match[3].index("█"), match[3].rindex("█") + 1)
    return found


def test_each_bar_begins_where_the_last_ended(capsys: pytest.CaptureFixture[str]) -> None:
    print_explanation(FOUND)
    text = capsys.readouterr().out
    found = bars(text)
    assert list(found) == ["everything else", "email", "name", "住所", "together"]
    assert found["everything else"][1] == found["email"][1]  # to +2, and from there back to -2
    assert found["email"][0] == found["name"][0]
    assert found["name"][1] == found["住所"][0]
    assert found["together"] == found["everything else"]  # +2 both
    lengths = {name: end - begin for name, (begin, end) in found.items()}
    assert lengths["email"] == pytest.approx(4 * lengths["住所"], abs=2)
    assert "a value is missing: notes" in text
    assert "probability 0.880797" in text
    assert "\x1b" not in text


def test_pairs_without_columns(capsys: pytest.CaptureFixture[str]) -> None:
    print_explanation(
        Explanation("1", "2", 0.9, {}, 0.0, {"tier": "near copy", "differs": "-a +b"})
    )
    text = capsys.readouterr().out
    assert "tier: near copy" in text
    assert "differs: -a +b" in text
    assert "█" not in text


def test_exact_copies(capsys: pytest.CaptureFixture[str]) -> None:
    print_explanation(Explanation("1", "2", 0.999, {"name": None}, 0.0, {}))
    assert "equal in all that is compared" in capsys.readouterr().out
