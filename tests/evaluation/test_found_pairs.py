"""Precision, recall and F1 of pairs with a probability, counted longhand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simsearch.errors import OptionError
from simsearch.evaluation.figures import Evaluation
from simsearch.evaluation.found_pairs import evaluate_found_pairs


def value(found: Evaluation, name: str) -> float:
    figure = found.figure(name)
    assert figure is not None
    return figure.value


@given(
    pairs=st.lists(
        st.tuples(st.sampled_from([0.1, 0.4, 0.5, 0.7, 0.9]), st.booleans()), max_size=20
    ),
    missed=st.integers(0, 5),
)
def test_counted_longhand(pairs: list[tuple[float, bool]], missed: int) -> None:
    probabilities = np.array([each for each, _ in pairs])
    right = np.array([each for _, each in pairs], bool)
    there = int(right.sum()) + missed
    if not there:
        with pytest.raises(OptionError, match="no pair that is the same thing"):
            evaluate_found_pairs(probabilities, right, missed)
        return
    at_half, best = evaluate_found_pairs(probabilities, right, missed)
    taken = [same for probability, same in pairs if probability >= 0.5]
    assert value(at_half, "precision") == (sum(taken) / len(taken) if taken else 0)
    assert value(at_half, "recall") == sum(taken) / there
    f1s = []
    for threshold in {probability for probability, _ in pairs}:
        chosen = [same for probability, same in pairs if probability >= threshold]
        f1s.append(2 * sum(chosen) / (len(chosen) + there))
    assert value(best, "F1") == pytest.approx(max(f1s, default=0))
    for found in (at_half, best):
        for figure in found.figures:
            assert figure.low <= figure.value + 1e-9
            assert figure.value <= figure.high + 1e-9
