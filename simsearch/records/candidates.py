"""Candidates: the few pairs of rows worth comparing, out of all there are.

A union of views, because each misses what another finds: neighbours by all text, by fields
balanced by their information, by the encoder's embeddings, and rows that share a rare word
or key. Neighbours are exact k-nearest lists taken from both sides, never cells. How many
true pairs all of them missed is estimated from how far two independent views agree.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from simsearch.parts import parts_of
from simsearch.records.encoder.grams import unit_rows
from simsearch.records.sparse_text import (
    rows_of_values,
    token_counts,
    weighted_unit_rows,
    word_counts,
    work_cap,
)
from simsearch.store.search.nearest import nearest_rows
from simsearch.threads import threads

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt
    import scipy.sparse as sp

    from simsearch.records.fields import Fields
    from simsearch.records.sparse_text import RecordText

    Rows = npt.NDArray[np.int64]
    Pairs = tuple[Rows, Rows]

__all__ = [
    "NEIGHBOURS",
    "PairSet",
    "find_candidates",
    "near_embeddings",
    "nearest_texts",
    "two_hop",
]

NEIGHBOURS = 10
# A word (or e-mail, or code) in so few rows is a key: all pairs of its rows are candidates.
_RARE = 5
# Pairs that are looked up at a time.
_PART = 1 << 20


@dataclass(frozen=True, slots=True)
class PairSet:
    """Distinct candidate pairs.

    Attributes:
        left: (pairs,) row numbers; below `right`'s in a single table.
        right: (pairs,) row numbers; in the right table when linking.
        found_by: per view, (pairs,) bool.
    """

    left: Rows
    right: Rows
    found_by: dict[str, npt.NDArray[np.bool_]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.left)


def find_candidates(
    fields: Fields,
    text: RecordText,
    near: Pairs | None = None,
    k: int = NEIGHBOURS,
    report: Callable[[float], None] | None = None,
) -> PairSet:
    """The union of the views.

    Args:
        fields: n rows (two tables stacked when linking).
        text: their whole records.
        near: pairs of rows with near embeddings, see `near_embeddings`; None without an encoder.
        k: neighbours of each row in each view.
        report: told the share that is done, 0 to 1.
    """
    report = report or (lambda _: None)
    views = {"text": _keys(_neighbours(text.tokens, k, fields.left_rows), fields.rows)}
    report(0.4)
    balanced = _neighbours(_balanced_fields(fields), k, fields.left_rows)
    views["fields"] = _keys(balanced, fields.rows)
    report(0.8)
    views["keys"] = _keys(_rare_words(fields), fields.rows)
    report(0.9)
    if near is not None:
        views["embedding"] = _keys(near, fields.rows)
    return _union(views, fields.rows)


def nearest_texts(matrix: sp.csr_array, k: int = NEIGHBOURS) -> PairSet:
    """Each row with the k others of greatest dot product, whichever of the two found it.

    Args:
        matrix: (n, columns) unit rows.
        k: neighbours of each row.
    """
    left, right = _neighbours(matrix, k, None)
    keys = _distinct(left * matrix.shape[0] + right)
    return PairSet(keys // matrix.shape[0], keys % matrix.shape[0])


def two_hop(pairs: PairSet, strong: npt.NDArray[np.bool_], rows: int) -> PairSet:
    """Pairs of one table that are not candidates yet, though a third row is like both.

    Large groups outgrow k neighbours: their members find each other through one another.

    Args:
        pairs: the candidates so far.
        strong: (pairs,) those held to be the same thing.
        rows: rows of the table.

    Returns:
        The new pairs only.
    """
    import scipy.sparse as sp

    a, b = pairs.left[strong], pairs.right[strong]
    ones = np.ones(2 * len(a), dtype=np.float32)
    graph = sp.csr_array(
        (ones, (np.concatenate([a, b]), np.concatenate([b, a]))), shape=(rows, rows)
    )
    reached = sp.coo_array(sp.triu(graph @ graph, k=1))
    left, right = reached.coords
    key = np.unique(left.astype(np.int64) * rows + right)
    new = np.ones(len(key), np.bool_)
    for part in parts_of(len(pairs), _PART) if len(key) else ():
        known = pairs.left[part] * rows + pairs.right[part]
        place = np.minimum(np.searchsorted(key, known), len(key) - 1)
        new[place[key[place] == known]] = False
    return PairSet(key[new] // rows, key[new] % rows)


def merge(pairs: PairSet, more: PairSet) -> PairSet:
    """Both sets, the first one first; `more` must be new."""
    none = np.zeros(len(more), dtype=np.bool_)
    return PairSet(
        np.concatenate([pairs.left, more.left]),
        np.concatenate([pairs.right, more.right]),
        {view: np.concatenate([found, none]) for view, found in pairs.found_by.items()},
    )


def recall_lost(pairs: PairSet, probability: npt.NDArray[np.float64]) -> float:
    """Estimated share of true pairs that no view found (capture and recapture).

    If views A and B found a and b of the pairs that are probably true, and both found m,
    about a b / m exist (Lincoln 1930; Chapman's form for small counts, 1951). Views of the
    same text are not independent, so the truth is rather above this.
    """
    views = [v for v in ("text", "embedding", "fields") if v in pairs.found_by][:2]
    if len(views) < 2:
        return 0.0
    first, second = (pairs.found_by[view] for view in views)
    weight = np.where(np.logical_or.reduce(list(pairs.found_by.values())), probability, 0.0)
    a, b, both = weight[first].sum(), weight[second].sum(), weight[first & second].sum()
    exist = (a + 1.0) * (b + 1.0) / (both + 1.0) - 1.0
    return float(max(0.0, 1.0 - weight.sum() / exist)) if exist > 0 else 0.0


def _balanced_fields(fields: Fields) -> sp.csr_array:
    """Each field's unit row times the root of its information, side by side, unit length.

    A long description then weighs no more than a title.
    """
    import scipy.sparse as sp

    counts = [rows_of_values(token_counts(f.values), f.codes) for f in fields.fields]
    if not counts:
        return sp.csr_array(np.zeros((fields.rows, 1), dtype=np.float32))
    cap = work_cap(counts, fields.rows)
    blocks = [
        weighted_unit_rows(block, cap) * np.float32(f.information**0.5)
        for block, f in zip(counts, fields.fields, strict=True)
    ]
    return unit_rows(sp.csr_array(sp.hstack(blocks, format="csr")))


def _neighbours(matrix: sp.csr_array, k: int, left_rows: int | None) -> Pairs:
    """The k rows of greatest cosine for each row: from both tables, or within one."""
    if left_rows is None:
        return _ordered(_top(matrix, matrix, k + 1))
    left, right = matrix[:left_rows], matrix[left_rows:]
    return _both_ways(_top(left, right, k), _top(right, left, k))


def _top(queries: sp.csr_array, corpus: sp.csr_array, k: int) -> Pairs:
    """(query row, corpus row) of the k greatest positive dot products of each query."""
    import scipy.sparse as sp
    from sparse_dot_topn import sp_matmul_topn

    # The library knows SciPy's older matrix classes only; the arrays inside are shared.
    found = sp_matmul_topn(
        sp.csr_matrix(queries),
        sp.csr_matrix(corpus.T.tocsr()),
        top_n=k,
        threshold=0.0,
        n_threads=threads(),
    )
    query = np.repeat(np.arange(found.shape[0]), np.diff(found.indptr))
    return query, found.indices.astype(np.int64)


def near_embeddings(
    embeddings: npt.NDArray[np.float32], left_rows: int | None = None, k: int = NEIGHBOURS
) -> Pairs:
    """The k nearest embeddings of each row, through FAISS.

    Found before anything else is: embeddings are a gigabyte for each million rows, and are not
    needed any more.

    Args:
        embeddings: (n, d) unit rows, of two tables stacked when linking.
        left_rows: rows of the left table; None for one.
        k: neighbours of each row.

    Returns:
        Row numbers of both ends, the smaller first, or those of the left and the right table.
    """
    if left_rows is None:
        return _ordered(nearest_rows(embeddings, embeddings, k + 1))
    left, right = embeddings[:left_rows], embeddings[left_rows:]
    return _both_ways(nearest_rows(left, right, k), nearest_rows(right, left, k))


def _ordered(pairs: Pairs) -> Pairs:
    """The smaller row first; no row with itself."""
    a, b = pairs
    differ = a != b
    return np.minimum(a, b)[differ], np.maximum(a, b)[differ]


def _both_ways(left_to_right: Pairs, right_to_left: Pairs) -> Pairs:
    """Left rows first, from both searches."""
    return (
        np.concatenate([left_to_right[0], right_to_left[1]]),
        np.concatenate([left_to_right[1], right_to_left[0]]),
    )


def _rare_words(fields: Fields) -> Pairs:
    """All pairs of rows that share a word which 2 to _RARE rows have."""
    words = word_counts(fields.text()).tocsc()
    rows_of_word = np.diff(words.indptr)
    columns = np.flatnonzero((rows_of_word >= 2) & (rows_of_word <= _RARE))
    found = [
        _pairs_of_columns(words, columns[rows_of_word[columns] == m], m)
        for m in range(2, _RARE + 1)
    ]
    left, right = (np.concatenate(side) for side in zip(*found, strict=True))
    if fields.left_rows is None:
        return left, right
    across = (left < fields.left_rows) & (right >= fields.left_rows)
    return left[across], right[across] - fields.left_rows


def _pairs_of_columns(words: sp.csc_array, columns: Rows, size: int) -> Pairs:
    """All pairs within columns of exactly `size` entries; the smaller row first."""
    places = words.indptr[columns][:, None] + np.arange(size)
    rows = np.sort(words.indices[places].astype(np.int64), axis=1)
    a, b = np.triu_indices(size, 1)
    return rows[:, a].ravel(), rows[:, b].ravel()


def _keys(pairs: Pairs, rows: int) -> Rows:
    """Distinct pairs as one number each, ascending."""
    return _distinct(pairs[0] * rows + pairs[1])


def _union(keys: dict[str, Rows], rows: int) -> PairSet:
    """Distinct pairs of all views, ascending, and which view found each.

    Args:
        keys: of each view, as `_keys` gives them.
        rows: of the table.
    """
    union = _distinct(np.concatenate(list(keys.values())))
    found = {}
    for view, key in keys.items():
        found[view] = np.zeros(len(union), dtype=np.bool_)
        found[view][np.searchsorted(union, key)] = True
    return PairSet(union // rows, union % rows, found)


def _distinct(keys: Rows) -> Rows:
    """Distinct keys, ascending: sorting beats the hash table of np.unique on random keys.

    The array is sorted in place.
    """
    keys.sort()
    first = np.ones(len(keys), dtype=np.bool_)
    first[1:] = keys[1:] != keys[:-1]
    distinct: Rows = keys[first]
    return distinct
