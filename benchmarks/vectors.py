"""Sets of vectors to search: word vectors, and a made mixture of clusters. With exact truth.

What is made or computed is kept in a cache outside the repository: in --cache, by default
`simsearch-benchmarks` in $XDG_CACHE_HOME or ~/.cache.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    Vectors = npt.NDArray[np.float32]
    Rows = npt.NDArray[np.int64]

__all__ = ["VectorSet", "clustered", "default_cache", "glove", "mixture", "removed_rows"]

QUERIES = 1_000
# The truth goes deeper than the 10 that are asked for: with a tenth of the rows deleted, the 10
# nearest that are left are still among these.
TRUTH_DEPTH = 30
REMOVED_SHARE = 0.1
MORE_SHARE = 0.01

# The made mixture.
DIMENSION = 128
CENTRES = 5_000
DECAY = 0.7
SPREAD = 0.7
SPREAD_VARIES = 0.4
STRETCH_VARIES = 0.5
WEIGHT_DECAY = 0.5
CHUNK_ROWS = 100_000
VERSION = 1  # of the above: a change of it makes the cache anew


@dataclass(frozen=True)
class VectorSet:
    """Vectors, queries and the truth, each a .npy file.

    Attributes:
        name: what tables call it.
        about: where it comes from, in a sentence.
        base: (n, d) float32, to be searched.
        queries: (1000, d) float32, none of them in the base.
        more: (n / 100, d) float32, to be added later.
        truth: (1000, 30) int64, the rows nearest to each query by euclidean distance.
    """

    name: str
    about: str
    base: Path
    queries: Path
    more: Path
    truth: Path

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and dimension of the base."""
        rows, dimension = np.load(self.base, mmap_mode="r").shape
        return int(rows), int(dimension)


def default_cache() -> Path:
    """Where made vectors and truths are kept."""
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(home) / "simsearch-benchmarks"


def glove(data: Path, cache: Path, rows: int | None = None) -> VectorSet:
    """Word vectors: 100,000 of 100 numbers, and 1,000 other words to ask about.

    The truth that comes with them is 10 deep; it is computed deeper and compared with it. Vectors
    to add are base vectors with noise of a tenth of the vectors' deviation.

    Args:
        data: the folder that holds `glove100_100k`.
        cache: see the module.
        rows: only the first so many, for a trial.

    Raises:
        FileNotFoundError: the set is not there.
        ValueError: the truth that comes with it is another.
    """
    source = data / "glove100_100k"
    base = np.load(source / "base.npy", mmap_mode="r")
    rows = min(rows or len(base), len(base))
    folder = cache / f"glove-{rows}"
    queries = _kept(folder / "queries.npy", lambda: np.load(source / "query.npy"))
    vectors = base[:rows]
    own = source / "base.npy"
    if rows < len(base):
        own = _kept(folder / "base.npy", lambda: vectors)
    truth = _kept(folder / "truth.npy", lambda: _truth(vectors, np.load(queries)))
    if rows == len(base):
        _compare(np.load(source / "groundtruth_l2_top10.npy"), np.load(truth))
    more = _kept(folder / "more.npy", lambda: _noisy(vectors))
    about = f"{rows:,} GloVe word vectors of {base.shape[1]} numbers; other words ask"
    return VectorSet(f"glove {_short(rows)}", about, own, queries, more, truth)


def clustered(
    cache: Path, rows: int = 1_000_000, seed: int = 0, dimension: int = DIMENSION
) -> VectorSet:
    """The made mixture, its queries drawn from it too. See `mixture`."""
    of = "" if dimension == DIMENSION else f"-{dimension}"
    folder = cache / f"clustered-{VERSION}-{rows}-{seed}{of}"
    extra = int(rows * MORE_SHARE)
    names = ("base", "queries", "more")
    if not all((folder / f"{name}.npy").exists() for name in names):
        made = mixture(rows + QUERIES + extra, seed, dimension)
        parts = np.split(made, [rows, rows + QUERIES])
        for name, part in zip(names, parts, strict=True):
            _kept(folder / f"{name}.npy", lambda part=part: part)
    base, queries, more = (folder / f"{name}.npy" for name in names)
    truth = _kept(folder / "truth.npy", lambda: _truth(np.load(base), np.load(queries)))
    about = (
        f"{rows:,} made vectors of {dimension} numbers from a mixture of {CENTRES:,} normal "
        f"distributions (seed {seed}; `mixture` in `benchmarks/vectors.py`), the queries drawn "
        "from the same"
    )
    return VectorSet(
        f"clustered {_short(rows)}{of.replace('-', ' x ')}", about, base, queries, more, truth
    )


def mixture(rows: int, seed: int, dimension: int = DIMENSION) -> Vectors:
    """(rows, dimension): draws from a mixture that is neither clear clusters nor one cloud.

    - Along the j-th axis the variance falls as j^-1.4, in the centres and around them, as
      it does for embeddings: so the data has fewer dimensions than numbers. The axes are drawn at
      random, since those of embeddings are not their numbers either: with axes that are, the
      codes of IVF-PQ, which give every number as many bits, find far less.
    - 5,000 centres; the r-th is drawn with weight r^-0.5, so groups differ in size.
    - Each has a spread of its own (log-normal around 0.7 of the deviation of the centres, so
      groups overlap) and is stretched along each axis by a log-normal factor of its own.
    """
    head = np.random.default_rng([VERSION, seed])
    scale = np.arange(1, dimension + 1, dtype=np.float64) ** -DECAY
    scale /= np.sqrt(np.mean(scale**2))
    centres = (head.normal(size=(CENTRES, dimension)) * scale).astype(np.float32)
    stretch = scale * head.lognormal(0, STRETCH_VARIES, (CENTRES, dimension))
    stretch /= np.sqrt(np.mean(stretch**2, axis=1, keepdims=True))
    stretch *= SPREAD * head.lognormal(0, SPREAD_VARIES, (CENTRES, 1))
    stretch = stretch.astype(np.float32)
    axes = np.linalg.qr(head.normal(size=(dimension, dimension)))[0].astype(np.float32)
    weight = np.arange(1, CENTRES + 1, dtype=np.float64) ** -WEIGHT_DECAY
    weight /= weight.sum()
    out = np.empty((rows, dimension), np.float32)
    for start in range(0, rows, CHUNK_ROWS):
        rng = np.random.default_rng([VERSION, seed, start])
        part = out[start : start + CHUNK_ROWS]
        centre = rng.choice(CENTRES, len(part), p=weight)
        rng.standard_normal(dtype=np.float32, out=part)
        part *= stretch[centre]
        part += centres[centre]
        part[:] = part @ axes
    return out


def removed_rows(rows: int) -> Rows:
    """The tenth of the rows that is deleted, the same for every engine."""
    rng = np.random.default_rng(10)
    return np.sort(rng.choice(rows, int(rows * REMOVED_SHARE), replace=False)).astype(np.int64)


def difficulty(vectors: VectorSet) -> tuple[float, float]:
    """How hard a set is to search.

    Returns:
        The local intrinsic dimension by the estimate of Amsaleg et al. (KDD 2015, the maximum
        likelihood over the nearest 30), median of the queries; and the relative contrast (He,
        Kumar and Chang, ICML 2012): mean distance over that of the 10th neighbour.
    """
    base, queries = np.load(vectors.base, mmap_mode="r"), np.load(vectors.queries)
    near = np.asarray(base[np.load(vectors.truth)])
    reach = np.maximum(np.linalg.norm(near - queries[:, None], axis=2), 1e-6)
    logs = np.log(reach[:, :-1] / reach[:, -1:]).mean(axis=1)
    far = np.asarray(base[:: max(1, len(base) // 1_000)])
    mean = np.mean([np.linalg.norm(far - query, axis=1).mean() for query in queries])
    return float(np.median(-1 / np.minimum(logs, -1e-6))), float(mean / reach[:, 9].mean())


def _truth(base: Vectors, queries: Vectors) -> Rows:
    """The nearest rows by FAISS, every vector compared."""
    import faiss

    rows = faiss.knn(queries, np.ascontiguousarray(base), TRUTH_DEPTH)[1]
    return rows.astype(np.int64)


def _noisy(base: Vectors) -> Vectors:
    rng = np.random.default_rng(1)
    some = base[rng.choice(len(base), int(len(base) * MORE_SHARE), replace=False)]
    noise = rng.standard_normal(some.shape, dtype=np.float32)
    return np.asarray(some + noise * base.std() * np.float32(0.1))


def _compare(given: npt.NDArray[Any], found: Rows) -> None:
    """Stop when a truth is not the one that was given: each would blame the engines."""
    same = np.mean([np.isin(a, b[:10]).mean() for a, b in zip(given, found, strict=True)])
    if same < 0.999:  # equals may stand in another order
        raise ValueError(f"only {same:.3f} of the truth that comes with the set was found again")


def _kept(path: Path, make: Callable[[], npt.NDArray[Any]]) -> Path:
    """A .npy file, made when it is not there; whole, or not there."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_suffix(".tmp.npy")
        np.save(temporary, make())
        temporary.rename(path)
    return path


def _short(rows: int) -> str:
    return f"{rows / 1e6:g}M" if rows >= 1_000_000 else f"{rows / 1e3:g}k"
