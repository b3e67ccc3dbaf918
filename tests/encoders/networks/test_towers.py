"""What each tower promises of its own: sizes, missing values, padding."""

import pytest
import torch
from torch import nn

from simsearch.encoders.networks.classic import ClassicNetwork
from simsearch.encoders.networks.dense import DenseNetwork
from simsearch.encoders.networks.glyph import GlyphNetwork
from simsearch.encoders.networks.photo import PhotoNetwork
from simsearch.encoders.networks.wave import WaveNetwork


@pytest.fixture(autouse=True)
def seeded() -> None:
    torch.manual_seed(0)


@pytest.mark.parametrize("tower", [GlyphNetwork, ClassicNetwork, PhotoNetwork])
@pytest.mark.parametrize(("channels", "size"), [(1, (32, 32)), (3, (33, 47))])
def test_images_of_any_size(tower: type[nn.Module], channels: int, size: tuple[int, int]) -> None:
    network = tower(channels=channels, size=size, dimension=10, width=4).eval()
    images = torch.rand(3, channels, *size)
    found = network(images)
    assert found.shape == (3, 10)
    torch.testing.assert_close(network(images[1:2]), found[1:2], atol=1e-5, rtol=1e-4)


@pytest.mark.parametrize("tower", [GlyphNetwork, PhotoNetwork])
def test_towers_that_pool_take_another_size_than_they_were_made_for(tower: type[nn.Module]) -> None:
    network = tower(channels=1, size=(32, 32), dimension=6, width=4).eval()
    assert network(torch.rand(2, 1, 50, 41)).shape == (2, 6)


def test_a_missing_number_is_the_mean_and_known_to_be_missing() -> None:
    network = DenseNetwork(3, dimension=5, hidden=8).eval()
    network.standardise.set(torch.tensor([1.0, 2.0, 3.0]), torch.tensor([1.0, 1.0, 1.0]))
    nan = float("nan")
    whole, missing, other = torch.tensor([[4.0, 2.0, 5.0], [4.0, nan, 5.0], [nan, nan, nan]])
    embed = lambda row: network(row[None])[0]  # noqa: E731
    assert torch.isfinite(embed(other)).all()
    assert not torch.allclose(embed(whole), embed(missing))
    with torch.no_grad():  # without the inputs that say so, it is as the mean
        network.layers[0].weight[:, 3:] = 0
    torch.testing.assert_close(embed(whole), embed(missing))


def test_a_number_far_out_does_not_drown_the_others() -> None:
    network = DenseNetwork(2, dimension=4, hidden=8).eval()
    far, farther = network(torch.tensor([[1.0, 1e6], [1.0, 1e12]]))
    torch.testing.assert_close(far, farther)


def test_padding_of_a_signal_changes_nothing() -> None:
    network = WaveNetwork(2, dimension=5, width=4).eval()
    signal = torch.randn(1, 2, 61)
    lengths = torch.tensor([61])
    alone = network(signal, lengths)
    noise = torch.cat([signal, 100 * torch.randn(1, 2, 40)], dim=2)
    torch.testing.assert_close(network(noise, lengths), alone, atol=1e-5, rtol=1e-4)
    assert not torch.allclose(network(noise, torch.tensor([101])), alone)
