"""All pairs within a cosine among embedded titles: the join, faiss brute force, pynndescent.

    python benchmarks/pairs.py --data FOLDER                 250,000 arXiv titles, cosine .9
    python benchmarks/pairs.py --data FOLDER --rows 20000 --out /tmp

Titles are embedded by the record encoder that comes with simsearch, fitted to them; all joiners
read the same vectors. Each runs in a process of its own. faiss compares everything; its pairs are
the truth. Writes pairs.md into benchmarks/results/.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if not __package__:  # started as a file: let `benchmarks` be found
    sys.path[0] = str(Path(__file__).resolve().parent.parent)

import numpy as np

from benchmarks import machine
from benchmarks.job import Job, read_answer
from benchmarks.pairs_joiners import JOINERS, WARMING_ROWS

if TYPE_CHECKING:
    import numpy.typing as npt

RESULTS = Path(__file__).resolve().parent / "results"
ROOT = Path(__file__).resolve().parent.parent
TITLES = "arxiv_titles/arxiv_titles_250k.csv.gz"
ROWS, THRESHOLD = 250_000, 0.9
TRUTH = "faiss brute force"
# A score this near to the threshold may be rounded to either side of it.
ROUNDING = 1e-5
LEGEND = """\
*Seconds* is of the whole process, from starting the interpreter to the answer; *joining* leaves out
loading libraries and compiling, with {warming:,} rows joined before, and *CPU seconds* are those
of all cores in it, which other work on the machine changes less. *Peak MiB* is the most memory
that the process held, with what it read of the vectors ({size:.0f} MiB in a mapped file). Recall is
against faiss; *beyond* are pairs that faiss does not have, *on the edge* those of them and of the
missed whose cosine is within {rounding:g} of the threshold, where float32 rounds to either side."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one joiner found.

    Attributes:
        name: of the joiner.
        keys: (pairs,) int64, left * rows + right, ascending.
        facts: seconds, joining, cpu, peak_bytes, and what it told.
    """

    name: str
    keys: npt.NDArray[np.int64]
    facts: dict[str, Any]


def embedded(data: Path, rows: int) -> npt.NDArray[np.float32]:
    """(rows, 256) float32, the first titles as unit vectors."""
    import pyarrow as pa
    import pyarrow.csv as pc

    from simsearch.records.encoder.encoder import RecordEncoder

    options = pc.ConvertOptions(include_columns=["title"], column_types={"title": pa.string()})
    parsing = pc.ParseOptions(newlines_in_values=True)
    table = pc.read_csv(data / TITLES, convert_options=options, parse_options=parsing)
    table = table.slice(0, rows)
    return RecordEncoder.fit(table).encode(table)


def run(name: str, vectors: Path, rows: int, threshold: float) -> Outcome:
    """One joiner in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        job = Job(name, "vectors", str(vectors), None, f"{folder}/answer.npz", time.time())
        job.write(Path(folder) / "job.json")
        command = [sys.executable, "-m", "benchmarks.pairs_joiners", f"{folder}/job.json"]
        done = subprocess.run(
            [*command, name, str(threshold)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
        found = read_answer(job, done.stdout)
    left, right = found.pairs or (np.empty(0, np.int64),) * 2
    return Outcome(name, np.sort(left * rows + right), found.facts)


def page(outcomes: list[Outcome], path: Path, threshold: float) -> str:
    """The page for the documentation."""
    vectors = np.load(path, mmap_mode="r")
    facts = machine.facts()
    peer = f"pynndescent {importlib.metadata.version('pynndescent')}"
    lines = [
        "# All pairs", "", f"{facts['date']}; {facts['machine']}. {facts['versions']}, {peer}.", "",
        f"Pairs within cosine {threshold:g} among {len(vectors):,} arXiv titles as vectors of "
        f"{vectors.shape[1]} numbers.", "",
        "| joiner | pairs | recall | missed | beyond | on the edge | seconds | joining "
        "| CPU seconds | peak MiB | |",
        f"|{'---|' * 11}",
    ]  # fmt: skip
    truth = next((one.keys for one in outcomes if one.name == TRUTH), None)
    lines += [_line(one, truth, vectors, threshold) for one in outcomes]
    size = vectors.nbytes / 2**20
    legend = LEGEND.format(warming=WARMING_ROWS, size=size, rounding=ROUNDING)
    return "\n".join([*lines, "", legend, ""])


def _line(
    one: Outcome,
    truth: npt.NDArray[np.int64] | None,
    vectors: npt.NDArray[np.float32],
    threshold: float,
) -> str:
    compared = ["", "", "", ""]
    if truth is not None:
        missed, beyond = np.setdiff1d(truth, one.keys), np.setdiff1d(one.keys, truth)
        left, right = np.divmod(np.concatenate([missed, beyond]), len(vectors))
        cosines = np.einsum("ij,ij->i", vectors[left].astype(float), vectors[right].astype(float))
        edge = int((np.abs(cosines - threshold) < ROUNDING).sum())
        recall = 1 - len(missed) / max(1, len(truth))
        compared = [f"{recall:.4f}", f"{len(missed):,}", f"{len(beyond):,}", f"{edge:,}"]
    facts = one.facts
    costs = [f"{facts[key]:.1f}" for key in ("seconds", "joining", "cpu")]
    cells = [f"{len(one.keys):,}", *compared, *costs, f"{facts['peak_bytes'] / 2**20:,.0f}"]
    return f"| {one.name} | {' | '.join(cells)} | {facts['told']} |"


def main() -> int:
    """Embed, join, compare, write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    data = os.environ.get("SIMSEARCH_DATA", "data")
    parser.add_argument("--data", type=Path, default=Path(data), help="default $SIMSEARCH_DATA")
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--threshold", type=float, default=THRESHOLD)
    parser.add_argument("--joiners", default=";".join(JOINERS), help="parted by semicolons")
    parser.add_argument("--out", type=Path, default=RESULTS)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "vectors.npy"
        np.save(path, embedded(args.data, args.rows))
        rows = len(np.load(path, mmap_mode="r"))
        outcomes = []
        for name in args.joiners.split(";"):
            outcomes.append(run(name, path, rows, args.threshold))
            print(name, len(outcomes[-1].keys), outcomes[-1].facts, flush=True)
        written = page(outcomes, path, args.threshold)
    args.out.mkdir(parents=True, exist_ok=True)
    (args.out / "pairs.md").write_text(written, encoding="utf-8")
    print(written)
    return 0


if __name__ == "__main__":
    sys.exit(main())
