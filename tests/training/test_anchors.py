"""A pull towards what was, longhand."""

import numpy as np
import pytest
import torch
from torch import nn

from simsearch.training.anchors import WeightAnchor


@pytest.mark.parametrize(("rate", "share"), [(0.0, 0.0), (0.01, 0.05), (0.1, 0.5), (1.0, 1.0)])
def test_a_step_goes_so_far_back(rate: float, share: float) -> None:
    tower = nn.Linear(3, 2)
    before = [each.detach().clone() for each in tower.parameters()]
    anchor = WeightAnchor(tower, strength=5.0)
    with torch.no_grad():
        for each in tower.parameters():
            each.add_(2.0)
    anchor(rate)
    for now, was in zip(tower.parameters(), before, strict=True):
        expected = was + 2.0 * (1 - share)
        np.testing.assert_allclose(now.detach().numpy(), expected.numpy(), atol=1e-6)
