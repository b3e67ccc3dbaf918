"""A run on disk: one safetensors file with everything that the next step depends on.

Tensors are stored as they are, the rest as JSON in the file's header; nothing is pickled. The
file is written beside and renamed, so a killed run leaves the checkpoint before.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import torch

from simsearch.errors import OutputError, TrainingError
from simsearch.files import replace_file

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from torch import Tensor

__all__ = ["Checkpoint", "load_checkpoint", "optimizer_tensors", "restore_optimizer"]

FILE = "checkpoint.safetensors"
_STATE = "state"


class Checkpoint:
    """What a run is at a step.

    Args:
        tensors: by name: weights, averages, optimizer, random states.
        state: JSON: the step, the sampler, the log so far.
    """

    def __init__(self, tensors: Mapping[str, Tensor], state: Mapping[str, Any]) -> None:
        self.tensors = dict(tensors)
        self.state = dict(state)

    def part(self, prefix: str) -> dict[str, Tensor]:
        """The tensors whose names begin so, without the beginning."""
        return {
            name.removeprefix(prefix): tensor
            for name, tensor in self.tensors.items()
            if name.startswith(prefix)
        }

    def save(self, folder: Path) -> None:
        """Write it into a folder, in the place of the one before.

        Raises:
            OutputError: it cannot be written.
        """
        from safetensors.torch import save

        tensors = {
            name: tensor.detach().cpu().contiguous() for name, tensor in self.tensors.items()
        }
        # Tensors that share memory cannot be saved: each is stored as its own.
        content = save(
            {name: tensor.clone() for name, tensor in tensors.items()},
            metadata={_STATE: json.dumps(self.state)},
        )
        try:
            folder.mkdir(parents=True, exist_ok=True)
            replace_file(folder / FILE, content)
        except OSError as error:
            raise OutputError(f"cannot write a checkpoint to {folder}: {error.strerror}") from None


def load_checkpoint(folder: Path) -> Checkpoint | None:
    """The checkpoint in a folder; None when there is none.

    Raises:
        TrainingError: it cannot be read.
    """
    from safetensors import SafetensorError, safe_open

    path = folder / FILE
    if not path.exists():
        return None
    try:
        with safe_open(path, framework="pt") as file:
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118  its own
            state = json.loads(file.metadata()[_STATE])
    except (OSError, SafetensorError, TypeError, KeyError, ValueError) as error:
        raise TrainingError(
            f"{path} cannot be gone on from ({error}); delete it to begin anew"
        ) from None
    return Checkpoint(tensors, state)


def optimizer_tensors(optimizer: torch.optim.Optimizer) -> dict[str, Tensor]:
    """The state of AdamW as `place.name` tensors, in the order of its parameters."""
    state = optimizer.state_dict()["state"]
    return {
        f"{place}.{name}": torch.as_tensor(value)
        for place, values in state.items()
        for name, value in values.items()
    }


def restore_optimizer(optimizer: torch.optim.Optimizer, tensors: Mapping[str, Tensor]) -> None:
    """Put back what `optimizer_tensors` gave."""
    parameters = [each for group in optimizer.param_groups for each in group["params"]]
    state: dict[int, dict[str, Tensor]] = {}
    for key, tensor in tensors.items():
        place, name = key.split(".", 1)
        like = parameters[int(place)]
        # In the layout of the weights: the fused step goes through memory, not through indices.
        laid = torch.empty_like(like).copy_(tensor) if tensor.shape == like.shape else tensor
        state.setdefault(int(place), {})[name] = laid
    groups = optimizer.state_dict()["param_groups"]
    optimizer.load_state_dict({"state": state, "param_groups": groups})
