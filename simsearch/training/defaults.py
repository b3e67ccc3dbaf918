"""What is chosen for the user: how items are read, which tower, how they are seen again.

No choice depends on a data set's name or result, only on what its items are: how large the
pictures, how many colours, how many classes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from simsearch.distance import Metric
from simsearch.encoders.networks import networks_for
from simsearch.errors import OptionError, TrainingError
from simsearch.kinds.image import SMALL
from simsearch.kinds.kind import kind_named

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simsearch.encoders.tower import TowerEncoder
    from simsearch.schema import ItemSource
    from simsearch.training.task import Augment

__all__ = ["augment_for", "default_loss", "new_encoder", "reading_for"]

# Line drawings and scans without colour, and photos, are reduced to these.
_GREY_SIZE, _PHOTO_SIZE = 40, 128
_PEEK = 64
DIMENSIONS = {"glyph": 64, "classic": 512, "photo": 128, "dense": 64, "wave": 64}


def default_loss(told: str) -> str:
    """The loss for what examples say, see `losses.FORMS`."""
    return {
        "classes": "supcon",
        "pairs": "contrastive",
        "triplets": "triplet",
        "scores": "cosine",
        "views": "infonce",
    }[told]


def reading_for(kind: str, source: ItemSource, size: int | None = None) -> dict[str, Any]:
    """How items of a source are to be read, by looking at the first of them.

    Args:
        kind: of the items.
        source: opened as it comes: pictures in colour, at `SMALL` pixels.
        size: side of pictures in pixels; None chooses.

    Returns:
        See `Encoder.reading`.

    Raises:
        TrainingError: there is nothing to look at.
    """
    batch = next(source.batches(_PEEK), None)
    if batch is None or not len(batch):
        raise TrainingError(f"{source.name} has no {kind} that can be read")
    if kind == "vector":
        reading = dict(getattr(source, "reading", {}))
        return reading or {"width": batch.items.schema.field("vector").type.list_size}
    if kind == "signal":
        rate = getattr(source, "sample_rate", None)
        channels = batch.items.schema.field("signal").type.value_type.list_size
        return {"sample_rate": rate, "channels": channels}
    return _pictures(batch, size)


def _pictures(batch: Any, size: int | None) -> dict[str, Any]:
    """Size and channels of pictures: small ones keep their shape, others become squares."""
    import numpy as np

    pixels = batch.items.column("image").combine_chunks().to_numpy_ndarray()
    grey = pixels.shape[-1] == 1 or bool((pixels.max(-1) == pixels.min(-1)).all())
    height, width = (
        int(np.median(batch.stored.column(name).to_numpy())) for name in ("height", "width")
    )
    if size is not None:
        shape = [size, size]
    elif max(height, width) <= SMALL:
        shape = [height, width]
    else:
        shape = [_GREY_SIZE if grey else _PHOTO_SIZE] * 2
    return {"size": shape, "channels": 1 if grey else 3}


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
    cls = cast("type[TowerEncoder]", known.encoder())
    return cls(chosen, arguments, reading, metric=metric, dims=dims)


def augment_for(encoder: TowerEncoder) -> Augment:
    """How items are seen again: what changes nothing of what they are.

    Raises:
        OptionError: no such items are learned from.
    """
    learning = kind_named(encoder.kind).learning
    if learning is None:
        raise OptionError(f"{encoder.kind}s cannot be seen again otherwise than they are")
    return learning.augment(encoder.reading)
