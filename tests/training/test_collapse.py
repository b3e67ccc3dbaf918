"""The alarm rings for embeddings in one place, on one line, or a loss at its margin; else not."""

from __future__ import annotations

import math

import pytest
import torch
from torch.nn import functional

from simsearch.errors import TrainingError
from simsearch.training.collapse import check_collapse, effective_rank, mean_cosine

FALLING = [0.2 - 0.002 * step for step in range(60)]


def drawn(rows: int, dimension: int) -> torch.Tensor:
    return torch.randn(rows, dimension, generator=torch.Generator().manual_seed(1))


def unit(vectors: torch.Tensor) -> torch.Tensor:
    return functional.normalize(vectors, dim=1)


@pytest.mark.parametrize("dimension", [1, 2, 3, 4, 8, 64, 512])
@pytest.mark.parametrize("rows", [2, 3, 16, 1000])
def test_healthy_embeddings_ring_nothing(rows: int, dimension: int) -> None:
    embeddings = drawn(rows, dimension)
    if dimension > 1:
        embeddings = unit(embeddings)
    if mean_cosine(embeddings) < 0.9:
        assert check_collapse(embeddings, FALLING, 0.2) is None


@pytest.mark.parametrize("classes", [2, 3, 5, 10])
def test_classes_learned_perfectly_are_no_collapse(classes: int) -> None:
    """Each class a corner of a simplex: the cosine is negative, the rank one less than they are."""
    corners = torch.eye(classes) - 1 / classes
    padded = functional.pad(unit(corners), (0, 64 - classes)).repeat_interleave(12, dim=0)
    assert check_collapse(padded + 1e-4 * drawn(*padded.shape), FALLING, None, classes) is None


def test_everything_in_one_place() -> None:
    found = check_collapse(unit(torch.ones(300, 64) + 0.1 * drawn(300, 64)), FALLING, 0.2)
    assert found is not None
    assert found.cosine > 0.95
    assert "cosine" in found.reason
    assert "lower the learning rate" in str(found)
    with pytest.raises(TrainingError, match=r"the encoder has collapsed: two items.*semi-hard"):
        raise found.error()
    assert check_collapse(torch.ones(10, 8), FALLING, 0.2) is not None


@pytest.mark.parametrize("dimension", [16, 64])
def test_everything_on_one_line(dimension: int) -> None:
    line = drawn(200, 1).sign() * (1 + drawn(200, 1).abs()) @ unit(drawn(1, dimension))
    found = check_collapse(unit(line + 0.001 * drawn(200, dimension)), FALLING, 0.2)
    assert found is not None
    assert found.rank < 3
    assert "directions" in found.reason


def test_a_loss_that_stands_at_its_margin() -> None:
    embeddings = unit(drawn(100, 32))
    stuck = [*FALLING, *[0.2001, 0.1985] * 10]
    found = check_collapse(embeddings, stuck, 0.2)
    assert found is not None
    assert "stood at its margin, 0.2, for 20 steps" in found.reason
    assert check_collapse(embeddings, stuck, None) is None
    assert check_collapse(embeddings, stuck[-19:], 0.2) is None
    assert check_collapse(embeddings, [*stuck, 0.15], 0.2) is None


def test_nothing_is_said_of_a_single_row() -> None:
    assert check_collapse(torch.ones(1, 4), FALLING, 0.2) is None


def test_mean_cosine_over_all_pairs() -> None:
    embeddings = drawn(20, 5)
    pairs = [
        functional.cosine_similarity(embeddings[i], embeddings[j], dim=0).item()
        for i in range(20)
        for j in range(i)
    ]
    assert mean_cosine(embeddings) == pytest.approx(sum(pairs) / len(pairs), abs=1e-6)


@pytest.mark.parametrize("shape", [(50, 6), (6, 50)])
def test_effective_rank_by_its_definition(shape: tuple[int, int]) -> None:
    embeddings = drawn(*shape) * torch.linspace(1, 5, shape[1])
    around = (embeddings - embeddings.mean(dim=0)).double()
    values = torch.linalg.svdvals(around)
    shares = (values / values.sum()).tolist()
    entropy = -sum(share * math.log(share) for share in shares if share > 1e-9)
    assert effective_rank(embeddings) == pytest.approx(math.exp(entropy), rel=1e-4)


def test_effective_rank_of_points_and_lines() -> None:
    assert effective_rank(torch.ones(9, 4)) == 0
    assert effective_rank(torch.arange(9.0)[:, None] * torch.ones(4)) == pytest.approx(1)
    square = torch.tensor([[1.0, 0], [-1, 0], [0, 1], [0, -1]])
    assert effective_rank(square) == pytest.approx(2)


def test_any_float_and_a_gradient_are_taken() -> None:
    embeddings = unit(drawn(64, 16)).to(torch.bfloat16).requires_grad_()
    assert check_collapse(embeddings, FALLING, 0.2) is None
