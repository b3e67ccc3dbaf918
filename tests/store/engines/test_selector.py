"""Masks as FAISS's selectors: the same rows, however often another mask comes between."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from simsearch.store.engines.selector import Selector


@given(st.lists(st.lists(st.booleans(), min_size=1, max_size=30), min_size=1, max_size=4))
def test_it_takes_the_rows_of_the_mask(masks: list[list[bool]]) -> None:
    selector = Selector()
    for rows in [*masks, *masks]:
        mask = np.array(rows, bool)
        chosen = selector.of(mask)
        assert [chosen.is_member(row) for row in range(len(rows))] == rows
        assert selector.living(mask, len(rows)) == sum(rows)
        assert selector.of(mask) is chosen  # made once for a mask that is used again


def test_none_stands_for_all() -> None:
    assert Selector().of(None) is None
    assert Selector().living(None, 7) == 7
