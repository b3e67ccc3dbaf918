"""LiteEncoder: photos as embeddings by the lite tower, run by onnxruntime: torch is not needed.

The graph comes with the package and is the same for all (`training/lite/graph.py` writes it);
weights are in the folder of the encoder, so that the one that is shipped and those that are trained
from it run alike. `trainable` gives the same encoder as a tower of torch.
"""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Self

from simsearch.distance import Metric
from simsearch.encoders.encoder import Encoder
from simsearch.encoders.image import ImageEncoder, pixels_of, read_pictures
from simsearch.encoders.networks.lite_plan import FEATURES
from simsearch.encoders.quantised import dequantised
from simsearch.encoders.store import EncoderState
from simsearch.errors import EncoderError
from simsearch.threads import threads

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    import numpy.typing as npt
    import pyarrow as pa

    Floats = npt.NDArray[np.float32]
    Tensors = Mapping[str, npt.NDArray[Any]]

__all__ = ["BANK", "GRAPH_FILE", "NETWORK", "LiteEncoder"]

NETWORK = "lite"
# Embeddings of pictures of many sorts, which an encoder may bring beside its tower.
BANK = "bank"
# The graph of the tower, beside the folders of the encoders that come with the package.
GRAPH_FILE = Path(__file__).parent / "shipped" / "lite.onnx"
# Pictures that go through the tower at once: more only take more memory.
_AT_ONCE = 16


class LiteEncoder(Encoder):
    """Photos in, embeddings out.

    Args:
        settings: those of an `ImageEncoder` whose network is `lite`.
        tensors: its weights by their names, float32 or quantised.
    """

    kind: ClassVar[str] = "image"

    def __init__(self, settings: Mapping[str, Any], tensors: Tensors) -> None:
        self._settings = dict(settings)
        self._tensors = dict(tensors)
        self.reading = settings["reading"]
        self.metric = Metric(settings["metric"])
        self.dimension = int(settings["arguments"]["dimension"])
        self.dims = tuple(settings["dims"])
        self.compatible_with = tuple(settings.get("compatible_with", ()))

    @classmethod
    def from_state(
        cls,
        settings: Mapping[str, Any],
        tensors: Tensors,
        files: Mapping[str, bytes] | None = None,  # noqa: ARG003  other kinds keep files
    ) -> Self:
        """The encoder of what `save` wrote."""
        return cls(settings, tensors)

    def encode_table(self, items: pa.Table) -> Floats:
        """Embed pictures; nothing is learned or changed.

        Args:
            items: n rows with a column `image`, see `ItemBatch`.

        Returns:
            float32 (n, dimension), of unit length where the metric is cosine.

        Raises:
            EncoderError: the pictures are not of the shape that the encoder takes, or its weights
                are not those of the tower.
        """
        weight, bias = (self._weights[f"descriptor.{name}"] for name in ("weight", "bias"))
        out: Floats = self.features(pixels_of(items, self.reading)) @ weight.T + bias
        return self.metric.prepare(out) if self.metric is Metric.COSINE else out

    @property
    def bank(self) -> Floats:
        """(b, dimension) embeddings of pictures of many sorts; of none where it brings none."""
        import numpy as np

        found = self._weights.get(BANK)
        return (
            np.empty((0, self.dimension), np.float32)
            if found is None
            else self.metric.prepare(found)
        )

    def features(self, pixels: npt.NDArray[np.uint8]) -> Floats:
        """What the tower sees of (n, height, width, 3) pictures, pooled: float32 (n, 1280)."""
        import numpy as np

        out = np.empty((len(pixels), FEATURES), np.float32)
        for start in range(0, len(pixels), _AT_ONCE):
            part = slice(start, start + _AT_ONCE)
            out[part] = self._session.run(None, {"pictures": pixels[part]})[0]
        return out

    def read(self, items: Any) -> pa.Table:
        """See `Encoder`: a list of paths, a folder, a zip, or an array of pictures."""
        return read_pictures(items, self.reading)

    def state(self) -> EncoderState:
        """See `Encoder`."""
        return EncoderState(dict(self._settings), dict(self._tensors))

    def trainable(self) -> ImageEncoder:
        """The same as a tower of torch, to be trained on; its weights are float32.

        Raises:
            EncoderError: the tensors are not those of such a tower.
        """
        own = {name: each for name, each in self._weights.items() if name != BANK}
        return ImageEncoder.from_state(self._settings, own)

    @cached_property
    def _weights(self) -> dict[str, Floats]:
        return dequantised(self._tensors)

    @cached_property
    def _session(self) -> Any:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads()
        # Threads that have nothing to do sleep, see `threads`.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        options.log_severity_level = 4
        after = ("descriptor", BANK)  # what comes after the features
        given = {n: each for n, each in self._weights.items() if n.split(".")[0] not in after}
        # They lie in NumPy's memory, which lasts as long as the encoder.
        values = [onnxruntime.OrtValue.ortvalue_from_numpy(each) for each in given.values()]
        options.add_external_initializers(list(given), values)
        try:
            return onnxruntime.InferenceSession(
                GRAPH_FILE.read_bytes(), options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:  # its own exceptions have no common class
            text = " ".join(str(error).split())
            raise EncoderError(f"the weights do not fit the network lite: {text:.300}") from None
