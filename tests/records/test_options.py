"""Options: what is refused, and what goes without saying."""

from __future__ import annotations

import pytest

from simsearch.errors import OptionError
from simsearch.records.options import MatchOptions, match_options


@pytest.mark.parametrize("threshold", [-0.01, 1.01, float("nan"), float("inf")])
def test_a_threshold_is_a_probability(threshold: float) -> None:
    with pytest.raises(OptionError, match="it is a probability, from 0 to 1"):
        MatchOptions(threshold)


@pytest.mark.parametrize("threshold", [0.0, 0.5, 1.0])
def test_both_ends_are_allowed(threshold: float) -> None:
    assert MatchOptions(threshold).threshold == threshold


def test_without_a_threshold_it_is_one_half() -> None:
    assert match_options(None, None, None, 3) == MatchOptions(0.5, seed=3)
    assert match_options(0.8, None, None, 0) == MatchOptions(0.8)


def test_records_have_no_named_thresholds() -> None:
    with pytest.raises(OptionError, match=r"is a probability, not 'far_0\.01'"):
        match_options("far_0.01", None, None, 0)
