"""Options: what is known, what is refused, and what is passed on to the reader."""

from __future__ import annotations

import pytest

from simsearch.duplicates.options import LinkOptions, MatchOptions, options_from
from simsearch.errors import OptionError


def test_keywords_become_options() -> None:
    options = options_from(LinkOptions, {"threshold": 0.8, "left_id": "key", "one_to_one": False})
    assert options == LinkOptions(threshold=0.8, left_id="key", one_to_one=False)
    assert options_from(MatchOptions, {}) == MatchOptions()


def test_an_unknown_name_is_refused_and_the_known_are_listed() -> None:
    with pytest.raises(OptionError, match=r"no option 'left_id'; there are: columns, encoder, "):
        options_from(MatchOptions, {"left_id": "key"})


@pytest.mark.parametrize("threshold", [-0.01, 1.01, float("nan"), float("inf")])
def test_a_threshold_is_a_probability(threshold: float) -> None:
    with pytest.raises(OptionError, match="it is a probability, from 0 to 1"):
        options_from(MatchOptions, {"threshold": threshold})


@pytest.mark.parametrize("threshold", [0.0, 0.5, 1.0])
def test_both_ends_are_allowed(threshold: float) -> None:
    assert options_from(MatchOptions, {"threshold": threshold}).threshold == threshold


def test_what_the_reader_is_told() -> None:
    options = MatchOptions(id_column="key", columns=["a", "b"], table="people")
    told = options.record_options()
    assert (told.columns, told.ignore, told.id_column) == (("a", "b"), (), "key")
    assert (told.table, told.sql) == ("people", None)
    assert MatchOptions(ignore=["c"]).record_options().ignore == ("c",)


def test_the_id_column_of_one_side_comes_first() -> None:
    options = LinkOptions(id_column="key", left_id="left_key")
    assert options.record_options(options.left_id).id_column == "left_key"
    assert options.record_options(options.right_id).id_column == "key"
