"""Options of `dedupe`, `link`, `label` and `duplicates`: how two items are compared."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from simsearch.commands.options import Function, option, stacked, threshold
from simsearch.commands.source_options import kind_choice
from simsearch.duplicates.keywords import (
    ComparingKeywords,
    DedupeKeywords,
    KindKeywords,
    MatchKeywords,
)

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = [
    "cross_encoder_option",
    "encoder_option",
    "kind_option",
    "labels_option",
    "mode_option",
    "no_cache_option",
    "precision_option",
    "tier_option",
    "until_options",
]


def kind_option() -> Callable[[Function], Function]:
    """`--kind`: what a source holds."""
    return option(KindKeywords, "kind", type=kind_choice())


def encoder_option() -> Callable[[Function], Function]:
    """`--encoder`: a folder, or the name of an encoder that is installed."""
    return option(MatchKeywords, "encoder", metavar="FOLDER")


def until_options() -> Callable[[Function], Function]:
    """`--threshold`, `--precision` and `--target-size`: how far items are the same."""
    return stacked(
        option(ComparingKeywords, "threshold", type=threshold, metavar="T"),
        precision_option(),
        option(DedupeKeywords, "target_size", type=click.IntRange(min=1), metavar="N"),
    )


def precision_option() -> Callable[[Function], Function]:
    """`--precision`: the share of right pairs for which a threshold is found."""
    share = click.FloatRange(0, 1, min_open=True, max_open=True)
    return option(ComparingKeywords, "precision", type=share, metavar="P")


def labels_option() -> Callable[[Function], Function]:
    """`--labels`: pairs of rows that the user has labelled."""
    path = click.Path(path_type=Path)
    return option(ComparingKeywords, "labels", type=path, metavar="LABELS.csv")


def tier_option() -> Callable[[Function], Function]:
    """`--tier`: by what images are compared, and texts without an encoder."""
    return option(
        ComparingKeywords,
        "tier",
        multiple=True,
        callback=lambda _context, _param, value: value or None,
        metavar="NAME",
        more="May be given several times.",
    )


def mode_option() -> Callable[[Function], Function]:
    """`--mode`: how many of the texts a transformer sees."""
    return option(ComparingKeywords, "mode", type=click.Choice(["fast", "balanced", "exact"]))


def cross_encoder_option() -> Callable[[Function], Function]:
    """`--cross-encoder`: what reads the pairs of texts that are open."""
    path = click.Path(path_type=Path)
    return option(ComparingKeywords, "cross_encoder", type=path, metavar="FOLDER")


def no_cache_option() -> Callable[[Function], Function]:
    """`--no-cache`: read photos again, whatever earlier runs saw of them."""
    return option(ComparingKeywords, "no_cache", is_flag=True)
