"""The model card, the network in words, and the training log, saved beside the weights."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from simsearch.errors import OutputError
from simsearch.evaluation.figures import figure_rows
from simsearch.files import replace_file
from simsearch.records.encoder.encoder import RecordEncoder

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from torch import nn

    from simsearch.encoders.text.encoder import TextEncoder
    from simsearch.encoders.tower import TowerEncoder
    from simsearch.training.progress import Progress
    from simsearch.training.result import TrainingResult

__all__ = ["model_card", "network_of", "summary", "write_records"]

_LOG = ("step", "seconds", "loss", "validation", "items_per_second")


def write_records(folder: Path, made: TrainingResult) -> None:
    """Write MODEL_CARD.md and training.csv into an encoder folder.

    Raises:
        OutputError: they cannot be written.
    """
    for name, text in (("MODEL_CARD.md", model_card(made)), ("training.csv", _log(made.log))):
        try:
            replace_file(folder / name, text.encode())
        except OSError as error:
            raise OutputError(f"cannot write {folder / name}: {error.strerror}") from None


def model_card(made: TrainingResult) -> str:
    """The model card in Markdown: the encoder, its training data and its figures."""
    encoder, trained = made.encoder, made.trained
    dims = encoder.dims
    lines = [
        f"# Encoder of {encoder.kind}s",
        "",
        f"Made {datetime.now(UTC):%Y-%m-%d} by simsearch from {made.examples.name}; fingerprint "
        f"`{encoder.fingerprint}`.",
        "",
        f"- Embedding: {encoder.dimension} numbers, compared by {encoder.metric}"
        + (f"; may be cut to {', '.join(map(str, dims))}" if dims else ""),
        f"- Learned from {len(made.split.train):,} {_learned_from(made)} by the loss {made.loss} "
        f"({made.form}): "
        f"{trained.steps:,} steps, {trained.seconds:.0f} s, {trained.arithmetic}",
        f"- Kept back: {made.split.rule}",
        *(f"- Warning: {warning}" for warning in made.warnings),
        "",
        "## Figures of items that were kept back",
        "",
        *_figures(made),
        "",
        "The accuracy is by thresholds of other pairs. In brackets: 95 % intervals. What is unlike "
        "anything in the source is embedded too, and then the figures say nothing.",
        "",
        "## Network",
        "",
        "```",
        network_of(encoder),
        "```",
    ]
    return "\n".join(lines) + "\n"


def _learned_from(made: TrainingResult) -> str:
    return made.form if made.split.of_tuples else "items"


def network_of(encoder: TowerEncoder | TextEncoder | RecordEncoder) -> str:
    """What an encoder is made of, in lines: layers, or the fields that it compares."""
    if isinstance(encoder, RecordEncoder):
        found = encoder.projection
        shape = "none" if found is None else " x ".join(map(str, found.shape))
        lines = [f"{'field':<40}{'weight in nats':>16}"]
        lines += [f"{field.name:<40}{field.weight:>16.3f}" for field in encoder.fields]
        return "\n".join([*lines, f"projection: {shape}"])
    return summary(encoder.tower)


def summary(tower: nn.Module) -> str:
    """Layers with the shapes of their weights and the number of their parameters."""
    lines = [f"{'layer':<40}{'type':<22}{'weights':<22}{'parameters':>12}"]
    total = 0
    for name, layer in tower.named_modules():
        own = list(layer.parameters(recurse=False))
        if not own:
            continue
        count = sum(each.numel() for each in own)
        total += count
        shape = " x ".join(map(str, own[0].shape)) or "1"
        lines.append(f"{name:<40}{type(layer).__name__:<22}{shape:<22}{count:>12,}")
    lines.append(f"{'in all':<84}{total:>12,}")
    return "\n".join(lines)


def _figures(made: TrainingResult) -> list[str]:
    found = made.measured.evaluations
    if not found:
        return list(made.measured.notes)
    head, *rows = figure_rows(found)
    lines = [head, ["---"] * len(head), *rows]
    return [f"| {' | '.join(cells)} |" for cells in lines]


def _log(log: Sequence[Progress]) -> str:
    """A line for each time that progress was reported."""
    text = io.StringIO()
    parts = sorted({length for each in log for length in each.parts}, reverse=True)
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([*_LOG, *(f"loss_{length}" for length in parts)])
    for each in log:
        own = [getattr(each, name) for name in _LOG]
        row = ["" if value is None else value for value in own]
        writer.writerow([*row, *(each.parts.get(length, "") for length in parts)])
    return text.getvalue()
