"""Pairs of tables by strangers: what is shared is what was wanted, and each comes out the same."""

import numpy as np
import pytest

from benchmarks.between import Answer, answered, page
from benchmarks.stranger_tables import PAIRS, StrangerPair, made_pair

NAMES = [pair.name for pair in PAIRS]


def test_half_of_the_pairs_are_held_back_and_names_are_their_own() -> None:
    assert len(set(NAMES)) == len(NAMES)
    assert 0.4 <= np.mean([pair.held for pair in PAIRS]) <= 0.6


@pytest.mark.parametrize("pair", [p for p in PAIRS if max(p.rows) <= 300], ids=lambda p: p.name)
def test_as_much_is_shared_as_was_wanted(pair: StrangerPair) -> None:
    records = made_pair(pair, 5)
    assert records.right is not None
    assert (len(records.left), len(records.right)) == pytest.approx(pair.rows, rel=0.02)
    things = [len(np.unique(rows)) for rows in records.truth]
    if pair.shared == 0.0:
        assert things == [0, 0]
    elif pair.again == (0.0, 0.0):
        assert things == [round(pair.shared * min(pair.rows))] * 2
    else:
        assert min(things) > 0


def test_the_same_seed_makes_the_same_tables() -> None:
    records, again = (made_pair(PAIRS[0], 5) for _ in range(2))
    assert again.left.equals(records.left)
    assert again.right is not None
    assert records.right is not None
    assert again.right.equals(records.right)


def test_the_page_says_what_was_right() -> None:
    pair = next(pair for pair in PAIRS if pair.name == "twelve and ten: nothing")
    answer = answered(pair, 0)
    assert answer == Answer(pair, 0, "0.0% linked", right=True)
    wrong = Answer(PAIRS[0], 1, "12.0% linked", right=False)
    facts = {"date": "today", "machine": "here", "versions": "these"}
    text = page([answer, wrong], facts)
    assert "1 of 2 looked at" in text
    assert "**12.0% linked**" in text
