"""The quicker forms give what the library gives, and its gradient."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from pytorch_metric_learning.losses import NTXentLoss, SupConLoss
from torch.nn import functional

from simsearch.training.matrix_losses import MatrixNTXentLoss, MatrixSupConLoss

PAIRS = [(SupConLoss, MatrixSupConLoss), (NTXentLoss, MatrixNTXentLoss)]


def loss_and_gradient(loss, embeddings: torch.Tensor, *known) -> tuple[float, torch.Tensor]:
    leaf = embeddings.clone().requires_grad_()
    value = loss(functional.normalize(leaf, dim=1), *known)
    if value.requires_grad:
        value.backward()
    return value.item(), torch.zeros_like(leaf) if leaf.grad is None else leaf.grad


@pytest.mark.parametrize(("library", "quick"), PAIRS)
@given(
    labels=st.lists(st.integers(0, 4), min_size=2, max_size=20),
    temperature=st.sampled_from([0.05, 0.1, 0.5]),
    seed=st.integers(0, 1000),
)
def test_any_labels(library, quick, labels: list[int], temperature: float, seed: int) -> None:
    found = torch.randn(len(labels), 5, generator=torch.Generator().manual_seed(seed))
    known = torch.tensor(labels)
    expected, slope = loss_and_gradient(library(temperature=temperature), found, known)
    value, own = loss_and_gradient(quick(temperature=temperature), found, known)
    assert value == pytest.approx(expected, rel=1e-4, abs=1e-5)
    torch.testing.assert_close(own, slope, rtol=1e-3, atol=1e-5)


@pytest.mark.parametrize(("library", "quick"), PAIRS)
def test_chosen_pairs_go_the_way_of_the_library(library, quick) -> None:
    found = torch.randn(6, 3, generator=torch.Generator().manual_seed(0))
    places = tuple(torch.tensor(each) for each in ([0, 2], [1, 3], [0, 2, 4], [4, 5, 1]))
    expected, slope = loss_and_gradient(library(), found, None, places)
    value, own = loss_and_gradient(quick(), found, None, places)
    assert value == expected
    assert torch.equal(own, slope)
