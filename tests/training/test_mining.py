"""What the miners choose, against every triplet looked at; hard negatives against every pair."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.nn import functional

from simsearch.errors import OptionError, TrainingError
from simsearch.training import mining
from simsearch.training.mining import (
    EASY_FIRST,
    MINERS,
    Miner,
    Stage,
    easy_first,
    hard_negatives,
)

Triplet = tuple[int, int, int]
MARGIN = 0.3


def batch(classes: int = 5, items: int = 4, seed: int = 0) -> tuple[torch.Tensor, torch.Tensor]:
    """Embeddings of overlapping classes, in no order of classes."""
    chance = torch.Generator().manual_seed(seed)
    centres = torch.randn(classes, 6, generator=chance)
    labels = torch.arange(classes).repeat(items)
    spread = torch.randn(classes * items, 6, generator=chance)
    return functional.normalize(centres[labels] + 0.9 * spread, dim=1), labels


def every_triplet(embeddings: torch.Tensor, labels: torch.Tensor) -> dict[Triplet, float]:
    """By how much the negative is further away than the positive, of each triplet."""
    apart = torch.cdist(embeddings.double(), embeddings.double())
    rows = range(len(labels))
    return {
        (a, p, n): float(apart[a, n] - apart[a, p])
        for a, p, n in product(rows, rows, rows)
        if a != p and labels[a] == labels[p] and labels[a] != labels[n]
    }


def as_set(places: tuple[torch.Tensor, ...]) -> set[Triplet]:
    anchor, positive, negative = (each.tolist() for each in places)
    found = list(zip(anchor, positive, negative, strict=True))
    assert len(found) == len(set(found))
    return set(found)


ALLOWED = {
    "semihard": lambda gap: 0 < gap <= MARGIN,
    "hard": lambda gap: gap <= 0,
    "easy": lambda gap: gap > MARGIN,
    "violating": lambda gap: gap <= MARGIN,
}


@pytest.mark.parametrize("name", ALLOWED)
def test_triplets_are_those_of_brute_force(name: str) -> None:
    embeddings, labels = batch()
    gaps = every_triplet(embeddings, labels)
    expected = {triplet for triplet, gap in gaps.items() if ALLOWED[name](gap)}
    assert len(expected) > 20
    assert as_set(Miner(name, margin=MARGIN)(embeddings, labels)) == expected


@pytest.mark.parametrize("name", ALLOWED)
def test_with_some_anchors_they_are_all_of_those_anchors(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    embeddings, labels = batch(8, 5)
    monkeypatch.setattr(mining, "LOOKED_AT", 12 * 40**2)
    gaps = every_triplet(embeddings, labels)
    expected = {triplet for triplet, gap in gaps.items() if ALLOWED[name](gap)}
    found = as_set(Miner(name, margin=MARGIN)(embeddings, labels))
    anchors = {a for a, _, _ in found}
    assert 0 < len(anchors) <= 12
    assert found == {triplet for triplet in expected if triplet[0] in anchors}


def test_no_more_triplets_than_a_loss_should_take(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mining, "GIVEN", 15)
    embeddings, labels = batch()
    some = as_set(Miner("violating", margin=MARGIN)(embeddings, labels))
    gaps = every_triplet(embeddings, labels)
    assert len(some) == 15
    assert all(gaps[triplet] <= MARGIN for triplet in some)


def test_batch_hard_takes_the_furthest_positive_and_the_nearest_negative() -> None:
    embeddings, labels = batch()
    apart = torch.cdist(embeddings, embeddings)
    for a, p, n in as_set(Miner("batch-hard")(embeddings, labels)):
        same, row = labels == labels[a], apart[a]
        assert row[p] == pytest.approx(row[same].max().item(), abs=1e-5)
        assert row[n] == pytest.approx(row[~same].min().item(), abs=1e-5)


def test_multi_similarity_takes_pairs_that_cross() -> None:
    """Wang et al., CVPR 2019, equations 7 and 8: within .1 of the other sort's extreme."""
    embeddings, labels = batch()
    cosine = embeddings @ embeddings.T
    same = labels[:, None] == labels
    a, p, b, n = Miner("multi-similarity")(embeddings, labels)
    for row in range(len(labels)):
        others = same[row].clone()
        others[row] = False
        near = cosine[row][~same[row]].max() + 0.1
        far = cosine[row][others].min() - 0.1
        assert set(p[a == row].tolist()) == set(
            torch.nonzero(others & (cosine[row] < near)).flatten().tolist()
        )
        assert set(n[b == row].tolist()) == set(
            torch.nonzero(~same[row] & (cosine[row] > far)).flatten().tolist()
        )


@pytest.mark.parametrize("name", ["random", EASY_FIRST, "pml:HDCMiner", *MINERS])
def test_every_miner_gives_places_that_keep_to_the_labels(name: str) -> None:
    embeddings, labels = batch(6, 4)
    places = Miner(name)(embeddings.requires_grad_(), labels)
    left, positive, *rest = places
    right, negative = (left, *rest) if len(rest) == 1 else rest
    assert (labels[left] == labels[positive]).all()
    assert (left != positive).all()
    assert (labels[right] != labels[negative]).all()
    assert not any(each.requires_grad for each in places)


@pytest.mark.parametrize("labels", [[0, 0, 0], [0, 1, 2], [3]])
@pytest.mark.parametrize("name", ["random", "semihard", EASY_FIRST])
def test_nothing_to_choose_from(name: str, labels: list[int]) -> None:
    embeddings = functional.normalize(torch.randn(len(labels), 4), dim=1)
    for done in (0.0, 0.3, 0.9):
        miner = Miner(name)
        miner.done = done
        assert [len(each) for each in miner(embeddings, torch.tensor(labels))] == [0, 0, 0]


def test_easy_comes_first() -> None:
    stages = [easy_first(step / 100) for step in range(101)]
    assert [stage.miner for stage in stages[::20]] == [
        "random",
        *["semihard"] * 2,
        *["violating"] * 3,
    ]
    caps = [stage.cap for stage in stages if stage.miner == "violating"]
    assert caps == sorted(caps)
    assert (caps[0], caps[-1]) == (0.0, 1.0)
    assert easy_first(0.0) == Stage("random")


@pytest.mark.parametrize(
    ("done", "least", "most"),
    [(0.3, 0, MARGIN), (0.75, -0.5 * MARGIN, MARGIN), (1.0, -MARGIN, MARGIN)],
)
def test_the_hardness_is_capped(done: float, least: float, most: float) -> None:
    embeddings, labels = batch()
    miner = Miner(EASY_FIRST, margin=MARGIN)
    miner.done = done
    gaps = every_triplet(embeddings, labels)
    expected = {triplet for triplet, gap in gaps.items() if least < gap <= most}
    assert as_set(miner(embeddings, labels)) == expected
    assert len(expected) < sum(gap <= most for gap in gaps.values())


def test_the_cap_holds_for_similarities_too() -> None:
    from pytorch_metric_learning.distances import CosineSimilarity

    embeddings, labels = batch()
    miner = Miner(EASY_FIRST, margin=MARGIN, distance=CosineSimilarity())
    miner.done = 0.75
    cosine = embeddings @ embeddings.T
    found = as_set(miner(embeddings, labels))
    assert found == {
        (a, p, n)
        for a, p, n in every_triplet(embeddings, labels)
        if -0.5 * MARGIN <= cosine[a, p] - cosine[a, n] <= MARGIN
    }


def test_what_is_drawn_follows_from_torchs_generator() -> None:
    embeddings, labels = batch()
    drawn = []
    for _ in range(2):
        torch.manual_seed(4)
        drawn.append([each.tolist() for each in Miner("random")(embeddings, labels)])
    assert drawn[0] == drawn[1]


@pytest.mark.parametrize("name", ["semi-hard", "pml:NoMiner", "TripletMarginMiner", "pml:"])
def test_an_unknown_miner(name: str) -> None:
    with pytest.raises(
        OptionError, match=r"there are easy-first, random, semihard, hard.*pml:NAME"
    ):
        Miner(name)


# -- hard negatives --


def nearest(queries: np.ndarray, vectors: np.ndarray, k: int) -> np.ndarray:
    return np.argsort(-(queries @ vectors.T), axis=1, kind="stable")[:, :k]


def corpus(items: int = 60, classes: int = 8, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    labels = rng.integers(-1, classes, items)
    vectors = rng.normal(size=(classes + 1, 5))[labels] + 0.5 * rng.normal(size=(items, 5))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors.astype(np.float32), labels.astype(np.int64)


def by_brute_force(
    vectors: np.ndarray, labels: np.ndarray, count: int, margin: float | None
) -> list[list[int]]:
    out = []
    cosine = vectors @ vectors.T
    for row, label in enumerate(labels):
        own = [cosine[row, j] for j in range(len(labels)) if labels[j] == label and j != row]
        limit = max(own) - margin * abs(max(own)) if own and margin is not None else np.inf
        others = [
            j
            for j in np.argsort(-cosine[row], kind="stable").tolist()
            if labels[j] not in (-1, label) and cosine[row, j] <= limit
        ]
        found = others[:count] if label >= 0 else []
        out.append(found + [-1] * (count - len(found)))
    return out


@given(
    st.integers(1, 60),
    st.integers(1, 8),
    st.integers(1, 6),
    st.integers(0, 500),
    st.sampled_from([None, 0.0, 0.05, 0.3]),
)
def test_hard_negatives_are_those_of_brute_force(
    items: int, classes: int, count: int, seed: int, margin: float | None
) -> None:
    vectors, labels = corpus(items, classes, seed)
    found = hard_negatives(vectors, labels, nearest, count, margin=margin)
    assert found.tolist() == by_brute_force(vectors, labels, count, margin)


def test_it_looks_deeper_only_for_those_that_lack() -> None:
    vectors, labels = corpus(400, 2)
    asked: list[tuple[int, int]] = []

    def watched(queries: np.ndarray, among: np.ndarray, k: int) -> np.ndarray:
        asked.append((len(queries), k))
        return nearest(queries, among, k)

    found = hard_negatives(vectors, labels, watched, 2, depth=100, margin=None)
    assert [k for _, k in asked] == [12, 48, 100]
    queries = [count for count, _ in asked]
    assert queries == sorted(queries, reverse=True)
    assert queries[-1] < queries[0]
    brute = np.array(by_brute_force(vectors, labels, 2, None))
    for row, column in zip(*np.nonzero(found >= 0), strict=True):
        assert found[row, column] == brute[row, column]


def test_a_likely_duplicate_of_another_class_is_left_out() -> None:
    """Rows 0 and 1 are a class; row 2 is nearer to 0 than 1 is, row 3 is clearly another thing."""
    angles = np.radians([0, 20, 5, 40, 60])
    vectors = np.column_stack([np.cos(angles), np.sin(angles)]).astype(np.float32)
    labels = np.array([0, 0, 1, 2, 2])
    assert hard_negatives(vectors, labels, nearest, 2, margin=0.05)[0].tolist() == [3, 4]
    assert hard_negatives(vectors, labels, nearest, 2, margin=None)[0].tolist() == [2, 3]


def test_fewer_rows_than_asked_for() -> None:
    def short(queries: np.ndarray, vectors: np.ndarray, k: int) -> np.ndarray:
        near = nearest(queries, vectors, k)
        near[:, 2:] = -1
        return near

    vectors, labels = corpus(30, 4)
    found = hard_negatives(vectors, labels, short, 3, margin=None)
    assert (found[labels < 0] == -1).all()
    assert set(labels[found[found >= 0]]) <= {0, 1, 2, 3}
    assert ((found >= 0).sum(axis=1) <= 2).all()


def test_what_cannot_be_asked_for() -> None:
    vectors, labels = corpus(10, 3)
    for options in ({"count": 0}, {"count": 5, "depth": 4}, {"margin": 1.0}):
        with pytest.raises(OptionError, match="hard negatives need a count"):
            hard_negatives(vectors, labels, nearest, **options)
    with pytest.raises(TrainingError, match="a label for each embedding"):
        hard_negatives(vectors, labels[:5], nearest)
    for wrong in (lambda q, v, k: np.zeros((1, 1)), lambda q, v, k: np.full((len(q), k), len(v))):
        with pytest.raises(TrainingError, match="nearest was asked for"):
            hard_negatives(vectors, labels, wrong)
