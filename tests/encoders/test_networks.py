"""Towers and the encoders that are made of them."""

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
import torch

from simsearch.distance import Metric
from simsearch.encoders.image import ImageEncoder
from simsearch.encoders.networks import NETWORKS, build, networks_for
from simsearch.encoders.signal import SignalEncoder
from simsearch.encoders.tower import TowerEncoder
from simsearch.encoders.vector import VectorEncoder
from simsearch.errors import EncoderError, OptionError
from simsearch.kinds.loading import load_encoder
from simsearch.training.defaults import trainable

ARGUMENTS: dict[str, dict[str, Any]] = {
    "glyph": {"channels": 1, "size": [20, 24], "dimension": 8, "width": 4},
    "classic": {"channels": 1, "size": [20, 24], "dimension": 8, "width": 4},
    "photo": {"channels": 1, "size": [20, 24], "dimension": 8, "width": 4},
    "lite": {"channels": 3, "size": [20, 24], "dimension": 8},
    "dense": {"width": 5, "dimension": 8, "hidden": 16},
    "wave": {"channels": 2, "dimension": 8, "width": 4},
}


def images(rows: int, shape: tuple[int, int, int] = (20, 24, 1), seed: int = 0) -> pa.Table:
    pixels = np.random.default_rng(seed).integers(0, 256, (rows, *shape), dtype=np.uint8)
    return pa.table({"image": pa.FixedShapeTensorArray.from_numpy_ndarray(pixels)})


def vectors(rows: int, width: int = 5) -> pa.Table:
    values = np.random.default_rng(0).normal(size=(rows, width)).astype(np.float32)
    values[0, 1] = np.nan
    flat = pa.array(values.reshape(-1))
    return pa.table({"vector": pa.FixedSizeListArray.from_arrays(flat, width)})


def signals(rows: int, channels: int = 2) -> pa.Table:
    rng = np.random.default_rng(0)
    made = [rng.normal(size=(30 + 7 * row, channels)).tolist() for row in range(rows)]
    return pa.table({"signal": pa.array(made, pa.list_(pa.list_(pa.float32(), channels)))})


def made(name: str, metric: Metric = Metric.COSINE) -> tuple[TowerEncoder, pa.Table]:
    torch.manual_seed(3)
    kind, arguments = NETWORKS[name][0], ARGUMENTS[name]
    if kind == "image":
        channels = arguments["channels"]
        reading = {"size": [20, 24], "channels": channels}
        return ImageEncoder(name, arguments, reading, metric=metric), images(6, (20, 24, channels))
    if kind == "vector":
        return VectorEncoder(name, arguments, {"width": 5}, metric=metric), vectors(6)
    reading = {"sample_rate": None, "channels": 2}
    return SignalEncoder(name, arguments, reading, metric=metric), signals(6)


@pytest.mark.parametrize("name", NETWORKS)
def test_embeddings(name: str) -> None:
    encoder, items = made(name)
    encoder.learn_scale(encoder.stack(items))
    found = encoder.encode(items)
    assert found.shape == (6, 8)
    assert found.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(found, axis=1), 1, rtol=1e-5)


@pytest.mark.parametrize("name", NETWORKS)
def test_an_item_alone_is_what_it_is_among_others(name: str) -> None:
    """One tower, the same for both sides of a pair, in any order and company."""
    encoder, items = made(name)
    whole = encoder.encode(items)
    alone = np.concatenate([encoder.encode(items.slice(row, 1)) for row in range(6)])
    backwards = encoder.encode(items.take(list(range(5, -1, -1))))[::-1]
    np.testing.assert_allclose(alone, whole, atol=1e-5)
    np.testing.assert_allclose(backwards, whole, atol=1e-5)


@pytest.mark.parametrize("name", NETWORKS)
@pytest.mark.parametrize("metric", [Metric.COSINE, Metric.EUCLIDEAN])
def test_saved_and_loaded(name: str, metric: Metric, tmp_path: Path) -> None:
    encoder, items = made(name, metric)
    encoder.learn_scale(encoder.stack(items))
    encoder.save(tmp_path / "encoder")
    loaded = trainable(load_encoder(tmp_path / "encoder"))
    assert isinstance(loaded, TowerEncoder)
    assert loaded.fingerprint == encoder.fingerprint
    assert (loaded.metric, loaded.reading) == (metric, encoder.reading)
    np.testing.assert_array_equal(loaded.encode(items), encoder.encode(items))


@pytest.mark.parametrize("name", NETWORKS)
def test_every_parameter_learns(name: str) -> None:
    encoder, items = made(name)
    encoder.tower.train()
    batch = encoder.as_input(encoder.stack(items).take(range(6)))
    encoder.tower(*batch).square().sum().backward()
    for parameter in encoder.tower.parameters():
        assert parameter.grad is not None


@pytest.mark.parametrize("name", NETWORKS)
def test_nothing_to_embed(name: str) -> None:
    encoder, items = made(name)
    assert encoder.encode(items.slice(0, 0)).shape == (0, 8)


def test_padding_changes_nothing() -> None:
    encoder, _ = made("wave")
    signal = torch.randn(1, 2, 40)
    longer = torch.cat([signal, torch.zeros(1, 2, 60)], dim=2)
    encoder.tower.eval()
    lengths = torch.tensor([40])
    torch.testing.assert_close(encoder.tower(signal, lengths), encoder.tower(longer, lengths))


def test_the_scale_is_learned_from_what_is_known() -> None:
    encoder, items = made("dense")
    encoder.learn_scale(encoder.stack(items))
    values = np.stack(items["vector"].to_numpy())
    scale: Any = encoder.tower.standardise
    np.testing.assert_allclose(scale.mean, np.nanmean(values, axis=0), rtol=1e-4)
    np.testing.assert_allclose(scale.deviation, np.nanstd(values, axis=0), rtol=1e-4)


def test_images_of_another_shape() -> None:
    encoder, _ = made("glyph")
    with pytest.raises(EncoderError, match=r"takes images of \(20, 24, 1\)"):
        encoder.encode(images(2, (20, 20, 1)))


def test_weights_of_another_network(tmp_path: Path) -> None:
    encoder, _ = made("glyph")
    encoder.arguments["width"] = 6
    encoder.save(tmp_path / "encoder")
    with pytest.raises(EncoderError, match="do not fit the network"):
        load_encoder(tmp_path / "encoder")


def test_networks_are_known_by_kind() -> None:
    assert networks_for("image") == ["glyph", "classic", "photo", "lite"]
    with pytest.raises(OptionError, match="there is no network 'none'"):
        build("none", {})
    with pytest.raises(OptionError, match="no network for images"):
        ImageEncoder("dense", ARGUMENTS["dense"], {})
