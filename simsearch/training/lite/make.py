"""Write the encoders of photos that are shipped: `lite`, and `lite-copies` for edited copies.

    python -m simsearch.training.lite.make PICTURES... [-o FOLDER]

PICTURES are folders of photos of many sorts, without copies among them. The tower keeps what
ImageNet taught for what is alike, and learns to tell copies for what is the same; what is done
with its features is fitted to the pictures. The encoders that are shipped were made of the 341
photos of the validation folder of clothing-dataset-small (CC0) and of 40 pictures of Debian's
wallpaper packages (gnome, mate, lomiri, plasma-workspace, ukui).
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from simsearch.encoders.image import ImageEncoder
from simsearch.encoders.lite import BANK, GRAPH_FILE, NETWORK, LiteEncoder
from simsearch.encoders.quantised import quantised
from simsearch.files import replace_file
from simsearch.training.lite.graph import graph
from simsearch.training.lite.heads import discriminant, principal, seen_again
from simsearch.training.lite.imagenet import imagenet_network, load_imagenet
from simsearch.training.lite.tune import tune

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pyarrow as pa

__all__ = ["fitted", "imagenet_encoder", "write"]

# Height and width that pictures are squeezed to, and numbers of an embedding.
SIZE, DIMENSION = 160, 512
# Views of each picture that the layers are fitted to, and pictures of the bank.
VIEWS, BANK_SIZE = 8, 384
# Of the tower that tells copies.
STEPS = 120


def imagenet_encoder() -> ImageEncoder:
    """What ImageNet taught, as an encoder that can be trained on.

    Raises:
        MissingDependencyError: the package with the weights is not installed.
    """
    arguments = {"channels": 3, "size": [SIZE, SIZE], "dimension": DIMENSION}
    reading = {"size": [SIZE, SIZE], "channels": 3}
    tower = imagenet_network(load_imagenet(), DIMENSION)
    return ImageEncoder(NETWORK, arguments, reading, tower=tower)


def fitted(encoder: ImageEncoder, items: pa.Table, *, copies: bool, seed: int = 0) -> LiteEncoder:
    """The encoder with a descriptor that is fitted to pictures.

    Args:
        encoder: whose tower it has.
        items: pictures as the encoder reads them.
        copies: to tell copies from all else, with a bank; otherwise to find what is alike.
        seed: of the views.

    Raises:
        TrainingError: there are too few pictures.
    """
    settings, tensors, _ = encoder.state()
    pixels, picture = seen_again(encoder.stack(items), VIEWS, seed)
    features = LiteEncoder(settings, tensors).features(pixels)
    if copies:
        layer = discriminant(features, picture, encoder.dimension)
        chosen = np.linspace(0, len(items) - 1, min(BANK_SIZE, len(items))).astype(np.int64)
        tensors[BANK] = features[chosen] @ layer.weight.T + layer.bias
    else:
        layer = principal(features, encoder.dimension)
    tensors |= {"descriptor.weight": layer.weight, "descriptor.bias": layer.bias}
    return LiteEncoder(settings, tensors)


def write(encoder: LiteEncoder, folder: Path) -> LiteEncoder:
    """Write it with a byte a weight; gives the encoder as written.

    Raises:
        OutputError: it cannot be written.
    """
    settings, tensors, _ = encoder.state()
    made = LiteEncoder(settings, quantised(tensors))
    made.save(folder)
    return made


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command."""
    import pyarrow as pa

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pictures", nargs="+", type=Path)
    parser.add_argument("-o", "--output", type=Path, default=GRAPH_FILE.parent)
    parser.add_argument("--steps", type=int, default=STEPS)
    options = parser.parse_args(arguments)
    encoder = imagenet_encoder()
    items = pa.concat_tables([encoder.read(folder) for folder in options.pictures])
    found = {"lite": fitted(encoder, items, copies=False)}
    tune(encoder.tower, encoder.stack(items), options.steps, tell=_tell)  # type: ignore[arg-type]  # it is a LiteNetwork
    found["lite-copies"] = fitted(encoder, items, copies=True)
    options.output.mkdir(parents=True, exist_ok=True)
    replace_file(options.output / GRAPH_FILE.name, graph())
    for name, each in found.items():
        made = write(each, options.output / name)
        size = sum(path.stat().st_size for path in (options.output / name).iterdir())
        print(f"{name}: {size:,} bytes, {len(items):,} pictures, {made.fingerprint}")


def _tell(step: int, loss: float) -> None:
    print(f"step {step}: loss {loss:.3f}", flush=True)


if __name__ == "__main__":
    main()
