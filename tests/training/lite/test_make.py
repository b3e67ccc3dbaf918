"""Writing the encoders that are shipped."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from simsearch.encoders.lite import GRAPH_FILE, LiteEncoder
from simsearch.errors import TrainingError
from simsearch.kinds.loading import load_encoder
from simsearch.training.lite.graph import graph
from simsearch.training.lite.make import fitted, imagenet_encoder, write


def pictures(count: int) -> pa.Table:
    small = np.random.default_rng(0).integers(0, 256, (count, 8, 8, 3), dtype=np.uint8)
    pixels = small.repeat(20, axis=1).repeat(20, axis=2)
    return pa.table({"image": pa.FixedShapeTensorArray.from_numpy_ndarray(pixels)})


def test_the_graph_that_is_shipped_is_the_one_that_is_written() -> None:
    assert GRAPH_FILE.read_bytes() == graph()


def test_what_is_written_is_near_to_what_was_trained(tmp_path: Path) -> None:
    trained = imagenet_encoder()
    made = write(LiteEncoder(*trained.state()[:2]), tmp_path)
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) < 6_000_000
    loaded = load_encoder(tmp_path)
    assert isinstance(loaded, LiteEncoder)
    assert loaded.fingerprint == made.fingerprint
    items = pictures(3)
    assert (loaded.encode(items) * trained.encode(items)).sum(axis=1).min() > 0.99


def test_too_few_pictures_to_fit_a_descriptor_to() -> None:
    with pytest.raises(TrainingError, match="18 views do not show 512 directions"):
        fitted(imagenet_encoder(), pictures(2), copies=False)
