"""Sort the first answers of a search anew by a model that reads query and answer together."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from simsearch.encoders.text.cross_encoder import PairModel
from simsearch.errors import OptionError

if TYPE_CHECKING:
    import os
    from collections.abc import Sequence

    from simsearch.schema import Match
    from simsearch.store.format.manifest import Settings

__all__ = ["candidates", "reranked", "reranker"]

# Answers that are read again for each that is asked for, and at least.
_TIMES, _LEAST = 5, 50
_TEXT = "text"


def reranker(model: str | os.PathLike[str], settings: Settings) -> PairModel:
    """The model that answers are sorted by.

    Args:
        model: the folder of a cross-encoder.
        settings: of the index.

    Raises:
        OptionError: the index holds no texts.
        EncoderError: there is no model.
    """
    if settings.item_kind != _TEXT:
        raise OptionError(f"`rerank` is for texts, and the index holds {settings.item_kind}s")
    return PairModel(model)


def candidates(k: int | None) -> int | None:
    """How many answers are read again where k are asked for; all where all are."""
    return None if k is None else max(_LEAST, _TIMES * k)


def reranked(model: PairModel, query: str, found: Sequence[Match], k: int | None) -> list[Match]:
    """The best of some answers by a model, best first; their scores are the model's.

    Args:
        model: reads them.
        query: what was asked.
        found: answers of a search, best first; of two that are as good the first stays first.
        k: how many are given back; None for all.
    """
    scores = model.score(query, [str(match.metadata.get(_TEXT) or "") for match in found])
    order = sorted(range(len(found)), key=lambda place: (-float(scores[place]), place))
    return [replace(found[place], score=float(scores[place])) for place in order[:k]]
