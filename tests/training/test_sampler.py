"""Batches hold positives and negatives, use every class once a window, and resume bit for bit."""

from __future__ import annotations

import json
from collections import Counter
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simsearch.errors import OptionError, TrainingError
from simsearch.training.sampler import (
    PairSampler,
    PKSampler,
    Sampler,
    TripletSampler,
    ViewSampler,
    batch_shape,
    check_batch,
)

if TYPE_CHECKING:
    from collections.abc import Callable

LABELS = np.array([0] * 50 + [1] * 7 + [2] * 2 + [3] * 30 + [4] + [-1] * 5 + [9] * 12)
SAMPLERS: dict[str, Callable[[int], Sampler]] = {
    "classes": lambda seed: PKSampler(LABELS, classes=3, items=4, seed=seed),
    "pairs": lambda seed: PairSampler([1, 1, 1] + [0] * 40, batch=9, seed=seed),
    "triplets": lambda seed: TripletSampler(33, batch=8, seed=seed),
    "views": lambda seed: ViewSampler(33, batch=8, seed=seed),
}
labels_of_classes = st.lists(st.integers(-1, 12), min_size=1, max_size=120).filter(
    lambda labels: sum(n >= 2 for label, n in Counter(labels).items() if label >= 0) >= 2
)


def batches(sampler: Sampler, count: int) -> list[list[int]]:
    return [batch.tolist() for batch in islice(sampler, count)]


@pytest.mark.parametrize("name", SAMPLERS)
def test_the_seed_decides_and_batches_have_one_length(name: str) -> None:
    make = SAMPLERS[name]
    first = batches(make(0), 40)
    assert first == batches(make(0), 40)
    assert first != batches(make(1), 40)
    assert {len(batch) for batch in first} == {make(0).size}
    assert len({tuple(batch) for batch in first}) == 40


@pytest.mark.parametrize("name", SAMPLERS)
@pytest.mark.parametrize("done", [0, 1, 5, 29])
def test_a_restored_sampler_goes_on_bit_for_bit(name: str, done: int) -> None:
    whole, resumed = SAMPLERS[name](0), SAMPLERS[name](0)
    batches(whole, done)
    state = json.loads(json.dumps(whole.state()))
    batches(resumed, 3)  # where it stood before does not matter
    resumed.restore(state)
    assert batches(resumed, 30) == batches(whole, 30)


@pytest.mark.parametrize("name", SAMPLERS)
def test_a_state_of_other_examples_is_refused(name: str) -> None:
    state = SAMPLERS[name](0).state()
    for other in (SAMPLERS[name](1), PKSampler([0, 0, 1, 1])):
        with pytest.raises(TrainingError, match="the checkpoint was made with other examples"):
            other.restore(state)


@given(labels_of_classes, st.integers(2, 15), st.integers(2, 6), st.integers(0, 1000))
def test_every_batch_has_positives_and_negatives(
    labels: list[int], classes: int, items: int, seed: int
) -> None:
    known = np.array(labels)
    usable = {label for label, n in Counter(labels).items() if label >= 0 and n >= 2}
    sampler = PKSampler(known, classes=classes, items=items, seed=seed)
    assert sampler.classes == min(classes, len(usable))
    assert sampler.left_out == sum(label not in usable for label in labels)
    used: list[int] = []
    for batch in islice(sampler, 25):
        taken = known[batch].reshape(sampler.classes, items)
        assert (taken == taken[:, :1]).all()
        assert len(set(taken[:, 0])) == sampler.classes
        for label, rows in zip(taken[:, 0], batch.reshape(-1, items), strict=True):
            assert len(set(rows)) == min(items, (known == label).sum())
        used += taken[:, 0].tolist()
    for start in range(0, len(used) - len(usable) + 1, len(usable)):
        assert set(used[start : start + len(usable)]) == usable


def test_all_items_of_a_class_come_before_one_is_repeated() -> None:
    sampler = PKSampler(LABELS, classes=5, items=6, seed=3)
    rows = np.concatenate(list(islice(sampler, 16)))
    assert sampler.left_out == 6
    for label, turns in ((0, 8), (3, 5), (9, 2)):  # of 50, 30 and 12 items, in a pass
        own = rows[LABELS[rows] == label].reshape(-1, 6)
        for start in range(0, len(own) - turns + 1, turns):
            assert len(np.unique(own[start : start + turns])) == turns * 6


def test_rare_classes_count_as_much_as_frequent_ones() -> None:
    rows = np.concatenate(list(islice(PKSampler(LABELS, classes=2, items=2), 200)))
    shares = np.unique(LABELS[rows], return_counts=True)[1]
    assert len(shares) == 5
    assert shares.max() - shares.min() <= 2


@pytest.mark.parametrize("labels", [[], [0, 0, 0], [0, 1, 2, 3], [0, 0, 1], [-1, -1, 1, 1]])
def test_too_few_classes(labels: list[int]) -> None:
    for ask in (PKSampler, lambda labels: batch_shape(labels, 8)):
        with pytest.raises(TrainingError, match="two of them with two items each"):
            ask(np.array(labels, np.int64))


@pytest.mark.parametrize(
    ("count", "batch", "expected"),
    [(10, 256, (10, 25)), (964, 256, (64, 4)), (3, 8, (2, 4)), (100, 2, (2, 2)), (2, 100, (2, 50))],
)
def test_batch_shape(count: int, batch: int, expected: tuple[int, int]) -> None:
    assert batch_shape(np.repeat(np.arange(count), 5), batch) == expected


@pytest.mark.parametrize(
    "labels", [[], [1, 1, 1], [1, 1, 2], [1, 2]], ids=["empty", "one class", "single", "singles"]
)
def test_a_batch_without_both_is_refused(labels: list[int]) -> None:
    with pytest.raises(TrainingError, match="a batch needs two classes"):
        check_batch(np.array(labels))


def test_an_item_is_no_positive_of_itself() -> None:
    check_batch(np.array([1, 1, 2, 2]), np.array([5, 6, 7, 8]))
    with pytest.raises(TrainingError, match="the smallest of 1"):
        check_batch(np.array([1, 1, 2, 2]), np.array([5, 6, 7, 7]))


@given(
    st.lists(st.booleans(), min_size=2, max_size=80).filter(lambda same: len(set(same)) == 2),
    st.integers(2, 20),
)
def test_pairs_are_balanced_however_rare_one_side_is(same: list[bool], batch: int) -> None:
    truth = np.array(same, np.float32)
    for numbers in islice(PairSampler(truth, batch=batch), 10):
        assert (truth[numbers] == ([1] * (batch - batch // 2) + [0] * (batch // 2))).all()


def test_scored_pairs_are_parted_at_the_middle() -> None:
    scores = np.array([0.0, 0.2, 0.4, 0.6, 0.9])
    batch = next(PairSampler(scores, batch=4))
    assert (scores[batch] > 0.45).tolist() == [True, True, False, False]


@pytest.mark.parametrize(("same", "text"), [([1, 1], "is a positive"), ([0], "is a negative")])
def test_pairs_of_one_side_alone(same: list[int], text: str) -> None:
    with pytest.raises(TrainingError, match=text):
        PairSampler(same)


@pytest.mark.parametrize("make", [TripletSampler, ViewSampler])
def test_passes_over_triplets_and_views(make: type[TripletSampler | ViewSampler]) -> None:
    sampler = make(33, batch=8)
    once = np.concatenate(list(islice(sampler, 4)))
    again = np.concatenate(list(islice(sampler, 4)))
    assert len(set(once)) == len(set(again)) == 32
    assert set(range(33)) - set(once) != set(range(33)) - set(again)
    assert make(3, batch=8).size == 3


def test_nothing_to_train_on() -> None:
    for make, text in (
        (lambda: TripletSampler(0), "no triplets"),
        (lambda: ViewSampler(1), "there is 1"),
        (lambda: PairSampler([]), "no pairs"),
        (lambda: PKSampler([0.5, 0.5, 1.5, 1.5]), "whole numbers"),
    ):
        with pytest.raises(TrainingError, match=text):
            make()


@pytest.mark.parametrize(
    "make",
    [
        lambda: PKSampler(LABELS, classes=1),
        lambda: PKSampler(LABELS, items=1),
        lambda: PKSampler(LABELS, seed=-1),
        lambda: PairSampler([0, 1], batch=1),
        lambda: TripletSampler(4, batch=0),
        lambda: ViewSampler(4, batch=1),
    ],
)
def test_settings_are_checked(make: Callable[[], Sampler]) -> None:
    with pytest.raises(OptionError, match="must be"):
        make()
