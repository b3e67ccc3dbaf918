"""An encoder that is a tower of torch layers: one tower, with the same weights for both sides.

What kinds have in common stands here; a kind adds how its items become tensors.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, ClassVar, Self

from simsearch.distance import Metric
from simsearch.encoders.encoder import Encoder
from simsearch.encoders.networks import NETWORKS, build
from simsearch.encoders.store import EncoderState, fingerprint_of
from simsearch.errors import EncoderError, OptionError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import numpy as np
    import numpy.typing as npt
    import pyarrow as pa
    import torch
    from torch import nn

    Floats = npt.NDArray[np.float32]
    Batch = tuple[torch.Tensor, ...]

__all__ = ["Stack", "TowerEncoder"]

# Numbers that go into the tower at once: 16 MB of float32, whose maps take several times that.
_BATCH_NUMBERS = 1 << 22
_BATCH_ITEMS = 1_024


class Stack(ABC):
    """Items in memory as a tower wants them, to be taken in any order."""

    @abstractmethod
    def __len__(self) -> int:
        """How many items."""

    @abstractmethod
    def take(self, rows: Sequence[int] | npt.NDArray[np.int64]) -> Batch:
        """What the tower's forward takes, for some of the items.

        Pictures are uint8 still; `TowerEncoder.as_input` makes floats of them.
        """

    @property
    @abstractmethod
    def numbers(self) -> int:
        """About how many numbers an item has."""


class TowerEncoder(Encoder):
    """Items in, embeddings out, by one tower.

    Attributes:
        channels_last: whether its tower may be laid out with channels last, as convolutions over
            pictures are fast.

    Args:
        network: the name of the tower, see `networks`.
        arguments: what it was built with.
        reading: how items are to be read for it, see `Encoder`.
        metric: how its embeddings are compared; rows are of unit length where it is cosine.
        tower: with its weights; None builds one with random weights.
        dims: shorter lengths that the embedding may be cut to, which it was trained for.
        compatible_with: fingerprints of encoders in whose indexes its embeddings can ask.
    """

    channels_last: ClassVar[bool] = False

    def __init__(
        self,
        network: str,
        arguments: Mapping[str, Any],
        reading: Mapping[str, Any],
        *,
        metric: Metric = Metric.COSINE,
        tower: nn.Module | None = None,
        dims: Sequence[int] = (),
        compatible_with: Sequence[str] = (),
    ) -> None:
        if NETWORKS.get(network, ("",))[0] != self.kind:
            raise OptionError(f"{network!r} is no network for {self.kind}s")
        self.network = network
        self.arguments = dict(arguments)
        self.dimension = int(self.arguments["dimension"])
        self.reading = dict(reading)
        self.metric = metric
        self.dims = tuple(dims)
        self.compatible_with = tuple(compatible_with)
        self.tower = build(network, self.arguments) if tower is None else tower

    @classmethod
    def from_state(
        cls,
        settings: Mapping[str, Any],
        tensors: Mapping[str, npt.NDArray[Any]],
        files: Mapping[str, bytes] | None = None,  # noqa: ARG003  other kinds keep files
    ) -> Self:
        """The encoder of what `save` wrote.

        Raises:
            EncoderError: the tensors are not those of such a tower.
        """
        import torch

        encoder = cls(
            settings["network"],
            settings["arguments"],
            settings["reading"],
            metric=Metric(settings["metric"]),
            dims=settings["dims"],
            compatible_with=settings.get("compatible_with", ()),
        )
        # Copied: what safetensors gives may lie in a buffer that must not be written to.
        weights = {name: torch.from_numpy(value.copy()) for name, value in tensors.items()}
        try:
            encoder.tower.load_state_dict(weights)
        except RuntimeError as error:
            text = " ".join(str(error).split())
            raise EncoderError(f"the weights do not fit the network: {text:.300}") from None
        return encoder

    @property
    def fingerprint(self) -> str:
        """Content id (hex SHA-256) of everything that shapes an embedding; of the weights now."""
        return fingerprint_of(self.kind, *self.state())

    def encode_table(self, items: pa.Table) -> Floats:
        """Embed items; nothing is learned or changed.

        Args:
            items: n rows with a column of the kind's name; see `ItemBatch`.

        Returns:
            float32 (n, dimension), of unit length where the metric is cosine.

        Raises:
            EncoderError: the items are not of the shape that the tower takes.
        """
        return self.embed(self.stack(items))

    def embed(
        self,
        stack: Stack,
        rows: npt.NDArray[np.int64] | None = None,
        see: Callable[[Batch], Batch] | None = None,
    ) -> Floats:
        """Embed items that are in memory.

        Args:
            stack: of them.
            rows: (m,) which; None for all.
            see: makes what the tower takes of a batch of the stack; None: as it is.

        Returns:
            float32 (m, dimension).
        """
        import numpy as np
        import torch

        chosen = np.arange(len(stack)) if rows is None else rows
        out = np.empty((len(chosen), self.dimension), np.float32)
        step = max(1, min(_BATCH_ITEMS, _BATCH_NUMBERS // max(1, stack.numbers)))
        device = self._device
        self.tower.eval()
        with torch.inference_mode():
            for start in range(0, len(chosen), step):
                part = slice(start, start + step)
                taken = tuple(each.to(device) for each in stack.take(chosen[part]))
                batch = self.as_input(taken) if see is None else see(taken)
                out[part] = self.comparable(self.tower(*batch)).float().cpu().numpy()
        return out

    def comparable(self, embeddings: torch.Tensor) -> torch.Tensor:
        """(n, dimension) of the tower as they are compared: of unit length for cosine."""
        from torch.nn import functional

        if self.metric is not Metric.COSINE:
            return embeddings
        return functional.normalize(embeddings.float(), dim=1)

    @abstractmethod
    def stack(self, items: pa.Table) -> Stack:
        """Items as tensors in memory.

        Raises:
            EncoderError: the items are not of the shape that the tower takes.
        """

    def as_input(self, batch: Batch) -> Batch:
        """A batch of a stack as the tower's forward takes it."""
        return batch

    def learn_scale(self, stack: Stack) -> None:
        """Take the mean and deviation of each channel from (a sample of) items, before training."""
        import numpy as np
        import torch

        count = min(len(stack), 10_000)
        rows = np.linspace(0, len(stack) - 1, count).astype(np.int64)
        total: Any = 0.0
        square: Any = 0.0
        seen: Any = 0.0
        for part in np.array_split(rows, max(1, count // 500)):
            values, known = self._for_scale(self.as_input(stack.take(part)))
            axes = [axis for axis in range(values.ndim) if axis != 1]
            total = total + torch.where(known, values, 0.0).double().sum(axes)
            square = square + torch.where(known, values, 0.0).double().square().sum(axes)
            seen = seen + known.double().sum(axes)
        mean = total / seen.clamp(min=1)
        deviation = (square / seen.clamp(min=1) - mean.square()).clamp(min=0).sqrt()
        scale: Any = self.tower.standardise
        scale.set(mean.float(), deviation.float())

    def _for_scale(self, batch: Batch) -> tuple[torch.Tensor, torch.Tensor]:
        """Values with channels in dimension 1, and which of them are known."""
        values = batch[0]
        return values, ~values.isnan()

    @property
    def _device(self) -> torch.device:
        return next(self.tower.parameters()).device

    def state(self) -> EncoderState:
        """See `Encoder`; the weights as they are now."""
        settings = {
            "network": self.network,
            "arguments": self.arguments,
            "reading": self.reading,
            "metric": self.metric.value,
            "dims": list(self.dims),
        }
        if self.compatible_with:  # encoders without keep the fingerprint that they had
            settings["compatible_with"] = list(self.compatible_with)
        weights = self.tower.state_dict().items()
        tensors = {name: value.detach().cpu().contiguous().numpy() for name, value in weights}
        return EncoderState(settings, tensors)
