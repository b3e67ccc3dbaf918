"""`simsearch recalibrate`: corrections count at once, for the threshold and the probability."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from simsearch.commands.index_options import indexes_option
from simsearch.commands.options import seed_option, threads_option
from simsearch.commands.source_options import column_option, id_option

if TYPE_CHECKING:
    from simsearch.calibration.refit import CalibrationQuality, Recalibration

__all__ = ["command"]


@click.command(short_help="Refit threshold and probability of an encoder by corrections.")
@click.argument("encoder", type=click.Path(path_type=Path, file_okay=False, exists=True))
@click.argument("source", required=False)
@click.option(
    "--labels",
    type=click.Path(path_type=Path),
    required=True,
    metavar="LABELS.csv",
    help="All pairs that you have labelled so far: left,right,same (1 or 0). They name items of "
    "SOURCE by id; without SOURCE they hold the texts, or the paths of files, themselves.",
)
@click.option(
    "-n",
    "--name",
    "names",
    multiple=True,
    metavar="NAME",
    help="Index that takes the new calibration over; may be given several times.",
)
@column_option()
@id_option()
@indexes_option()
@seed_option()
@threads_option()
def command(
    encoder: Path,
    source: str | None,
    labels: Path,
    names: tuple[str, ...],
    column: str | None,
    id: str | None,  # noqa: A002
    indexes: Path | None,
    seed: int,
) -> None:
    """Fit the threshold and probabilities of ENCODER to pairs that you have labelled.

    Nothing is trained: the encoder stays as it is, and its indexes stay valid. The pairs that it
    was calibrated on together weigh as much as 200 labelled pairs, and your pairs never weigh more
    than 30 % of all. Thresholds at a false-accept rate stay. Give all pairs that you have labelled
    each time, not only the new ones.

    \b
    Examples:
      simsearch recalibrate photos.encoder photos/ --labels corrections.csv
      simsearch recalibrate photos.encoder photos/ --labels corrections.csv -n photos
    """
    from simsearch.index.index import Index
    from simsearch.kinds.loading import load_encoder
    from simsearch.training.recalibrate import recalibrate

    used = load_encoder(encoder) if names else None
    opened = [Index.open(name, indexes, encoder=used) for name in names]
    found = recalibrate(
        encoder, source, labels=labels, column=column, id=id, indexes=opened, seed=seed
    )
    for line in _told(found):
        click.echo(line)


def _told(found: Recalibration) -> list[str]:
    now = found.calibration
    cuts = [each.threshold("accuracy").score for each in (found.previous, now)]
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


def _figures(quality: CalibrationQuality) -> str:
    return f"accuracy {quality.accuracy:.3f}, log loss {quality.loss:.3f}"
