"""A writer that is to be killed: adds, replaces, removes and compacts without end.

    python -m tests.store.killed FOLDER SEED

It tells on standard output what it is about to do, `begin`, and what is done, `done`, each with
the number of the step: both sides can work out from it what the index holds. It forks a child for
each life that it is asked for (a line on standard input), as starting Python takes far longer
than most lives last.
"""

import os
import sys
from pathlib import Path
from random import Random

import numpy as np

from simsearch.store.options import IndexOptions
from simsearch.store.vector_index import VectorIndex
from simsearch.store.writing import writer as writing

DIMENSION, KEYS = 4, 40
Truth = dict[int, int]


def step_of(seed: int, number: int) -> tuple[str, list[int]]:
    """What a step does, and to which keys."""
    random = Random(f"{seed}-{number}")
    what = random.choices(["upsert", "remove", "compact", "prune"], [10, 4, 1, 1])[0]
    return what, random.sample(range(KEYS), random.choice([1, 2, 3, 12]))


def after(truth: Truth, seed: int, number: int) -> Truth:
    """What the index holds when the step is done: keys and the number of the step they are of."""
    what, keys = step_of(seed, number)
    if what == "upsert":
        return truth | dict.fromkeys(keys, number)
    if what == "remove":
        return {key: step for key, step in truth.items() if key not in keys}
    return truth


def do(index: VectorIndex, seed: int, number: int) -> None:
    """Take a step."""
    what, keys = step_of(seed, number)
    if what == "upsert":
        vectors = np.full((len(keys), DIMENSION), number, np.float32)
        index.upsert(keys, vectors, {"step": [number] * len(keys)})
    elif what == "remove":
        index.remove([key for key in keys if key in index])
    else:
        index.compact(prune=what == "prune")


def live(folder: Path, seed: int, first: int) -> None:
    """Steps from a number on, until the end comes."""
    index = VectorIndex.open(folder)
    number = first
    while True:
        os.write(1, f"begin {number}\n".encode())
        do(index, seed, number)
        os.write(1, f"done {number}\n".encode())
        number += 1


def main() -> None:
    """Fork a life for each line `FIRST` on standard input, and tell its process number."""
    folder, seed = Path(sys.argv[1]), int(sys.argv[2])
    writing.SMALL_ROWS, writing.SMALL_CHANGES = 10, 6
    VectorIndex.create(folder, DIMENSION, metric="euclidean", options=IndexOptions(engine="flat"))
    os.write(1, b"ready\n")
    for line in sys.stdin:
        child = os.fork()
        if not child:
            live(folder, seed, int(line))
        os.write(1, f"child {child}\n".encode())
        os.waitpid(child, 0)
        os.write(1, b"ended\n")


if __name__ == "__main__":
    main()
