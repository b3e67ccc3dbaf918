"""Device, optimizer and moving average."""

import pytest
import torch
from torch import nn

from simsearch.errors import TrainingError
from simsearch.training.optimizer import averaged, device, optimizer


def test_matrices_decay_and_scales_and_biases_do_not() -> None:
    tower = nn.Sequential(nn.Linear(3, 2), nn.BatchNorm1d(2))
    before = {name: each.detach().clone() for name, each in tower.named_parameters()}
    made = optimizer([tower], rate=0.1, decay=0.5)
    for each in tower.parameters():
        each.grad = torch.zeros_like(each)
    made.step()
    for name, each in tower.named_parameters():
        factor = 1 - 0.1 * 0.5 if each.ndim > 1 else 1.0
        torch.testing.assert_close(each.detach(), before[name] * factor)


def test_the_first_step_of_adam_is_as_long_as_the_rate() -> None:
    tower = nn.Linear(1, 1, bias=False)
    start = tower.weight.item()
    made = optimizer([tower], rate=0.25, decay=0.0)
    tower(torch.ones(1, 1)).sum().backward()
    made.step()
    assert tower.weight.item() == pytest.approx(start - 0.25, abs=1e-5)


@pytest.mark.parametrize(("count", "kept"), [(0, 0.1), (10, 11 / 20), (10_000, 0.99)])
def test_the_average_is_short_at_first(count: int, kept: float) -> None:
    average, now = torch.tensor([1.0, 0.0]), torch.tensor([0.0, 1.0])
    expected = kept * average + (1 - kept) * now
    torch.testing.assert_close(averaged(average, now, count), expected)


def test_counters_are_not_averaged() -> None:
    assert averaged(torch.tensor(3), torch.tensor(8), 5).item() == 8


def test_a_device_that_is_not_there_is_named() -> None:
    assert device("cpu") == torch.device("cpu")
    assert device("auto").type in ("cpu", "cuda")
    with pytest.raises(TrainingError, match="no device 'abacus'"):
        device("abacus")
