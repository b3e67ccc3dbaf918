"""Other programs that find near copies of texts, and how a process of any of them is measured.

SemHash runs in an environment of its own (benchmarks/peers/setup.sh), whose interpreter
SIMSEARCH_SEMHASH_PYTHON may name; MinHash needs `pip install rensa`. A row that was measured before
stays on a page where its peer is not installed.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Process", "kept_row", "minhash", "semhash", "semhash_process", "whole_process"]

HERE = Path(__file__).resolve().parent
SEMHASH_PYTHON = Path(
    os.environ.get("SIMSEARCH_SEMHASH_PYTHON", HERE.parent / ".venv-semhash/bin/python")
)
# Where the table that SemHash is given is distilled to, once.
MODEL = Path(os.environ.get("SIMSEARCH_SEMHASH_MODEL", HERE.parent / ".venv-semhash/model2vec"))


class Process(NamedTuple):
    """What a process took: CPU seconds of all its threads, and MiB of memory at its peak."""

    seconds: float
    peak: float


def whole_process(command: Sequence[str], environment: dict[str, str] | None = None) -> Process:
    """Run a command to its end, its start and imports included.

    Raises:
        RuntimeError: it failed.
    """
    with tempfile.TemporaryFile() as told:
        started = subprocess.Popen(
            command, stdout=told, stderr=told, env={**os.environ, **(environment or {})}
        )
        _, status, usage = os.wait4(started.pid, 0)
        started.returncode = os.waitstatus_to_exitcode(status)
        if started.returncode:
            told.seek(0)
            raise RuntimeError(f"{command[0]} failed: {told.read().decode()[-2_000:]}")
    return Process(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def semhash_process(lines: Path, pairs: Path) -> Process:
    """SemHash on a file of lines, at its own defaults.

    Raises:
        ImportError: it is not installed.
    """
    if not SEMHASH_PYTHON.is_file():
        raise ImportError("semhash")
    command = [str(SEMHASH_PYTHON), str(HERE / "peers" / "semhash_0.py")]
    if not MODEL.is_dir():  # not part of what is measured
        empty = pairs.with_suffix(".none")
        empty.write_bytes(b"")
        whole_process([*command, str(empty), str(pairs), str(MODEL)])
    return whole_process([*command, str(lines), str(pairs), str(MODEL)])


def semhash(texts: list[str]) -> tuple[set[frozenset[int]], float]:
    """Pairs of rows, and the CPU seconds of its process.

    Raises:
        ImportError: it is not installed.
    """
    with tempfile.TemporaryDirectory() as folder:
        lines, pairs = Path(folder) / "lines.txt", Path(folder) / "pairs.jsonl"
        lines.write_text("\n".join(" ".join(text.split()) for text in texts) + "\n", "utf-8")
        seconds = semhash_process(lines, pairs).seconds
        return {frozenset(json.loads(line)) for line in pairs.read_text().splitlines()}, seconds


def minhash(texts: list[str]) -> set[frozenset[int]]:
    """MinHash over 4-grams of letters, pairs verified at a Jaccard similarity of .7.

    Raises:
        ImportError: rensa is not installed.
    """
    from rensa import RMinHash, RMinHashLSH

    grams = [{text.lower()[i : i + 4] for i in range(len(text) - 3)} for text in texts]
    index = RMinHashLSH(threshold=0.6, num_perm=128, num_bands=32)
    hashes = []
    for row, each in enumerate(grams):
        made = RMinHash(num_perm=128, seed=42)
        made.update(sorted(each))
        index.insert(row, made)
        hashes.append(made)
    found = set()
    for row, made in enumerate(hashes):
        for other in index.query(made):
            both, either = len(grams[row] & grams[other]), len(grams[row] | grams[other])
            if other > row and both >= 0.7 * max(either, 1):
                found.add(frozenset((row, other)))
    return found


def kept_row(page: Path, name: str, cells: int) -> str:
    """The row of a peer that is not installed: as a page has it, else one that says so.

    Args:
        page: of results, which may not be there.
        name: in the first cell.
        cells: of a row.
    """
    lines = page.read_text("utf-8").splitlines() if page.is_file() else []
    known = [line for line in lines if line.startswith(f"| {name} |")]
    if known:
        print(f"{name} is not installed: its row stays as it was", file=sys.stderr)
        return known[0]
    return f"| {name} | not installed |" + " |" * (cells - 2)
