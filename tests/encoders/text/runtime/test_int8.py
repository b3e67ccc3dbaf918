"""A graph in int8 gives about what it gave."""

from pathlib import Path

import numpy as np
import pytest

from simsearch.encoders.text.runtime.engines import (
    OnnxRuntimeEngine,
    OpenVinoEngine,
    has_openvino,
)
from simsearch.encoders.text.runtime.export import export
from simsearch.encoders.text.runtime.int8 import write_int8
from simsearch.encoders.text.runtime.tokens import TokenReading
from simsearch.encoders.text.transformer import load_model
from tests.training.text.made_text import sentences, tiny_transformer


@pytest.mark.skipif(not has_openvino(), reason="OpenVINO is not installed")
def test_layers_are_in_int8_and_err_little(tmp_path: Path) -> None:
    model = load_model(tiny_transformer(tmp_path / "tiny"), "cpu")
    reading = TokenReading.of_model(model)
    assert reading is not None
    texts = sentences()[0]
    (batch,) = reading.batches(texts[:40])
    export(model, batch, tmp_path / "graph.onnx")
    write_int8(
        tmp_path / "graph.onnx",
        [each for text in texts[:40] for each in reading.batches([text])],
        tmp_path / "int8.xml",
    )
    assert (tmp_path / "int8.xml").read_text("utf-8").count('type="FakeQuantize"') >= 10
    right = OnnxRuntimeEngine(tmp_path / "graph.onnx").compute(batch)
    found = OpenVinoEngine(tmp_path / "int8.xml", precise=False).compute(batch)
    lengths = np.linalg.norm(right, axis=1) * np.linalg.norm(found, axis=1)
    assert ((right * found).sum(axis=1) > 0.99 * lengths).all()
    assert not np.allclose(right, found, atol=1e-4)
