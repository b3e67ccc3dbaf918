"""Write the encoder of photos that is shipped: `python -m simsearch.training.lite.make FOLDER`."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from simsearch.encoders.image import ImageEncoder
from simsearch.encoders.lite import GRAPH_FILE, NETWORK, SHIPPED, LiteEncoder
from simsearch.encoders.quantised import quantised
from simsearch.files import replace_file
from simsearch.training.lite.graph import graph
from simsearch.training.lite.imagenet import imagenet_network, load_imagenet

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["imagenet_encoder", "write"]

# Height and width that pictures are squeezed to, and numbers of an embedding.
SIZE, DIMENSION = 160, 512


def imagenet_encoder() -> ImageEncoder:
    """What ImageNet taught, as an encoder that can be trained on.

    Raises:
        MissingDependencyError: the package with the weights is not installed.
    """
    arguments = {"channels": 3, "size": [SIZE, SIZE], "dimension": DIMENSION}
    reading = {"size": [SIZE, SIZE], "channels": 3}
    tower = imagenet_network(load_imagenet(), DIMENSION)
    return ImageEncoder(NETWORK, arguments, reading, tower=tower)


def write(encoder: ImageEncoder, folder: Path) -> LiteEncoder:
    """Write it with a byte a weight, and the graph beside it; gives the encoder as written.

    Raises:
        OutputError: it cannot be written.
    """
    settings, tensors = encoder.state()
    made = LiteEncoder(settings, quantised(tensors))
    made.save(folder)
    replace_file(folder / GRAPH_FILE.name, graph())
    return made


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=SHIPPED)
    folder = parser.parse_args(arguments).folder
    made = write(imagenet_encoder(), folder)
    size = sum(path.stat().st_size for path in folder.iterdir())
    print(f"{folder}: {size:,} bytes, {made.fingerprint}")


if __name__ == "__main__":
    main()
