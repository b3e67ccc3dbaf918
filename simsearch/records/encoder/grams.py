"""Hashed character n-grams and words as sparse rows, with no Python per row or gram.

The text lies in one array of code points, each row padded by a space at both ends. A gram
is a window over that array, its hash a few array operations; the row it belongs to follows
from its place. Grams are code points, not bytes, so every script counts alike.

Feature hashing: Weinberger et al., "Feature Hashing for Large Scale Multitask Learning",
ICML 2009. Weights: idf with the smoothing of scikit-learn's TfidfTransformer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from simsearch.errors import OptionError
from simsearch.parts import in_parts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import numpy as np
    import numpy.typing as npt
    import pyarrow as pa
    import scipy.sparse as sp

    UInt64s = npt.NDArray[np.uint64]
    Int64s = npt.NDArray[np.int64]
    Floats = npt.NDArray[np.float32]

__all__ = [
    "document_frequency",
    "each_piece",
    "gram_matrix",
    "gram_pieces",
    "idf",
    "mixed",
    "row_norms",
    "salt",
    "unit_rows",
    "weigh",
]

Made = TypeVar("Made")

# Text is worked on in pieces of about this many bytes: the arrays of a piece take some
# 60 times as much, whatever the number of rows.
_PIECE_BYTES = 1 << 20
_SPACE = 0x20
# Odd 64-bit constants with well-mixed bits (splitmix64 and the golden ratio).
_MULTIPLIER = 0x9E3779B97F4A7C15
_MIX_A = 0xBF58476D1CE4E5B9
_MIX_B = 0x94D049BB133111EB
_WORD_SALT = 0xD6E8FEB86659FD93
_MASK = (1 << 64) - 1
# Places in a word that get their own multiplier; beyond, they come round again.
_WORD_PLACES = 64


def gram_matrix(
    text: pa.StringArray, *, n: int | None = 3, bits: int = 20, words: bool = True, seed: int = 0
) -> sp.csr_array:
    """Counts of hashed grams per row.

    A gram is n code points within a word padded by one space on each side (`jon` gives
    ` jo`, `jon`, `on `), so that grams do not straddle two words and word order is free.

    Args:
        text: m values, words separated by single spaces (as `normalise` leaves them).
        n: code points in a gram, 2 to 8; None counts words alone.
        bits: columns are 2**bits, 4 to 31 bits.
        words: count whole words too.
        seed: another seed gives another, independent hash.

    Returns:
        float32 CSR of shape (m, 2**bits), column indices sorted, duplicates summed; a null
        or empty value is an empty row.

    Raises:
        OptionError: n or bits out of range, or neither grams nor words asked for.
    """
    import numpy as np
    import scipy.sparse as sp

    pieces = list(each_piece(text, lambda piece: piece, n=n, bits=bits, words=words, seed=seed))
    if not pieces:
        none = np.zeros(0, dtype=np.int32)
        return sp.csr_array(
            (none.astype(np.float32), none, np.zeros(1, np.int32)), shape=(0, 1 << bits)
        )
    if len(pieces) == 1:
        return pieces[0]
    stacked: sp.csr_array = sp.vstack(pieces, format="csr")
    return stacked


def each_piece(
    text: pa.StringArray,
    work: Callable[[sp.csr_array], Made],
    *,
    n: int | None = 3,
    bits: int = 20,
    words: bool = True,
    seed: int = 0,
) -> Iterator[Made]:
    """What `work` makes of the rows of gram_matrix, some at a time, on all cores.

    Args:
        text: values.
        work: called with consecutive rows, in another thread where there are several pieces.
        n, bits, words, seed: as for gram_matrix.
    """
    _refuse(n, bits, words)
    texts = list(_pieces(text))
    if texts:
        yield from in_parts(
            lambda part: work(_piece_matrix(texts[part.start], n, bits, words, seed)),
            len(texts),
            1,
        )


def gram_pieces(
    text: pa.StringArray, *, n: int | None = 3, bits: int = 20, words: bool = True, seed: int = 0
) -> Iterator[sp.csr_array]:
    """The rows of gram_matrix, some at a time, so that long text needs no more memory."""
    _refuse(n, bits, words)
    for piece in _pieces(text):
        yield _piece_matrix(piece, n, bits, words, seed)


def _refuse(n: int | None, bits: int, words: bool) -> None:
    """Refuse what cannot be counted, see `gram_matrix`."""
    if n is None and not words:
        raise OptionError("count grams (n) or words, or both")
    if n is not None and not 2 <= n <= 8:
        raise OptionError(f"a gram has 2 to 8 characters, not {n}")
    if not 4 <= bits <= 31:
        raise OptionError(f"hashed columns take 4 to 31 bits, not {bits}")


def document_frequency(matrix: sp.csr_array) -> Int64s:
    """Rows that have each column; int64 of shape (columns,)."""
    import numpy as np

    counts: Int64s = np.bincount(matrix.indices, minlength=matrix.shape[1])
    return counts


def idf(frequency: Int64s, rows: int, *, max_share: float = 1.0, least_cap: int = 1000) -> Floats:
    """Weight of each column: ln((1 + rows) / (1 + frequency)) + 1.

    Args:
        frequency: rows that have each column.
        rows: rows counted.
        max_share: columns in more than max(least_cap, max_share * rows) rows weigh nothing:
            they tell little and cost most in a sparse product.
        least_cap: see max_share.

    Returns:
        float32 of the shape of frequency.
    """
    import numpy as np

    weights = np.log((1.0 + rows) / (1.0 + frequency)) + 1.0
    weights[frequency > max(least_cap, max_share * rows)] = 0.0
    out: Floats = weights.astype(np.float32)
    return out


def weigh(matrix: sp.csr_array, weights: Floats) -> sp.csr_array:
    """The matrix with each column multiplied by its weight; zero columns leave no entries."""
    import scipy.sparse as sp

    out = sp.csr_array(
        (matrix.data * weights[matrix.indices], matrix.indices, matrix.indptr), matrix.shape
    )
    if (weights == 0).any():
        out = out.copy()
        out.eliminate_zeros()
    return out


def unit_rows(matrix: sp.csr_array) -> sp.csr_array:
    """The matrix with rows of length one; an empty row stays empty."""
    import numpy as np
    import scipy.sparse as sp

    counts = np.diff(matrix.indptr)
    norms = row_norms(matrix)
    norms[norms == 0] = 1.0  # an empty row has no entry to scale
    data = matrix.data / np.repeat(norms, counts)
    return sp.csr_array((data, matrix.indices, matrix.indptr), matrix.shape)


def row_norms(matrix: sp.csr_array) -> Floats:
    """Euclidean length of each row; float32 of shape (rows,)."""
    import numpy as np

    ends = np.concatenate([[0.0], np.cumsum(np.square(matrix.data, dtype=np.float64))])
    squares = np.diff(ends[matrix.indptr])
    norms: Floats = np.sqrt(np.maximum(squares, 0.0)).astype(np.float32)
    return norms


def _pieces(text: pa.StringArray) -> Iterator[pa.StringArray]:
    """Consecutive slices of about _PIECE_BYTES each (a longer value comes whole)."""
    import numpy as np

    offsets = np.frombuffer(text.buffers()[1], dtype=np.int32) if len(text) else np.zeros(1)
    offsets = offsets[text.offset : text.offset + len(text) + 1]
    # Rows count too: an empty value costs offsets, if no characters.
    cost = (offsets - offsets[0]) + 4 * np.arange(len(offsets))
    start = 0
    while start < len(text):
        stop = int(np.searchsorted(cost, cost[start] + _PIECE_BYTES, side="right")) - 1
        stop = min(max(stop, start + 1), len(text))
        yield text.slice(start, stop - start)
        start = stop


def _piece_matrix(
    text: pa.StringArray, n: int | None, bits: int, words: bool, seed: int
) -> sp.csr_array:
    """gram_matrix of one piece."""
    import numpy as np
    import scipy.sparse as sp

    codes, offsets = _padded_codes(text)
    parts = []
    if n is not None:
        parts.append(_gram_columns(codes, offsets, n, bits, seed))
    if words:
        parts.append(_word_columns(codes, offsets, bits, seed))
    columns, row_ends = parts[0] if len(parts) == 1 else _interleave(parts[0], parts[1])
    ones = np.ones(len(columns), dtype=np.float32)
    matrix = sp.csr_array((ones, columns, row_ends), shape=(len(text), 1 << bits))
    matrix.sum_duplicates()
    return matrix


def _padded_codes(text: pa.StringArray) -> tuple[npt.NDArray[np.uint32], Int64s]:
    """Code points of all rows, a space before and after each row that has any.

    Returns:
        (codes, offsets): row i is codes[offsets[i]:offsets[i + 1]].
    """
    import numpy as np
    import pyarrow.compute as pc

    lengths = pc.fill_null(pc.utf8_length(text), 0).to_numpy().astype(np.int64)
    filled = lengths > 0
    offsets = np.concatenate([[0], np.cumsum(np.where(filled, lengths + 2, 0))])
    codes = np.full(offsets[-1], _SPACE, dtype=np.uint32)
    is_text = np.ones(len(codes), dtype=np.bool_)
    is_text[offsets[:-1][filled]] = False
    is_text[offsets[1:][filled] - 1] = False
    codes[is_text] = _code_points(text.drop_null())
    return codes, offsets


def _code_points(text: pa.StringArray) -> npt.NDArray[np.uint32]:
    """Code points of all values, one after the other."""
    import numpy as np

    _, offset_buffer, data = text.buffers()
    if data is None:
        return np.zeros(0, dtype=np.uint32)
    offsets = np.frombuffer(offset_buffer, dtype=np.int32)
    raw = memoryview(data)[offsets[text.offset] : offsets[text.offset + len(text)]]
    flat = np.frombuffer(raw, dtype=np.uint8)
    if not (flat & 0x80).any():
        return flat.astype(np.uint32)
    return np.frombuffer(bytes(raw).decode("utf-8").encode("utf-32-le"), dtype=np.uint32)


def _gram_columns(
    codes: npt.NDArray[np.uint32], offsets: Int64s, n: int, bits: int, seed: int
) -> tuple[npt.NDArray[np.int32], Int64s]:
    """Hashed column of every gram, rows one after the other, and where each row ends."""
    import numpy as np

    if len(codes) < n:
        return np.zeros(0, dtype=np.int32), np.zeros(len(offsets), dtype=np.int64)
    windows = len(codes) - n + 1
    blank = codes == _SPACE
    # A window over two rows or two words has a space inside (two spaces when n is 2).
    valid = np.zeros(len(codes), dtype=np.bool_)
    valid[:windows] = True
    for place in range(1, n - 1):
        valid[:windows] &= ~blank[place : place + windows]
    if n == 2:
        valid[:windows] &= ~(blank[:windows] & blank[1:])
    keys = np.full(windows, salt(seed), dtype=np.uint64)
    for place in range(n):
        keys *= np.uint64(_MULTIPLIER)
        keys += codes[place : place + windows]
    counted = np.concatenate([[0], np.cumsum(valid)])
    return _to_columns(keys[valid[:windows]], bits), counted[offsets]


def _word_columns(
    codes: npt.NDArray[np.uint32], offsets: Int64s, bits: int, seed: int
) -> tuple[npt.NDArray[np.int32], Int64s]:
    """Hashed column of every word, rows one after the other, and where each row ends."""
    import numpy as np

    blank = codes == _SPACE
    starts_word = np.zeros(len(codes), dtype=np.bool_)
    starts_word[1:] = blank[:-1] & ~blank[1:]
    counted = np.concatenate([[0], np.cumsum(starts_word)])
    starts = np.flatnonzero(starts_word)
    if len(starts) == 0:
        return np.zeros(0, dtype=np.int32), counted[offsets]
    # A word's key is the sum over its characters of mix(character) times its place's multiplier.
    word = np.maximum(counted[1:] - 1, 0)
    place = (np.arange(len(codes)) - starts[word]) % _WORD_PLACES
    parts = mixed(codes.astype(np.uint64) + np.uint64(_WORD_SALT))
    parts *= _place_multipliers()[place]
    parts[blank] = 0
    keys = np.add.reduceat(parts, starts)
    return _to_columns(keys + np.uint64(salt(seed ^ _WORD_SALT)), bits), counted[offsets]


def _interleave(
    first: tuple[npt.NDArray[np.int32], Int64s], second: tuple[npt.NDArray[np.int32], Int64s]
) -> tuple[npt.NDArray[np.int32], Int64s]:
    """Both sets of columns, row by row: the first's, then the second's."""
    import numpy as np

    ends = first[1] + second[1]
    out = np.empty(ends[-1], dtype=np.int32)
    out[np.arange(len(first[0])) + np.repeat(second[1][:-1], np.diff(first[1]))] = first[0]
    out[np.arange(len(second[0])) + np.repeat(first[1][1:], np.diff(second[1]))] = second[0]
    return out, ends


def salt(seed: int) -> int:
    """A 64-bit starting key of the seed."""
    return (seed * _MULTIPLIER + _MIX_A) & _MASK


def mixed(keys: UInt64s) -> UInt64s:
    """splitmix64's finaliser: every input bit reaches every output bit."""
    import numpy as np

    keys = (keys ^ (keys >> np.uint64(30))) * np.uint64(_MIX_A)
    keys = (keys ^ (keys >> np.uint64(27))) * np.uint64(_MIX_B)
    return keys ^ (keys >> np.uint64(31))


def _to_columns(keys: UInt64s, bits: int) -> npt.NDArray[np.int32]:
    """Keys as column numbers below 2**bits."""
    import numpy as np

    return (mixed(keys) >> np.uint64(64 - bits)).astype(np.int32)


def _place_multipliers() -> UInt64s:
    """An odd multiplier for each place in a word; shape (_WORD_PLACES,)."""
    import numpy as np

    places = np.arange(1, _WORD_PLACES + 1, dtype=np.uint64)
    return mixed(places * np.uint64(_MULTIPLIER)) | np.uint64(1)
