"""`simsearch recalibrate`: corrections count at once, for the threshold and the probability."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from simsearch.commands.options import (
    indexes_option,
    seed_option,
    text_column_option,
    threads_option,
)
from simsearch.errors import EncoderError

if TYPE_CHECKING:
    from simsearch.calibration.calibration import Calibration
    from simsearch.calibration.refit import Judged, Recalibration

__all__ = ["command"]


@click.command(short_help="Refit threshold and probability of an encoder by corrections.")
@click.argument("encoder", type=click.Path(path_type=Path, file_okay=False, exists=True))
@click.argument("source", required=False)
@click.option(
    "--pairs",
    type=click.Path(path_type=Path),
    required=True,
    metavar="CORRECTIONS.csv",
    help="All corrections so far: left,right,same (1 or 0); ids in SOURCE, else files or texts.",
)
@click.option(
    "-n",
    "--name",
    "names",
    multiple=True,
    metavar="NAME",
    help="Index that takes the new calibration over; may be given several times.",
)
@text_column_option()
@indexes_option()
@seed_option()
@threads_option()
def command(
    encoder: Path,
    source: str | None,
    pairs: Path,
    names: tuple[str, ...],
    column: str | None,
    indexes: Path | None,
    seed: int,
) -> None:
    """Let pairs that you have judged count at once, without training.

    The encoder stays as it is, so its indexes stay valid. The pairs of its calibration are kept
    as anchors that count for 200 pairs; corrections count for one each, and for 30 % of the whole
    at most. Thresholds at a false-accept rate stay. Give all corrections each time.

    \b
    Examples:
      simsearch recalibrate photos.encoder photos/ --pairs corrections.csv
      simsearch recalibrate photos.encoder photos/ --pairs corrections.csv -n photos
    """
    from simsearch.calibration.calibration import Calibration
    from simsearch.calibration.refit import recalibrated
    from simsearch.encoders.store import load_encoder
    from simsearch.evaluation.scores import pair_scores
    from simsearch.index.encoder import metric_of
    from simsearch.index.index import Index
    from simsearch.sources.read_examples import read_examples
    from simsearch.sources.supervision import Supervision

    used = load_encoder(encoder)
    before = Calibration.load(encoder, used.fingerprint)
    if before is None:
        raise EncoderError(f"{encoder} has no calibration that corrections could change; train it")
    options = {} if column is None else {"column": column}
    reading = getattr(used, "reading", {})
    examples = read_examples(source, used.kind, reading, Supervision(pairs=pairs), options)
    judged = examples.pairs
    if judged is None or not len(judged.left):
        raise EncoderError(f"{pairs} has no pair of items that can be read")
    embeddings = used.encode(examples.items)
    scores = pair_scores(embeddings, judged.left, judged.right, metric_of(used))
    found = recalibrated(before, scores, judged.same > 0.5, judged.left, seed)
    opened = [Index.open(name, indexes, encoder=used) for name in names]
    found.calibration.save(encoder, used.fingerprint)
    for index in opened:
        index.recalibrate(found.calibration)
    for line in _told(found, before):
        click.echo(line)


def _told(found: Recalibration, before: Calibration) -> list[str]:
    now = found.calibration
    cuts = [each.threshold("accuracy").score for each in (before, now)]
    lines = [
        f"{now.corrections:,} corrections weigh {found.weight:.0%} beside the pairs of before",
        f"threshold {cuts[0]:.4f} -> {cuts[1]:.4f}",
        f"corrections: {_figures(found.before)} before",
    ]
    if found.after is None:
        lines.append("corrections: too few to hold any out, so nothing is said of new ones")
    else:
        lines.append(f"corrections, held out: {_figures(found.after)} after")
    return [
        *lines,
        f"pairs of before: {_figures(found.old_before)} before, {_figures(found.old_after)} after",
    ]


def _figures(judged: Judged) -> str:
    return f"accuracy {judged.accuracy:.3f}, log loss {judged.loss:.3f}"
