"""Label-free training of the later stages of the tower."""

import numpy as np
import pytest
import torch

from simsearch.encoders.image import Pictures
from simsearch.encoders.networks.lite import LiteNetwork
from simsearch.training.lite.tune import spread, tune


def test_spread_is_the_mean_ln_distance_to_the_nearest_other() -> None:
    generator = torch.Generator().manual_seed(0)
    points = torch.nn.functional.normalize(torch.randn(6, 4, generator=generator), dim=1)
    partner = torch.tensor([3, 4, 5, 0, 1, 2])
    expected = []
    for row in range(6):
        others = [each for each in range(6) if each not in (row, int(partner[row]))]
        expected.append(-np.log(min(float((points[row] - points[o]).norm()) for o in others)))
    assert spread(points, partner).item() == pytest.approx(np.mean(expected), rel=1e-4)


@pytest.mark.long
def test_a_few_steps_change_the_later_stages_alone() -> None:
    torch.manual_seed(0)
    network = LiteNetwork(3, (160, 160), 8)
    before = {name: value.clone() for name, value in network.state_dict().items()}
    pixels = torch.randint(0, 256, (50, 3, 160, 160), dtype=torch.uint8)
    tune(network, Pictures(pixels), 2)
    changed = {n for n, value in network.state_dict().items() if not torch.equal(value, before[n])}
    blocks = {int(name.split(".")[1]) for name in changed}
    assert blocks
    assert min(blocks) >= 10
    assert all(name.startswith("blocks.") for name in changed)
