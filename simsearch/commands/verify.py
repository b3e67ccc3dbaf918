"""`simsearch verify`: are these two the same thing?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from simsearch.commands.options import threads_option, threshold_option

if TYPE_CHECKING:
    from simsearch.training.verify import Verification

__all__ = ["command"]


@click.command(short_help="Say whether two items are the same thing.")
@click.argument("encoder", type=click.Path(path_type=Path))
@click.argument("left", metavar="A")
@click.argument("right", metavar="B")
@threshold_option("accuracy, eer, far_0.01, far_0.001, or a score", "accuracy", value="accuracy")
@threads_option()
def command(encoder: Path, left: str, right: str, threshold: float | str) -> None:
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
    from simsearch.training.verify import verify

    click.echo(_answer(verify(encoder, left, right, threshold=threshold)))


def _answer(found: Verification) -> str:
    metric, score = found.metric.value, found.score
    if found.same is None:
        return f"{metric} {score:.4f}; the encoder has no thresholds, so this says no more"
    word = "same" if found.same else "different"
    return (
        f"{word}  probability {found.probability:.4f}  {metric} {score:.4f}  "
        f"threshold {found.threshold:.4f}"
    )
