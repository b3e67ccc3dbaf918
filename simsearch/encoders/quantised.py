"""Weights in a byte each: int8 with scales, for encoders that are shipped with the package.

A convolution or linear layer is cut into rows, one for each map that comes out, and these into
groups of so many numbers, each with a scale of its own: its largest number is 127.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    import numpy.typing as npt

    Tensors = Mapping[str, npt.NDArray[Any]]
    Floats = npt.NDArray[np.float32]

__all__ = ["dequantised", "quantised"]

# What the name of the scales of a tensor ends with.
_SCALES = ".scales"
# Smaller tensors are left as they are: their scales would be all that is saved.
_LEAST = 4_096
# Numbers that share a scale.
_GROUP = 16


def quantised(tensors: Tensors) -> dict[str, npt.NDArray[Any]]:
    """Large tensors as int8 of their shape, with `NAME.scales` beside; float16 elsewhere.

    Args:
        tensors: float32, of any shapes.
    """
    import numpy as np

    out: dict[str, npt.NDArray[Any]] = {}
    for name, tensor in tensors.items():
        rows = tensor.reshape(len(tensor), -1) if tensor.ndim > 1 else tensor
        if tensor.size < _LEAST or rows.ndim == 1 or rows.shape[1] % _GROUP:
            out[name] = tensor.astype(np.float16) if tensor.ndim > 1 else tensor
            continue
        groups = rows.reshape(len(rows), -1, _GROUP)
        scales = np.abs(groups).max(axis=2) / np.float32(127)
        # Rounded before they are used: the numbers are fitted to the scales that are kept.
        scales = scales.astype(np.float16)
        safe = np.where(scales > 0, scales.astype(np.float32), np.float32(1))
        numbers = np.rint(groups / safe[..., None]).clip(-127, 127)
        out[name] = numbers.astype(np.int8).reshape(tensor.shape)
        out[name + _SCALES] = scales
    return out


def dequantised(tensors: Tensors) -> dict[str, Floats]:
    """All tensors as float32, by their own names; those that were never quantised too."""
    import numpy as np

    out: dict[str, Floats] = {}
    for name, tensor in tensors.items():
        if name.endswith(_SCALES):
            continue
        scales = tensors.get(name + _SCALES)
        if scales is None:
            out[name] = tensor.astype(np.float32)
            continue
        groups = tensor.reshape(*scales.shape, -1).astype(np.float32)
        out[name] = (groups * scales[..., None].astype(np.float32)).reshape(tensor.shape)
    return out
