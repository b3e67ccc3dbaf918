"""Vectors seen again: noise in each column's own measure, missing values kept."""

from __future__ import annotations

import pytest
import torch

from simsearch.augmentations.vectors import VectorAugment
from simsearch.errors import OptionError

OFF = {"jitter": 0.0, "dropout": 0.0, "exchange": 0.0}


def vectors() -> torch.Tensor:
    drawn = torch.randn(2000, 4, generator=torch.Generator().manual_seed(5))
    return drawn * torch.tensor([1.0, 100.0, 0.01, 0.0]) + torch.tensor([0.0, 5.0, 1.0, 7.0])


def seen(given: torch.Tensor | None = None, seed: int = 0, **strengths: float) -> torch.Tensor:
    generator = torch.Generator().manual_seed(seed)
    return VectorAugment(**{**OFF, **strengths})(vectors() if given is None else given, generator)


def test_off_seed_and_two_views() -> None:
    assert torch.equal(seen(), vectors())
    assert torch.equal(seen(jitter=0.1, dropout=0.1), seen(jitter=0.1, dropout=0.1))
    generator = torch.Generator().manual_seed(0)
    augment = VectorAugment()
    assert not torch.equal(augment(vectors(), generator), augment(vectors(), generator))


def test_jitter_is_in_the_measure_of_its_column() -> None:
    off = (seen(jitter=0.1) - vectors()).std(dim=0)
    torch.testing.assert_close(off, 0.1 * vectors().std(dim=0), rtol=0.1, atol=1e-6)


def test_dropout_gives_the_mean_of_the_column() -> None:
    after = seen(dropout=0.25)
    changed = after != vectors()
    assert 0.2 < changed[:, :3].float().mean() < 0.3
    mean = vectors().mean(dim=0).expand_as(after)
    torch.testing.assert_close(after[changed], mean[changed], rtol=1e-4, atol=1e-4)


def test_exchanged_values_are_of_the_same_column() -> None:
    after, before = seen(exchange=0.5), vectors()
    assert torch.isin(after[:, 1], before[:, 1]).all()
    assert 0.4 < (after != before)[:, :3].float().mean() < 0.6


def test_missing_stays_missing_and_spreads_nowhere() -> None:
    given = vectors()
    given[::3, 0] = float("nan")
    given[:, 3] = float("nan")
    after = seen(given, jitter=0.2, dropout=0.3, exchange=0.4)
    assert torch.equal(after.isnan(), given.isnan())


def test_given_columns_decide() -> None:
    columns = torch.full((4,), 9.0), torch.zeros(4)
    after = VectorAugment(jitter=1.0, dropout=1.0)(vectors(), torch.Generator(), columns)
    assert torch.equal(after, torch.full_like(after, 9.0))


@pytest.mark.parametrize("name", OFF)
def test_strengths_are_checked(name: str) -> None:
    with pytest.raises(OptionError, match=f"{name} is from 0 to 1"):
        VectorAugment(**{name: -0.5})
