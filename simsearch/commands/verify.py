"""`simsearch verify`: are these two the same thing?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from simsearch.commands.options import threads_option
from simsearch.errors import QueryError

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["command"]


@click.command(short_help="Say whether two items are the same thing.")
@click.argument("encoder", type=click.Path(path_type=Path))
@click.argument("left", metavar="A")
@click.argument("right", metavar="B")
@click.option(
    "--threshold",
    default="accuracy",
    show_default=True,
    metavar="NAME",
    help="accuracy, eer, far_0.01, far_0.001, or a score.",
)
@threads_option()
def command(encoder: Path, left: str, right: str, threshold: str) -> None:
    """Compare A with B by a trained ENCODER.

    A and B are files, for an encoder of texts the texts themselves, of records JSON. Printed are
    the answer, the probability (as many same as different pairs being asked about), the score and
    the threshold. The exit code is 0 either way.

    \b
    Examples:
      simsearch verify signatures.encoder known.png new.png
      simsearch verify signatures.encoder known.png new.png --threshold far_0.001
      simsearch verify customers.encoder '{"name": "Jon Smiht"}' '{"name": "John Smith"}'
    """
    from simsearch.calibration.calibration import Calibration
    from simsearch.encoders.store import load_encoder
    from simsearch.evaluation.scores import pair_scores
    from simsearch.index.encoder import metric_of
    from simsearch.sources.items import open_items, read_items

    used = load_encoder(encoder)
    reading = getattr(used, "reading", {})
    given = [[left], [right]] if used.kind == "text" else [left, right]
    import numpy as np

    sides = []
    for side in given:
        if used.kind == "record":
            sides.append(used.encode(_record(side)))
            continue
        source = open_items(side, used.kind, reading)
        sides.append(used.encode(read_items(source).items)[:1])
    metric = metric_of(used)
    score = float(pair_scores(np.concatenate(sides), np.array([0]), np.array([1]), metric)[0])
    calibration = Calibration.load(encoder, used.fingerprint) if encoder.is_dir() else None
    click.echo(_answer(score, metric.value, calibration, threshold))


def _record(text: Any) -> pa.Table:
    """A record of one row, from JSON."""
    import json

    import pyarrow as pa

    try:
        found = json.loads(text)
    except ValueError:
        found = None
    if not isinstance(found, dict) or not found:
        raise QueryError(
            f'a record is written as JSON, such as \'{{"name": "Ann"}}\', not {text!r:.80}'
        )
    return pa.table(
        {name: [None if value is None else str(value)] for name, value in found.items()}
    )


def _answer(score: float, metric: str, calibration: object, threshold: str) -> str:
    from simsearch.calibration.calibration import Calibration

    if not isinstance(calibration, Calibration):
        return f"{metric} {score:.4f}; the encoder has no thresholds, so this says no more"
    try:
        cut = float(threshold)
    except ValueError:
        cut = calibration.threshold(threshold).score
    same = bool(calibration.same([score], cut)[0])
    probability = float(calibration.probability([score])[0])
    word = "same" if same else "different"
    return f"{word}  probability {probability:.4f}  {metric} {score:.4f}  threshold {cut:.4f}"
