"""Engines that compute an exported model: onnxruntime, and OpenVINO where it is installed."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Protocol

from simsearch.encoders.text.runtime.export import MASK, TOKENS
from simsearch.threads import threads

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import numpy as np
    import numpy.typing as npt
    from sentence_transformers import SentenceTransformer

    from simsearch.encoders.text.runtime.tokens import TokenBatch

    Floats = npt.NDArray[np.float32]

__all__ = [
    "BatchEngine",
    "OnnxRuntimeEngine",
    "OpenVinoEngine",
    "TorchEngine",
    "has_openvino",
    "openvino",
]

# What a process that imports OpenVINO would tell its makers, see `openvino`.
_TELEMETRY = "openvino_telemetry"


class BatchEngine(Protocol):
    """What computes a batch."""

    def compute(self, batch: TokenBatch) -> Floats:
        """float32 (b, dimension)."""


class OnnxRuntimeEngine:
    """A graph in float32 by onnxruntime.

    Args:
        graph: the ONNX file.
    """

    def __init__(self, graph: Path) -> None:
        from onnxruntime import InferenceSession, SessionOptions

        options = SessionOptions()
        options.intra_op_num_threads = threads()
        options.log_severity_level = 3
        # Threads that wait would hold the cores that others need.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self._session = InferenceSession(str(graph), options, providers=["CPUExecutionProvider"])

    def compute(self, batch: TokenBatch) -> Floats:
        """See `BatchEngine`."""
        import numpy as np

        (found,) = self._session.run(None, {TOKENS: batch.tokens, MASK: batch.mask})
        return np.asarray(found, np.float32)


class OpenVinoEngine:
    """A graph by OpenVINO.

    Args:
        graph: an ONNX file, or OpenVINO's own.
        precise: in float32; else in what the CPU computes quickly, such as bfloat16.
    """

    def __init__(self, graph: Path, *, precise: bool) -> None:
        options: dict[str, Any] = {"INFERENCE_NUM_THREADS": threads(), "NUM_STREAMS": 1}
        if precise:
            options["INFERENCE_PRECISION_HINT"] = "f32"
        compiled = openvino().Core().compile_model(str(graph), "CPU", options)
        self._request = compiled.create_infer_request()

    def compute(self, batch: TokenBatch) -> Floats:
        """See `BatchEngine`."""
        import numpy as np

        found = self._request.infer({TOKENS: batch.tokens, MASK: batch.mask})[0]
        return np.array(found, np.float32)  # a copy: the next batch is written over it


class TorchEngine:
    """A model by torch, from token numbers on.

    Args:
        model: on the CPU.
        bfloat16: multiply in bfloat16.
    """

    def __init__(self, model: SentenceTransformer, *, bfloat16: bool = False) -> None:
        self._model = model.eval()
        self._bfloat16 = bfloat16

    def compute(self, batch: TokenBatch) -> Floats:
        """See `BatchEngine`."""
        import torch

        given = {TOKENS: torch.from_numpy(batch.tokens), MASK: torch.from_numpy(batch.mask)}
        with (
            torch.inference_mode(),
            torch.autocast("cpu", torch.bfloat16, enabled=self._bfloat16),
        ):
            found: Floats = self._model(given)["sentence_embedding"].float().numpy()
        return found


def has_openvino() -> bool:
    """Whether OpenVINO is installed."""
    return find_spec("openvino") is not None


def openvino() -> Any:
    """The package OpenVINO, imported so that it reports to nobody.

    When it is imported it sends a note of that over the network and writes files into the home
    folder, unless the package that does so cannot be imported.
    """
    with _silenced():
        import openvino as package

    return package


@contextmanager
def _silenced() -> Iterator[None]:
    """A context in which the package of the reports seems not to be there."""
    there = _TELEMETRY in sys.modules
    if not there:
        sys.modules[_TELEMETRY] = None  # type: ignore[assignment]  # so says the import system
    try:
        yield
    finally:
        if not there:
            sys.modules.pop(_TELEMETRY, None)
