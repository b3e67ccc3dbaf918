"""Search by meaning and by words at once: what is near, and what has the same rare words.

The two scores are added (S. Bruch, S. Gai, A. Ingber, An Analysis of Fusion Functions for Hybrid
Retrieval, ACM TOIS 2023, find that better than adding ranks). Candidates are the first of either;
of each both scores are known. Of one document the best passage alone is an answer; words and
meaning of the whole document count as much, since several passages may answer a question.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from simsearch.distance import Metric
from simsearch.errors import OptionError
from simsearch.schema import Match
from simsearch.store.search.words import query_words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    from simsearch.store.engines.engine import Rows, Vectors
    from simsearch.store.reading.reader import IndexReader
    from simsearch.store.search.query import QueryOptions
    from simsearch.store.search.words import Weigh, WordScores

    Floats = npt.NDArray[np.float32]

__all__ = ["BY", "TextQuery", "hybrid_matches", "words_share"]

# What words count of the score, by what is asked for; the rest is meaning. None: vectors alone.
BY: Mapping[str, float | None] = {"both": 0.5, "vectors": None, "words": 1.0}
# Candidates by either way, and more where more are asked for.
_CANDIDATES, _TIMES = 100, 5


@dataclass(frozen=True, slots=True)
class _Found:
    """Candidates: positions in the reader, scores, and the documents that they are of."""

    positions: Rows
    scores: Floats
    documents: Rows


class TextQuery(NamedTuple):
    """A text that is asked.

    Attributes:
        text: the words.
        vector: (1, width) what the encoder makes of it; zeros where it is to count for nothing.
        weigh: what words say by themselves, 0 to 1; None: all as much.
    """

    text: str
    vector: Vectors
    weigh: Weigh | None = None


def hybrid_matches(
    reader: IndexReader, query: TextQuery, ask: QueryOptions, share: float
) -> tuple[Match, ...]:
    """The matches of one text, best first.

    Args:
        reader: of an index of texts, compared by cosine.
        query: the text.
        ask: how many, how good at least (of the sum), among which; all that are as good where
            no number is given.
        share: what words count, 0 to 1.

    Returns:
        Matches with the words in common; `score` is share times that of the words (0 to 1), and
        the rest times the cosine; where documents have several passages each of both is the mean
        of that of the passage and that of the whole document, and the score is 1 at most.
    """
    vector = query.vector
    words = reader.words.scores(query_words(query.text), query.weigh)
    most = sum(segment.rows for segment in reader.segments)
    wanted = most if ask.k is None else min(most, max(_CANDIDATES, _TIMES * ask.k))
    near = np.empty(0, np.int64)
    if vector.any() and share < 1:
        near = reader.search(vector, max(wanted, 1), ask.wanted)[1].reshape(-1)
    spoken = _first(reader, words.scores, ask, wanted)
    if words.documents is not None:
        # A document whose words are spread has no passage that answers well by itself.
        best = _best_rows(words, words.documents)
        spoken = np.concatenate([spoken, _first(reader, best, ask, wanted)])
    positions = _differing(np.concatenate([near[near >= 0], spoken]))
    found = _best_passages(_scored(reader, words, vector, positions, share))
    order = np.lexsort((found.positions, -found.scores))[: ask.k]
    if ask.min_score is not None:
        order = order[found.scores[order] >= ask.min_score]
    scores = found.scores[order]
    if words.documents is not None:
        scores = np.minimum(scores, np.float32(1))
    return _as_matches(reader, words, found.positions[order], scores)


def words_share(reader: IndexReader, by: str | None, min_score: float | None) -> float | None:
    """What words count in a query; None where they do not.

    Args:
        reader: of the index.
        by: a name in `BY`; None for both where the index allows it and no least score is given,
            which is one of vectors.
        min_score: the least score asked for.

    Raises:
        OptionError: there is no such way, or the index has no texts compared by cosine.
    """
    settings = reader.settings
    able = settings.item_kind == "text" and settings.metric is Metric.COSINE
    if by is None:
        return BY["both"] if able and min_score is None else None
    if by not in BY:
        raise OptionError(f"items are found by {', '.join(BY)}, not by {by!r}")
    if BY[by] is not None and not able:
        raise OptionError(f"by {by} are found texts that are compared by cosine, no other items")
    return BY[by]


def _differing(positions: Rows) -> Rows:
    """Each once, ascending; `np.unique` would import more than a query takes."""
    ordered = np.sort(positions)
    return ordered[np.flatnonzero(np.diff(ordered, prepend=-1))]


def _best_rows(words: WordScores, documents: Sequence[Floats]) -> list[Floats]:
    """For each segment (rows,): of each document its score, in the place of its best passage."""
    out = []
    for postings, passage, document in zip(words.segments, words.scores, documents, strict=True):
        rows = np.flatnonzero(passage)
        order = rows[np.lexsort((rows, -passage[rows], postings.documents[rows]))]
        first = np.ones(len(order), bool)
        first[1:] = np.diff(postings.documents[order]) > 0
        best = np.zeros(len(passage), np.float32)
        best[order[first]] = document[order[first]]
        out.append(best)
    return out


def _first(
    reader: IndexReader,
    scores_of: Sequence[Floats],
    ask: QueryOptions,
    most: int,
) -> Rows:
    """Positions of the rows with the best scores, (rows,) for each segment; 0 is no answer."""
    parts = [np.empty(0, np.int64)]
    scores = [np.empty(0, np.float32)]
    for number, segment in enumerate(reader.segments):
        mask = ask.wanted[number]
        mask = segment.alive if mask is None else mask
        rows = np.flatnonzero(scores_of[number])
        rows = rows if mask is None else rows[mask[rows]]
        if len(rows) > most:
            rows = rows[np.argpartition(-scores_of[number][rows], most - 1)[:most]]
        parts.append(rows + reader.starts[number])
        scores.append(scores_of[number][rows])
    order = np.argsort(-np.concatenate(scores), kind="stable")[:most]
    return np.concatenate(parts)[order]


def _scored(
    reader: IndexReader, words: WordScores, vector: Vectors, positions: Rows, share: float
) -> _Found:
    """Both scores of each, and the documents, numbered over all segments."""
    homes = np.searchsorted(reader.starts, positions, side="right") - 1
    unit = vector[0] / np.float32(float(np.linalg.norm(vector)) or 1.0)
    spoken = np.zeros(len(positions), np.float32)
    near = reader.vectors(positions) @ unit
    documents = np.zeros(len(positions), np.int64)
    for home in set(homes.tolist()):
        here = homes == home
        rows = positions[here] - reader.starts[home]
        own = words.segments[home].documents[rows]
        documents[here] = own + reader.starts[home]
        spoken[here] = words.scores[home][rows]
        if words.documents is not None:
            spoken[here] = (spoken[here] + words.documents[home][rows]) / 2
            if share < 1:
                near[here] = (near[here] + _near_documents(reader, words, home, own, unit)) / 2
    scores = share * spoken + (1 - share) * near
    return _Found(positions, scores.astype(np.float32), documents)


def _near_documents(
    reader: IndexReader, words: WordScores, home: int, documents: Rows, unit: Floats
) -> Floats:
    """Cosines of whole documents of a segment, each the sum of its passages, by their numbers."""
    of_rows = words.segments[home].documents
    sought = np.zeros(int(of_rows.max()) + 1, bool)
    sought[documents] = True
    rows = np.flatnonzero(sought[of_rows])
    rows = rows[np.argsort(of_rows[rows], kind="stable")]
    begins = np.flatnonzero(np.diff(of_rows[rows], prepend=-1))
    sums = np.add.reduceat(reader.vectors(rows + reader.starts[home]), begins, axis=0)
    lengths = np.linalg.norm(sums, axis=1)
    cosines = np.zeros(len(sought), np.float32)
    cosines[of_rows[rows[begins]]] = sums @ unit / np.where(lengths > 0, lengths, 1)
    return cosines[documents]


def _best_passages(found: _Found) -> _Found:
    """Of each document the best passage."""
    order = np.lexsort((found.positions, -found.scores, found.documents))
    first = np.ones(len(order), bool)
    first[1:] = np.diff(found.documents[order]) > 0
    kept = order[first]
    return _Found(found.positions[kept], found.scores[kept], found.documents[kept])


def _as_matches(
    reader: IndexReader, words: WordScores, positions: Rows, scores: Floats
) -> tuple[Match, ...]:
    homes = np.searchsorted(reader.starts, positions, side="right") - 1
    common = [
        words.common(home, row)
        for home, row in zip(
            homes.tolist(), (positions - reader.starts[homes]).tolist(), strict=True
        )
    ]
    parts = (
        reader.id_values(positions).tolist(),
        scores.tolist(),
        reader.metadata(positions),
        common,
    )
    return tuple(Match(*each) for each in zip(*parts, strict=True))
