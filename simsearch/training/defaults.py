"""Choose for the user: the loss, the tower, and how items are augmented.

No choice depends on a data set's name or result, only on what its items are: how large the
pictures, how many colours, how many classes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from simsearch.distance import Metric
from simsearch.encoders.networks import networks_for
from simsearch.errors import OptionError
from simsearch.kinds.registry import kind_named

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simsearch.encoders.encoder import Encoder
    from simsearch.encoders.tower import TowerEncoder
    from simsearch.training.task import Augment

__all__ = ["augment_for", "default_loss", "new_encoder", "trainable"]

DIMENSIONS = {"glyph": 64, "classic": 512, "photo": 128, "lite": 512, "dense": 64, "wave": 64}


def default_loss(form: str) -> str:
    """The default loss for a form of examples, see `losses.FORMS`."""
    return {
        "classes": "supcon",
        "pairs": "contrastive",
        "triplets": "triplet",
        "scores": "cosine",
        "views": "infonce",
    }[form]


def new_encoder(
    kind: str,
    reading: Mapping[str, Any],
    *,
    network: str | None = None,
    dimension: int | None = None,
    dims: tuple[int, ...] = (),
    dropout: float = 0.0,
    batch_norm: bool | None = None,
    metric: Metric = Metric.COSINE,
) -> TowerEncoder:
    """An encoder with random weights (torch's global generator).

    Args:
        kind: image, vector or signal.
        reading: see `Encoder.reading`.
        network: None chooses by the size of the items.
        dimension: of the embedding; None for what suits the tower.
        dims: lengths that it can be cut to.
        dropout: see the towers.
        batch_norm: of the classic network; None is with it.
        metric: how embeddings are compared.

    Raises:
        OptionError: there is no such network for the kind, or a length is out of range.
    """
    known = kind_named(kind)
    if known.encoder is None or known.learning is None:
        raise OptionError(f"no tower is trained for {kind}s")
    learning = known.learning
    chosen = network or learning.network(reading)
    if chosen not in networks_for(kind):
        names = ", ".join(networks_for(kind))
        raise OptionError(f"there is no network {chosen!r} for {kind}s; there are {names}")
    length = dimension or DIMENSIONS[chosen]
    if not 2 <= length <= 4096 or any(not 2 <= each < length for each in dims):
        raise OptionError("an embedding has 2 to 4096 numbers, and shorter lengths fewer than it")
    arguments: dict[str, Any] = {"dimension": length, "dropout": dropout}
    if batch_norm is not None:
        if chosen != "classic":
            raise OptionError(f"batch norm is an option of the network classic, not of {chosen}")
        arguments["batch_norm"] = batch_norm
    arguments |= learning.arguments(reading)
    cls = cast("type[TowerEncoder]", known.encoder({}))
    return cls(chosen, arguments, reading, metric=metric, dims=dims)


def trainable(encoder: Encoder) -> Encoder:
    """An encoder as a tower of torch, where it is one that is run by something faster."""
    from simsearch.encoders.lite import LiteEncoder

    return encoder.trainable() if isinstance(encoder, LiteEncoder) else encoder


def augment_for(encoder: TowerEncoder, form: str = "classes") -> Augment:
    """The augmentation of items that an encoder takes.

    Args:
        encoder: says how they are read.
        form: what is known of them, see `losses.FORMS`.

    Raises:
        OptionError: no such items are learned from.
    """
    learning = kind_named(encoder.kind).learning
    if learning is None:
        raise OptionError(f"{encoder.kind}s cannot be seen again otherwise than they are")
    if form == "views" and learning.views is not None:
        return learning.views(encoder.reading)
    return learning.augment(encoder.reading)
