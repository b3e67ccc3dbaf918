"""The encoder of photos that comes with the package, and those that are trained from it."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from PIL import Image, ImageFilter

from simsearch.encoders.image import ImageEncoder
from simsearch.encoders.lite import LiteEncoder
from simsearch.errors import EncoderError
from simsearch.kinds.loading import SHIPPED, load_encoder


@pytest.fixture(scope="module")
def shipped() -> LiteEncoder:
    encoder = load_encoder("lite")
    assert isinstance(encoder, LiteEncoder)
    return encoder


def pictures(rows: int, side: int) -> np.ndarray:
    """Soft shapes in colours, all different."""
    noise = np.random.default_rng(0).integers(0, 256, (rows, 6, 6, 3), dtype=np.uint8)
    grown = [Image.fromarray(each).resize((side, side), Image.Resampling.BICUBIC) for each in noise]
    return np.stack([np.asarray(each) for each in grown])


def as_table(pixels: np.ndarray) -> pa.Table:
    return pa.table({"image": pa.FixedShapeTensorArray.from_numpy_ndarray(pixels)})


def test_the_folder_is_small_and_says_what_it_is(shipped: LiteEncoder) -> None:
    assert sum(path.stat().st_size for path in SHIPPED["lite"].iterdir()) < 6_000_000
    assert shipped.kind == "image"
    assert shipped.reading == {"size": [160, 160], "channels": 3}


def test_the_runtime_computes_what_the_tower_of_torch_does(shipped: LiteEncoder) -> None:
    items = as_table(pictures(3, 160))
    found = shipped.encode(items)
    np.testing.assert_allclose(np.linalg.norm(found, axis=1), 1, rtol=1e-5)
    assert np.abs(found - shipped.trainable().encode(items)).max() < 1e-4


def test_a_copy_is_nearer_than_any_other_picture(shipped: LiteEncoder) -> None:
    before = pictures(6, 160)
    soft = [Image.fromarray(each).filter(ImageFilter.GaussianBlur(1)) for each in before]
    after = np.stack([np.asarray(each.resize((90, 90)).resize((160, 160))) for each in soft])
    scores = shipped.encode(as_table(before)) @ shipped.encode(as_table(after)).T
    assert (scores.argmax(axis=1) == np.arange(6)).all()


def test_saved_with_other_weights_and_loaded(shipped: LiteEncoder, tmp_path: Path) -> None:
    tower = shipped.trainable()
    tower.tower.descriptor.weight.data.mul_(-1)  # type: ignore[operator,union-attr]
    tower.save(tmp_path)
    again = load_encoder(tmp_path)
    assert isinstance(again, LiteEncoder)
    assert again.fingerprint == tower.fingerprint != shipped.fingerprint
    items = as_table(pictures(2, 160))
    np.testing.assert_allclose(again.encode(items), tower.encode(items), atol=1e-4)


def test_weights_that_are_not_of_the_tower(shipped: LiteEncoder, tmp_path: Path) -> None:
    settings, tensors, _ = shipped.trainable().state()
    tensors["blocks.0.0.weight"] = tensors["blocks.0.0.weight"][:, :, :1]
    with pytest.raises(EncoderError, match="the weights do not fit the network lite"):
        LiteEncoder(settings, tensors).encode(as_table(pictures(1, 160)))


def test_pictures_of_another_shape(shipped: LiteEncoder) -> None:
    with pytest.raises(EncoderError, match=r"takes images of \(160, 160, 3\)"):
        shipped.encode(as_table(pictures(1, 80)))
    none = as_table(pictures(1, 160)).slice(0, 0)
    assert shipped.encode(none).shape == (0, shipped.dimension)


def test_torch_is_not_needed() -> None:
    code = (
        "import sys, numpy as np, simsearch\n"
        "encoder = simsearch.load_encoder('lite')\n"
        "encoder.encode(np.zeros((1, 160, 160, 3), np.uint8))\n"
        "print('torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False"]


def test_the_encoder_of_copies_brings_a_bank(shipped: LiteEncoder) -> None:
    copies = load_encoder("lite-copies")
    assert isinstance(copies, LiteEncoder)
    assert copies.bank.shape[1] == copies.dimension
    assert len(copies.bank) > 100
    np.testing.assert_allclose(np.linalg.norm(copies.bank, axis=1), 1, rtol=1e-5)
    assert shipped.bank.shape == (0, shipped.dimension)
    items = as_table(pictures(2, 160))
    assert np.abs(copies.encode(items) - copies.trainable().encode(items)).max() < 1e-4


def test_a_tower_of_torch_is_trained(shipped: LiteEncoder) -> None:
    assert isinstance(shipped.trainable(), ImageEncoder)
