"""Every engine of index on two sorts of vectors, and what exact copies do to a graph.

    python benchmarks/engines.py [--rows 100000]

Embeddings of records (made persons, the record encoder fitted to them) are spread almost evenly;
the made mixture of `vectors.py` lies in clusters. Each engine is asked for a recall of .95 and
tunes itself; it then answers 1,000 queries that it never saw, in batches and on one thread. Below,
groups of 200 exact copies among other vectors are asked for: FAISS's graph, and ours, which holds
each vector once. Writes engines.md into benchmarks/results/.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

if not __package__:  # started as a file: let `benchmarks` be found
    sys.path[0] = str(Path(__file__).resolve().parent.parent)

import numpy as np
import numpy.typing as npt

from benchmarks import machine, made
from benchmarks.vectors import mixture
from simsearch.distance import Metric
from simsearch.files import SYSTEM
from simsearch.store.engines import ENGINES
from simsearch.store.engines.engine import Searcher, SearchTarget
from simsearch.store.format.durable import HashedFile
from simsearch.store.search.exact import nearest

RESULTS = Path(__file__).resolve().parent / "results"
QUERIES, K, ROUNDS = 1_000, 10, 3
ASKED = 0.95
COPIES, GROUPS, OTHERS = 200, 20, 30_000
Vectors = npt.NDArray[np.float32]


def records(rows: int) -> Vectors:
    """Embeddings of made persons, of unit length."""
    import pyarrow as pa

    from simsearch.records.encoder.encoder import RecordEncoder

    table = pa.Table.from_pandas(made.persons(rows)[0].astype(str), preserve_index=False)
    return RecordEncoder.fit(table.slice(0, min(rows, 50_000))).encode(table)


def built(name: str, vectors: Vectors, metric: Metric, folder: Path) -> tuple[Searcher, Any, float]:
    """An engine over vectors, opened from its file; what it was built with; and seconds."""
    engine, path = ENGINES[name], folder / f"{name}.faiss"
    started = time.perf_counter()
    if engine.has_file:
        with HashedFile(SYSTEM.create(path)) as file:
            made_of = engine.build(vectors, metric, SearchTarget(ASKED), file)
    else:
        made_of = engine.build(vectors, metric, SearchTarget(ASKED), None)
    seconds = time.perf_counter() - started
    opened = engine.open(
        path if engine.has_file else None, lambda: vectors, metric, made_of.parameters
    )
    return opened, made_of, seconds


def row_of(
    name: str, vectors: Vectors, queries: Vectors, metric: Metric, folder: Path
) -> list[str]:
    """One line of the table."""
    import faiss

    searcher, made_of, seconds = built(name, vectors, metric, folder)
    worst = nearest(queries, vectors, K, metric)[0][:, -1:]
    faiss.omp_set_num_threads(1)
    try:
        taken = []
        for _ in range(ROUNDS):
            started = time.perf_counter()
            values = searcher.search(queries, K, None)[0]
            taken.append(time.perf_counter() - started)
    finally:
        faiss.omp_set_num_threads(machine.cores())
    slack = 1e-4 * (1 + np.abs(worst))
    near = values >= worst - slack if metric.larger_is_closer else values <= worst + slack
    measured = made_of.measured
    return [
        name,
        ", ".join(f"{key} {value:,}" for key, value in made_of.parameters.items()),
        f"{measured.recall:.3f}" if measured else "1",
        f"{near.mean():.3f}",
        f"{1e3 * median(taken) / len(queries):.3f}",
        f"{measured.bytes_per_vector:,.0f}" if measured else "0",
        f"{seconds:.1f}",
    ]


def table_of(title: str, vectors: Vectors, queries: Vectors, metric: Metric) -> list[str]:
    """A table of all engines that serve the metric."""
    head = ["engine", "settings", "promised", "recall", "ms a query", "bytes beside", "build s"]
    lines = [f"## {title}", "", f"| {' | '.join(head)} |", "|" + "---|" * len(head)]
    for name, engine in ENGINES.items():
        if engine.refusal(metric) is None:
            with tempfile.TemporaryDirectory() as folder:
                line = f"| {' | '.join(row_of(name, vectors, queries, metric, Path(folder)))} |"
            print(line, flush=True)
            lines.append(line)
    return [*lines, ""]


def copies() -> list[str]:
    """How many of their copies the members of groups find, in FAISS's graph and in our engines."""
    import faiss

    rng = np.random.default_rng(0)
    metric = Metric.COSINE
    originals = rng.normal(size=(GROUPS, 64)).astype(np.float32)
    others = rng.normal(size=(OTHERS, 64)).astype(np.float32)
    vectors = metric.prepare(np.concatenate([np.repeat(originals, COPIES, axis=0), others]))
    vectors = vectors[rng.permutation(len(vectors))]
    queries = metric.prepare(originals)
    true = [set(np.flatnonzero(vectors @ query > 1 - 1e-5).tolist()) for query in queries]
    graph = faiss.IndexHNSWFlat(64, 32, faiss.METRIC_INNER_PRODUCT)
    graph.add(vectors)
    lines = ["## Duplicates", "", "| | copies found |", "|---|---|"]
    for effort in (64, 256, 1_024):
        parameters = faiss.SearchParametersHNSW(efSearch=effort)
        rows = graph.search(queries, COPIES, params=parameters)[1]
        share = np.mean(
            [len(t & set(r.tolist())) / COPIES for t, r in zip(true, rows, strict=True)]
        )
        lines.append(f"| FAISS HNSW32, efSearch {effort} | {share:.1%} |")
    with tempfile.TemporaryDirectory() as folder:
        for name in ("flat", "ivf", "ivfpq", "pq", "rabitq", "hnsw"):
            rows = built(name, vectors, metric, Path(folder))[0].search(queries, COPIES, None)[1]
            found = [len(t & set(r.tolist())) for t, r in zip(true, rows, strict=True)]
            lines.append(f"| simsearch {name} | {np.mean(found) / COPIES:.1%} |")
    return [*lines, ""]


def main() -> int:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--out", type=Path, default=RESULTS)
    args = parser.parse_args()
    facts = machine.facts()
    lines = [
        "# Kinds of index", "", f"{facts['date']}; {facts['machine']}. {facts['versions']}.", "",
        f"{args.rows:,} vectors; recall of {ASKED} of the {K} nearest asked for. *Promised*: on",
        f"points of the corpus held out. *Recall*, *ms a query*: {QUERIES:,} queries that",
        "are not in the index, together, on one thread. *Bytes beside*: what is kept of each",
        "vector beside it.", "",
    ]  # fmt: skip
    persons = records(args.rows + QUERIES)
    lines += table_of(
        f"Embeddings of records, {persons.shape[1]} numbers, cosine",
        persons[:-QUERIES], persons[-QUERIES:], Metric.COSINE,
    )  # fmt: skip
    mixed = mixture(args.rows + QUERIES, 0)
    lines += table_of(
        f"A mixture of clusters, {mixed.shape[1]} numbers, euclidean",
        mixed[:-QUERIES], mixed[-QUERIES:], Metric.EUCLIDEAN,
    )  # fmt: skip
    lines += copies()
    text = "\n".join(lines)
    print(text)
    (args.out / "engines.md").write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
