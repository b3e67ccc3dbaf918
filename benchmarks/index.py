"""The index benchmark: queries a second at a recall, side by side with FAISS, hnswlib, usearch.

    python benchmarks/index.py --data FOLDER             both sets
    python benchmarks/index.py --sets clustered --rows 50000 --rounds 2     a trial
    python benchmarks/index.py --data FOLDER --quick     small sets, simsearch and faiss IVF-PQ
    python benchmarks/index.py --sets wide --name index_wide    768 numbers, 1 GiB of memory

The sets: GloVe word vectors from --data, and a made mixture (`vectors.py`); of `wide` only what
fits --memory is built. simsearch is asked
for a recall; every peer is swept by hand (`index_recipes.py`). How it is timed stands on the page,
and in `index_run.py`. Graphs take minutes to build: they are kept in --cache and used again by
later runs with the same versions and vectors, and the page says when they were built; --anew
builds them again. Writes NAME.md, NAME.csv and NAME.png into benchmarks/results/.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from pathlib import Path

if not __package__:  # started as a file: let `benchmarks` be found
    sys.path[0] = str(Path(__file__).resolve().parent.parent)

from benchmarks import index_tables, machine, vectors
from benchmarks.index_run import Outcome, Plan, run
from simsearch.store.options import parse_bytes

RESULTS = Path(__file__).resolve().parent / "results"
SETS, WIDE = ("glove", "clustered"), "wide"
WIDE_DIMENSION, WIDE_MEMORY = 768, "1GiB"
QUICK_ROWS, QUICK_FAMILIES = 20_000, ("simsearch", "faiss flat", "faiss IVF-PQ")
MADE_ROWS = 1_000_000
# Beside simsearch and faiss.
PEER_PACKAGES = ("faiss-cpu", "hnswlib", "usearch")


def main() -> int:
    """Run what the command line asks for; exit code 1 when a mark is missed."""
    args = _arguments()
    # For every engine's process: threads that wait for a core someone else uses must not spin.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    outcomes: list[Outcome] = []
    for name in args.sets.split(","):
        try:
            chosen = _set(name, args)
        except FileNotFoundError as error:
            print(f"{name}: left out, {error.filename} is not there", file=sys.stderr)
            continue
        outcomes.append(run(chosen, _plan(name, chosen, args)))
    if not outcomes:
        return 1
    facts = machine.facts()
    facts["versions"] += "".join(f", {told}" for told in machine.versions(PEER_PACKAGES[1:]))
    args.out.mkdir(parents=True, exist_ok=True)
    image, table, page = (args.out / f"{args.name}.{kind}" for kind in ("png", "csv", "md"))
    index_tables.plot(outcomes, facts, image)
    index_tables.write_csv(outcomes, table)
    missed = index_tables.write_page(outcomes, facts, page)
    print(f"{page} written; {missed} marks missed")
    return 1 if missed else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    data = os.environ.get("SIMSEARCH_DATA", "data")
    parser.add_argument("--data", type=Path, default=Path(data), help="folder with glove100_100k")
    parser.add_argument(
        "--sets", default=",".join(SETS), help="comma-separated: glove, clustered, wide"
    )
    parser.add_argument("--families", help="comma-separated, such as simsearch,faiss HNSW")
    parser.add_argument("--rows", type=int, help="of each set, for a trial")
    parser.add_argument("--rounds", type=int, default=3, help="of timing; default: 3")
    parser.add_argument("--quick", action="store_true", help="small sets, few engines")
    parser.add_argument("--cache", type=Path, default=vectors.default_cache())
    parser.add_argument("--anew", action="store_true", help="build graphs again")
    parser.add_argument("--folder", type=Path, help="on the disk to build on; default: temporary")
    parser.add_argument("--limit", type=float, default=900, help="seconds for one step")
    parser.add_argument("--memory", default=WIDE_MEMORY, help="of the set wide; default: 1GiB")
    parser.add_argument("--name", default="index", help="of the page; default: index")
    parser.add_argument("--out", type=Path, default=RESULTS, help="folder for the results")
    args = parser.parse_args()
    if args.quick:
        args.rows = args.rows or QUICK_ROWS
        args.families = args.families or ",".join(QUICK_FAMILIES)
    unknown = sorted(set(args.sets.split(",")) - {*SETS, WIDE})
    if unknown:
        parser.error(f"unknown set {unknown[0]!r}; there are: {', '.join((*SETS, WIDE))}")
    return args


def _set(name: str, args: argparse.Namespace) -> vectors.VectorSet:
    if name == "glove":
        return vectors.glove(args.data, args.cache, args.rows)
    dimension = WIDE_DIMENSION if name == WIDE else vectors.DIMENSION
    return vectors.clustered(args.cache, args.rows or MADE_ROWS, dimension=dimension)


def _plan(name: str, chosen: vectors.VectorSet, args: argparse.Namespace) -> Plan:
    """Graphs are kept by set, size and versions."""
    label = "-".join(chosen.truth.parent.name.split())
    told = "_".join(version.replace(" ", "-") for version in machine.versions(PEER_PACKAGES))
    kept = args.cache / "indexes" / label / told
    if args.anew:
        shutil.rmtree(kept, ignore_errors=True)
    families = frozenset(args.families.split(",")) if args.families else None
    folder = Path(tempfile.mkdtemp(prefix=f"simsearch-{name}-", dir=args.folder))
    memory = parse_bytes(args.memory) if name == WIDE else None
    return Plan(folder, kept, args.rounds, limit=args.limit, families=families, memory=memory)


if __name__ == "__main__":
    sys.exit(main())
