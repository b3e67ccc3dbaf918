"""The towers that can be trained: `build` makes one by name.

Every tower is a `torch.nn.Module` whose forward takes a batch as its kind gives it and returns
float (n, dimension), not yet of unit length, through a last linear layer `descriptor`; its layer
`standardise` takes the scale of the data before training. What shapes it are plain numbers and
texts, which the encoder folder keeps, so that it can be built again.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from simsearch.errors import OptionError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from torch import nn

__all__ = ["NETWORKS", "build", "networks_for"]

# name -> (kind of items, module, class)
NETWORKS = {
    "glyph": ("image", "glyph", "GlyphNetwork"),
    "classic": ("image", "classic", "ClassicNetwork"),
    "photo": ("image", "photo", "PhotoNetwork"),
    "lite": ("image", "lite", "LiteNetwork"),
    "dense": ("vector", "dense", "DenseNetwork"),
    "wave": ("signal", "wave", "WaveNetwork"),
}


def networks_for(kind: str) -> list[str]:
    """Names of the towers for a kind of items; the first is the default."""
    return [name for name, (own, _, _) in NETWORKS.items() if own == kind]


def build(name: str, arguments: Mapping[str, Any]) -> nn.Module:
    """A tower with random weights (torch's global generator).

    Args:
        name: one of `NETWORKS`.
        arguments: of its class.

    Raises:
        OptionError: there is no such tower, or it does not take these arguments.
    """
    if name not in NETWORKS:
        raise OptionError(f"there is no network {name!r}; there are {', '.join(NETWORKS)}")
    _, module, cls = NETWORKS[name]
    made = getattr(import_module(f"simsearch.encoders.networks.{module}"), cls)
    try:
        network: nn.Module = made(**arguments)
    except TypeError as error:
        raise OptionError(f"network {name!r}: {error}") from None
    return network
