"""Writing the encoder that is shipped."""

from pathlib import Path

import numpy as np

from simsearch.encoders.lite import GRAPH_FILE, LiteEncoder
from simsearch.kinds.loading import load_encoder
from simsearch.training.lite.graph import graph
from simsearch.training.lite.make import imagenet_encoder, write


def test_the_graph_that_is_shipped_is_the_one_that_is_written() -> None:
    assert GRAPH_FILE.read_bytes() == graph()


def test_what_is_written_is_near_to_what_was_trained(tmp_path: Path) -> None:
    trained = imagenet_encoder()
    made = write(trained, tmp_path)
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) < 6_000_000
    loaded = load_encoder(tmp_path)
    assert isinstance(loaded, LiteEncoder)
    assert loaded.fingerprint == made.fingerprint
    pixels = np.random.default_rng(0).integers(0, 256, (4, 160, 160, 3), dtype=np.uint8)
    assert (loaded.encode(pixels) * trained.encode(pixels)).sum(axis=1).min() > 0.99
