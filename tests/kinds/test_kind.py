"""What the rows of the table of kinds say."""

from typing import Any

import numpy as np
import pytest
import torch

from simsearch.encoders.networks import networks_for
from simsearch.kinds.registry import kind_named
from simsearch.training.defaults import augment_for, new_encoder

RNG = np.random.default_rng(0)
SOURCES: dict[str, tuple[Any, dict[str, Any]]] = {
    "record": ([{"name": name, "city": "Ulm"} for name in "abcdefgh"], {}),
    "text": (["red car", "blue car", "red house", "green tree", "blue sea"], {}),
    "image": (RNG.integers(0, 255, (5, 8, 8), dtype=np.uint8), {"size": (8, 8), "channels": 1}),
    "vector": (RNG.normal(size=(5, 3)), {"width": 3}),
    "signal": (RNG.normal(size=(5, 90, 1)), {"sample_rate": None, "channels": 1}),
}


@pytest.mark.parametrize("name", SOURCES)
def test_a_baseline_needs_no_training(name: str) -> None:
    source, reading = SOURCES[name]
    kind = kind_named(name)
    items = next(iter(kind.open(source, reading, {}).batches(99))).items
    assert kind.baseline is not None
    found = kind.baseline.embed(items)
    assert (len(found), found.dtype) == (items.num_rows, np.float32)
    np.testing.assert_allclose(np.linalg.norm(found, axis=1), 1, atol=1e-5)


@pytest.mark.parametrize("name", ["image", "vector", "signal"])
def test_a_tower_is_chosen_and_its_items_are_seen_again(name: str) -> None:
    source, reading = SOURCES[name]
    kind = kind_named(name)
    assert kind.learning is not None
    assert kind.learning.network(reading) in networks_for(name)
    encoder = new_encoder(name, reading)
    items = next(iter(kind.open(source, reading, {}).batches(99))).items
    assert encoder.encode(items).shape == (5, encoder.dimension)
    batch = encoder.stack(items).take([0, 1, 2])
    seen = augment_for(encoder)(batch, torch.Generator().manual_seed(0))
    assert [part.shape for part in seen] == [part.shape for part in batch]
    assert not torch.equal(seen[0], batch[0])


@pytest.mark.parametrize("name", SOURCES)
def test_equal_items_have_equal_keys(name: str) -> None:
    source, reading = SOURCES[name]
    kind = kind_named(name)
    again = (
        np.concatenate([source, source[:1]]) if hasattr(source, "shape") else source + source[:1]
    )
    keys = kind.keys(next(iter(kind.open(again, reading, {}).batches(99))))
    if name == "record":  # rows of a table are compared by their columns
        assert set(keys) == {None}
    else:
        assert keys[0] == keys[-1]
        assert len(set(keys)) == len(keys) - 1
