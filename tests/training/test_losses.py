"""Every loss, worked out longhand on five points of a circle."""

import itertools
import math
from typing import Any

import numpy as np
import pytest
import torch

from simsearch.errors import OptionError
from simsearch.training.heads import PairHead
from simsearch.training.losses import (
    LOSSES,
    BinaryLoss,
    LibraryLoss,
    MatryoshkaLoss,
    Target,
    make_loss,
)

ANGLES = (0.0, 25.0, 40.0, 100.0, 130.0)
LABELS = (0, 0, 1, 1, 1)
POINTS = np.array([[math.cos(math.radians(a)), math.sin(math.radians(a))] for a in ANGLES])
COSINES = POINTS @ POINTS.T
DISTANCES = np.sqrt(np.maximum(0, 2 - 2 * COSINES))
SAME = [(a, b) for a, b in itertools.permutations(range(5), 2) if LABELS[a] == LABELS[b]]  # ordered
OTHER = [(a, b) for a, b in itertools.permutations(range(5), 2) if LABELS[a] != LABELS[b]]
TRIPLETS = [(a, p, n) for a, p in SAME for b, n in OTHER if a == b]


def value(name: str, miner: str | None = None, **keywords: Any) -> float:
    torch.manual_seed(0)
    loss = make_loss(name, 2, 2, miner)
    target = Target(labels=torch.tensor(LABELS)) if not keywords else Target(**keywords)
    found: torch.Tensor = loss(torch.tensor(POINTS, dtype=torch.float32), target)
    return found.item()


def mean_above_zero(values: list[float]) -> float:
    left = [each for each in values if each > 0]
    return sum(left) / len(left) if left else 0.0


def test_contrastive() -> None:
    near = mean_above_zero([DISTANCES[pair] for pair in SAME])
    far = mean_above_zero([1.0 - DISTANCES[pair] for pair in OTHER])
    assert value("contrastive") == pytest.approx(near + far, rel=1e-5)


def test_contrastive_of_given_pairs() -> None:
    places = tuple(torch.tensor(each) for each in ([0, 2], [1, 3], [0], [2]))
    expected = (DISTANCES[0, 1] + DISTANCES[2, 3]) / 2 + (1.0 - DISTANCES[0, 2])
    assert value("contrastive", places=places) == pytest.approx(expected, rel=1e-5)


def violations(triplets: list[tuple[int, int, int]]) -> list[float]:
    return [DISTANCES[a, p] - DISTANCES[a, n] + 0.2 for a, p, n in triplets]


def test_triplet() -> None:
    assert value("triplet") == pytest.approx(mean_above_zero(violations(TRIPLETS)), rel=1e-5)


def test_triplet_of_given_triplets() -> None:
    places = (torch.tensor([0]), torch.tensor([1]), torch.tensor([2]))
    expected = mean_above_zero(violations([(0, 1, 2)]))
    assert value("triplet", places=places) == pytest.approx(expected, rel=1e-5)


def test_semihard() -> None:
    """Negatives farther than the positive, by less than the margin."""
    chosen = [
        (a, p, n)
        for a, p, n in TRIPLETS
        if DISTANCES[a, p] < DISTANCES[a, n] < DISTANCES[a, p] + 0.2
    ]
    assert chosen
    expected = mean_above_zero(violations(chosen))
    assert value("semihard", miner="semihard") == pytest.approx(expected, rel=1e-5)
    # By itself it begins with random triplets, and comes to these after a tenth of the run.
    loss = make_loss("semihard", 2, 2)
    assert isinstance(loss, LibraryLoss)
    assert loss.miner is not None
    loss.miner.done = 0.3
    target = Target(labels=torch.tensor(LABELS))
    found: torch.Tensor = loss(torch.tensor(POINTS, dtype=torch.float32), target)
    assert found.item() == pytest.approx(expected, rel=1e-5)


def test_a_miner_needs_a_labelled_batch() -> None:
    with pytest.raises(OptionError, match="learns from given pairs or draws its own; no miner"):
        make_loss("bce", 2, 2, "semihard")


def test_supcon() -> None:
    """P. Khosla et al., Supervised contrastive learning, NeurIPS 2020, equation 2."""
    anchors = []
    for a in range(5):
        others = [b for b in range(5) if b != a]
        whole = math.log(sum(math.exp(COSINES[a, b] / 0.1) for b in others))
        mine = [COSINES[a, b] / 0.1 - whole for b in others if LABELS[a] == LABELS[b]]
        anchors.append(-sum(mine) / len(mine))
    assert value("supcon") == pytest.approx(sum(anchors) / 5, rel=1e-5)


def test_infonce() -> None:
    """A. van den Oord et al., 2018: each positive against all negatives of its anchor."""
    parts = []
    for a, p in SAME:
        others = [math.exp(COSINES[a, n] / 0.1) for b, n in OTHER if b == a]
        own = math.exp(COSINES[a, p] / 0.1)
        parts.append(-math.log(own / (own + sum(others))))
    assert value("infonce") == pytest.approx(sum(parts) / len(parts), rel=1e-5)


def test_multi_similarity() -> None:
    """X. Wang et al., CVPR 2019: equations 6 to 8, alpha 2, beta 50, lambda .5, epsilon .1."""
    parts = []
    for a in range(5):
        near = [COSINES[a, p] for b, p in SAME if b == a]
        far = [COSINES[a, n] for b, n in OTHER if b == a]
        hard_near = [s for s in near if s - 0.1 < max(far)]
        hard_far = [s for s in far if s + 0.1 > min(near)]
        parts.append(
            math.log(1 + sum(math.exp(-2 * (s - 0.5)) for s in hard_near)) / 2
            + math.log(1 + sum(math.exp(50 * (s - 0.5)) for s in hard_far)) / 50
        )
    assert value("multi-similarity") == pytest.approx(sum(parts) / 5, rel=1e-4)


def test_arcface() -> None:
    """J. Deng et al., CVPR 2019, equation 3: 28.6 degrees, scale 64."""
    torch.manual_seed(0)
    loss: Any = make_loss("arcface", 2, 2)
    weights = loss.loss.W.detach().numpy().T
    weights = weights / np.linalg.norm(weights, axis=1, keepdims=True)
    parts = []
    for point, label in zip(POINTS, LABELS, strict=True):
        angles = np.arccos(np.clip(weights @ point, -1, 1))
        angles[label] += math.radians(28.6)
        logits = 64 * np.cos(angles)
        parts.append(
            float(np.log(np.exp(logits - logits.max()).sum()) + logits.max() - logits[label])
        )
    points = torch.tensor(POINTS, dtype=torch.float32)
    found = loss(points, Target(labels=torch.tensor(LABELS))).item()
    assert found == pytest.approx(sum(parts) / 5, rel=1e-3)


@pytest.mark.parametrize("squared", [True, False])
def test_binary_cross_entropy(squared: bool) -> None:
    """ln odds 1 - mean of the differences, while the head is as it began."""
    places = tuple(torch.tensor(each) for each in ([0, 2], [1, 3], [0, 1], [2, 3]))

    def odds(a: int, b: int) -> float:
        difference = np.abs(POINTS[a] - POINTS[b])
        return 1.0 - float((difference**2 if squared else difference).mean())

    near = np.mean([math.log1p(math.exp(-odds(*pair))) for pair in ((0, 1), (2, 3))])
    far = np.mean([math.log1p(math.exp(odds(*pair))) for pair in ((0, 2), (1, 3))])
    name = "bce" if squared else "bce-absolute"
    assert value(name, places=places) == pytest.approx((near + far) / 2, rel=1e-5)


def test_as_many_pairs_of_each_sort_are_drawn_from_classes() -> None:
    seen: list[int] = []

    class Counting(PairHead):
        def forward(self, left: torch.Tensor, right: torch.Tensor) -> torch.Tensor:
            seen.append(len(left))
            return super().forward(left, right)

    BinaryLoss(Counting(2))(
        torch.tensor(POINTS, dtype=torch.float32), Target(labels=torch.tensor(LABELS))
    )
    assert seen == [4, 4]


def test_cosine() -> None:
    embeddings = torch.tensor(POINTS[[0, 2, 1, 3]], dtype=torch.float32)
    loss = make_loss("cosine", 2, 0)(embeddings, Target(scores=torch.tensor([1.0, 0.2])))
    expected = ((COSINES[0, 1] - 1.0) ** 2 + (COSINES[2, 3] - 0.2) ** 2) / 2
    assert float(loss) == pytest.approx(expected, rel=1e-5)


def test_any_loss_of_the_library() -> None:
    assert value("pml:CircleLoss") > 0


@pytest.mark.parametrize(
    "name", ["nothing", "pml:Nothing", "pml:BaseMetricLossFunction2", "CircleLoss"]
)
def test_a_loss_that_there_is_not(name: str) -> None:
    with pytest.raises(OptionError, match=f"there is no loss '{name}'"):
        make_loss(name, 2, 2)


@pytest.mark.parametrize("name", [name for name, made in LOSSES.items() if "classes" in made.forms])
def test_the_sides_can_be_swapped(name: str) -> None:
    """The order of the rows says nothing."""
    if name.startswith("bce"):
        pytest.skip("it draws its negatives; the head is tested")
    torch.manual_seed(0)
    loss = make_loss(name, 2, 2, "semihard" if name == "semihard" else None)  # else it draws
    points, labels = torch.tensor(POINTS, dtype=torch.float32), torch.tensor(LABELS)
    order = torch.tensor([4, 2, 0, 1, 3])
    there = loss(points, Target(labels=labels))
    back = loss(points[order], Target(labels=labels[order]))
    assert there.item() == pytest.approx(back.item(), rel=1e-5)


@pytest.mark.parametrize("squared", [True, False])
def test_a_folded_head_is_a_distance(squared: bool) -> None:
    torch.manual_seed(1)
    head = PairHead(4, squared=squared)
    with torch.no_grad():
        head.raw.normal_()
    tower = torch.nn.Linear(6, 4)
    left, right = torch.randn(2, 50, 6).unbind(0)
    odds = head(tower(left), tower(right))
    head.fold(tower)
    distance = (tower(left) - tower(right)).norm(p=2 if squared else 1, dim=1)
    distance = distance.square() if squared else distance
    torch.testing.assert_close(head.bias - distance, odds, rtol=1e-4, atol=1e-5)


def test_swapping_the_sides_of_a_head_changes_nothing() -> None:
    head = PairHead(3)
    left, right = torch.randn(2, 20, 3).unbind(0)
    assert torch.equal(head(left, right), head(right, left))


def test_matryoshka_is_the_mean_over_lengths() -> None:
    points = torch.tensor(POINTS, dtype=torch.float32)
    target = Target(labels=torch.tensor(LABELS))
    losses = [make_loss("supcon", size, 2) for size in (2, 1)]
    whole = MatryoshkaLoss(losses, [2, 1])
    found = float(whole(points, target))
    parts = [float(losses[0](points, target)), float(losses[1](points[:, :1], target))]
    assert found == pytest.approx(sum(parts) / 2)
    assert whole.parts == pytest.approx({2: parts[0], 1: parts[1]})
