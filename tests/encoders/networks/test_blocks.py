"""The parts of towers, longhand."""

import numpy as np
import pytest
import torch

from simsearch.encoders.networks.blocks import ConvolutionBlock, GeM, Standardise


@pytest.mark.parametrize("dimensions", [2, 3, 4])
def test_channels_are_standardised_each_by_its_own_figures(dimensions: int) -> None:
    layer = Standardise(3, dimensions)
    layer.set(torch.tensor([1.0, 2.0, 3.0]), torch.tensor([2.0, 0.0, 0.5]))
    values = torch.full((2, 3, *[4] * (dimensions - 2)), 5.0)
    found = layer(values)
    assert found.shape == values.shape
    # The second never varies: it is only centred.
    for channel, expected in enumerate([(5 - 1) / 2, 5 - 2, (5 - 3) / 0.5]):
        assert (found[:, channel] == expected).all()


@pytest.mark.parametrize("power", [1.0, 2.0, 3.0])
def test_pooling_is_the_mean_of_powers(power: float) -> None:
    maps = torch.rand(2, 3, 4, 5, generator=torch.Generator().manual_seed(0)) + 0.1
    found = GeM(power)(maps).detach().numpy()
    for item in range(2):
        for channel in range(3):
            values = maps[item, channel].numpy().astype(float).ravel()
            expected = np.mean(values**power) ** (1 / power)
            assert found[item, channel] == pytest.approx(expected, rel=1e-5)


def test_pooling_comes_close_to_the_maximum() -> None:
    maps = torch.tensor([[[[0.1, 0.2], [0.3, 2.0]]]])
    mean, high, capped = (GeM(power)(maps).item() for power in (1.0, 10.0, 99.0))
    assert mean == pytest.approx(0.65)
    assert 1.7 < high < 2.0
    assert capped == pytest.approx(high)  # powers end at 10


@pytest.mark.parametrize(("stride", "side"), [(1, 9), (2, 5), (4, 3)])
def test_a_block_shrinks_by_its_stride_and_is_never_negative(stride: int, side: int) -> None:
    block = ConvolutionBlock(2, 6, stride=stride, kernel=5)
    found = block(torch.randn(3, 2, 9, 9, generator=torch.Generator().manual_seed(0)))
    assert found.shape == (3, 6, side, side)
    assert (found >= 0).all()
