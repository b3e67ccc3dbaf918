"""`simsearch recalibrate`: corrections count at once, for the threshold and the probability."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from simsearch.commands.index_options import indexes_option
from simsearch.commands.options import seed_option, threads_option
from simsearch.commands.source_options import column_option, id_option

if TYPE_CHECKING:
    from simsearch.calibration.calibration import Calibration
    from simsearch.calibration.refit import CalibrationQuality, Recalibration

__all__ = ["command"]


@click.command(short_help="Refit threshold and probability of an encoder by corrections.")
@click.argument("encoder", type=click.Path(path_type=Path))
@click.argument("source", required=False)
@click.option(
    "--labels",
    type=click.Path(path_type=Path),
    metavar="LABELS.csv",
    help="All pairs that you have labelled so far: left,right,same (1 or 0). They name items of "
    "SOURCE by id; without SOURCE they hold the texts, or the paths of files, themselves. Default: "
    "two altered views of an item of SOURCE are the same, and views of two are not.",
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
    labels: Path | None,
    names: tuple[str, ...],
    column: str | None,
    id: str | None,  # noqa: A002
    indexes: Path | None,
    seed: int,
) -> None:
    """Fit the threshold and probabilities of ENCODER to pairs that you have labelled, or to items.

    Nothing is trained: the encoder stays as it is, and its indexes stay valid. The pairs that it
    was calibrated on together weigh as much as 200 labelled pairs, and your pairs never weigh more
    than 30 % of all. Thresholds at a false-accept rate stay. Give all pairs that you have labelled
    each time, not only the new ones.

    Without --labels, SOURCE holds items like yours, and altered views of them tell how alike
    copies are. What `dedupe` and `duplicates` call the same by themselves is found in the items
    that they compare; this is for `verify`, for named thresholds, and for probabilities.

    \b
    Examples:
      simsearch recalibrate photos.encoder photos/
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


def _told(found: Recalibration | Calibration) -> list[str]:
    from simsearch.calibration.calibration import Calibration

    if isinstance(found, Calibration):
        names = (f"{name} {each.score:.4f}" for name, each in found.thresholds.items())
        pairs = f"{found.positives:,} same and {found.negatives:,} different pairs"
        refused = (f"no {name}: {why}" for name, why in found.refused.items())
        return [f"calibrated on {pairs}", f"thresholds: {', '.join(names)}", *refused]
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
