"""The last layer of a photo tower, fitted in closed form to tell copies of the user's own pictures.

What is learned without labels is to keep two views of a picture together and all else apart. Once
the tower is tuned, the best last layer for that is a discriminant analysis with each picture a
class, copies of it with it (see `lite.heads`): it drops what views of these pictures differ by, and
keeps what they are told apart by, which takes gradient steps far longer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch

from simsearch.encoders.image import Pictures
from simsearch.encoders.lite import NETWORK, LiteEncoder
from simsearch.training.best_weights import copied
from simsearch.training.lite.heads import discriminant, seen_again

if TYPE_CHECKING:
    import numpy.typing as npt

    from simsearch.encoders.tower import Stack
    from simsearch.training.task import Task

    Rows = npt.NDArray[np.int64]

__all__ = ["fit_to_copies"]

# Pictures that are looked at, at most, views of each beside itself, and pictures at a time.
_PICTURES, _VIEWS, _AT_ONCE = 400, 6, 64


def fit_to_copies(task: Task, stack: Stack, things: Rows, seed: int) -> bool:
    """Fit the last layer of a tower that was trained on views, where that is no loss.

    Args:
        task: that is done.
        stack: what it learned from.
        things: (n,) of which thing each is a picture.
        seed: of the choice of pictures and of their views.

    Returns:
        Whether it was fitted: there are pictures enough, the tower is one of photos, and what it
        is watched by does not get worse.
    """
    encoder = task.encoder
    chosen = np.sort(np.random.default_rng(seed).permutation(len(stack))[:_PICTURES])
    enough = len(chosen) * (_VIEWS + 1) > encoder.dimension
    if not isinstance(stack, Pictures) or encoder.network != NETWORK or not enough:
        return False
    before, figure = copied(encoder.tower), None if task.validate is None else task.validate()
    own = LiteEncoder(*encoder.state()[:2])
    features, picture = [], []
    for start in range(0, len(chosen), _AT_ONCE):
        rows = chosen[start : start + _AT_ONCE]
        pixels, which = seen_again(Pictures(stack.take(rows)[0]), _VIEWS, seed + start)
        features.append(own.features(pixels))
        picture.append(things[rows][which])
    own_number = np.unique(np.concatenate(picture), return_inverse=True)[1]
    layer = discriminant(np.concatenate(features), own_number, encoder.dimension)
    fitted = {"descriptor.weight": layer.weight, "descriptor.bias": layer.bias}
    weights = {name: torch.from_numpy(each) for name, each in fitted.items()}
    encoder.tower.load_state_dict(before | weights)
    if task.validate is None or figure is None or task.validate() >= figure:
        return True
    encoder.tower.load_state_dict(before)
    return False
