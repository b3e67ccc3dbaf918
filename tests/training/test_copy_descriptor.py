"""The last layer of a photo tower is fitted to the pictures at hand, unless that makes it worse."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch

from simsearch.encoders.image import ImageEncoder, Pictures
from simsearch.encoders.networks import build
from simsearch.encoders.networks.lite import LiteNetwork
from simsearch.training.copy_descriptor import fit_to_copies
from simsearch.training.defaults import new_encoder
from simsearch.training.task import Task
from tests.encoders.test_pdq import scene


def tower(dimension: int = 16) -> ImageEncoder:
    torch.manual_seed(0)
    arguments = {"channels": 3, "size": [48, 48], "dimension": dimension}
    made = build("lite", arguments)
    assert isinstance(made, LiteNetwork)
    return ImageEncoder("lite", arguments, {"size": [48, 48], "channels": 3}, tower=made.eval())


def task_of(encoder: Any, figures: list[float]) -> Task:
    nothing: Any = SimpleNamespace()
    task = Task(encoder, nothing, nothing, nothing, None, nothing, None)
    return replace(task, validate=iter(figures).__next__) if figures else task


def pictures(count: int) -> Pictures:
    pixels = np.stack([scene(number, 48, 48) for number in range(count)])
    return Pictures(torch.from_numpy(pixels).permute(0, 3, 1, 2).contiguous())


@pytest.mark.parametrize(
    ("figures", "fitted"), [([], True), ([0.5, 0.5], True), ([0.5, 0.4], False)]
)
def test_it_is_kept_where_it_is_no_loss(figures: list[float], fitted: bool) -> None:
    encoder = tower()
    before = encoder.state()[1]["descriptor.weight"].copy()
    assert fit_to_copies(task_of(encoder, figures), pictures(6), np.arange(6), seed=0) is fitted
    after = encoder.state()[1]["descriptor.weight"]
    assert (after == before).all() is not np.bool_(fitted)


def test_too_few_pictures_and_other_towers_stay_as_they_are() -> None:
    assert not fit_to_copies(task_of(tower(64), []), pictures(4), np.arange(4), seed=0)
    other = new_encoder("image", {"size": [28, 28], "channels": 1})
    assert not fit_to_copies(task_of(other, []), pictures(40), np.arange(40), seed=0)
