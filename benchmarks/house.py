"""The structure of the package in figures, and how far three ways lead through it.

    python benchmarks/house.py                      # this checkout
    python benchmarks/house.py --tree OTHER         # another one, say of an older commit

Files, exported names, files in circles; then three runs are traced (dedupe of a table, index and
query of pictures, a training run): how many functions and files of the package each goes through,
and how often it goes back up, that is, how often a function that is met for the first time stands
on a higher floor than the one met before it. A file's floor is the longest chain of imports below
it, with files that import each other taken as one.
"""

from __future__ import annotations

import argparse
import ast
import os
import subprocess
import sys
import tempfile
from itertools import pairwise
from pathlib import Path

import networkx as nx
import numpy as np

WAYS = {
    "a table through dedupe": "simsearch.dedupe('people.csv')",
    "pictures through index and query": (
        "index = simsearch.Index.create("
        "'pictures', 'pictures', encoder='encoder');"
        "index.query('pictures/a/0.png')"
    ),
    "a training run": "train('other')",
}
PREPARE = """
import os, sys, simsearch
def train(output):
    if hasattr(simsearch, 'TrainOptions'):  # of the house before
        return simsearch.train('pictures', output, simsearch.TrainOptions(steps=4))
    return simsearch.train('pictures', output, steps=4)
if not os.path.exists('encoder'):
    train('encoder')
"""
TRACE = """
met = []
seen = set()
def watch(frame, event, argument):
    code = frame.f_code
    name = code.co_filename
    # Bodies of modules and classes run as they are imported: no function, no optimized code.
    is_function = code.co_flags & 1 and code.co_name[0] != '<'
    if event == 'call' and ROOT in name and is_function and code not in seen:
        seen.add(code)
        met.append(os.path.relpath(name, ROOT) + ' ' + code.co_qualname)
import threading
threading.setprofile(watch)
sys.setprofile(watch)
%s
sys.setprofile(None)
print('WAY', *met, sep='\\n')
"""


def modules(tree: Path) -> dict[str, Path]:
    package = tree / "simsearch"
    return {
        ".".join(path.relative_to(tree).with_suffix("").parts).removesuffix(".__init__"): path
        for path in sorted(package.rglob("*.py"))
    }


def import_graph(tree: Path) -> nx.DiGraph:
    """An edge from each file to each that it imports, for types and late imports too."""
    files = modules(tree)
    graph = nx.DiGraph()
    graph.add_nodes_from(files)
    for name, path in files.items():
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = []
            if isinstance(node, ast.ImportFrom):
                inner = [f"{node.module}.{alias.name}" for alias in node.names]
                names = [each if each in files else str(node.module) for each in inner]
            elif isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            graph.add_edges_from((name, each) for each in names if each in files and each != name)
    return graph


def floors(graph: nx.DiGraph) -> dict[str, int]:
    """The longest chain of imports below each file."""
    condensed = nx.condensation(graph)
    depth: dict[int, int] = {}
    for node in reversed(list(nx.topological_sort(condensed))):
        depth[node] = 1 + max((depth[each] for each in condensed[node]), default=-1)
    return {name: depth[condensed.graph["mapping"][name]] for name in graph}


def exported(tree: Path) -> int:
    """Names in the `__all__` of every file."""
    count = 0
    for path in modules(tree).values():
        for node in ast.parse(path.read_text("utf-8")).body:
            if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
                count += len(getattr(node.value, "elts", ()))
    return count


def make_inputs(folder: Path) -> None:
    from PIL import Image

    names = ["ann", "bob", "cleo", "dan", "eve", "finn", "gus", "hal"]
    rows = [f"{a} {b}son,{a}@{b}.example,{10 * i + j} High Street" for i, a in enumerate(names)
            for j, b in enumerate(names)]  # fmt: skip
    rows += [row.replace("son", "sn") for row in rows[::3]]
    (folder / "people.csv").write_text("\n".join(["name,email,street", *rows]) + "\n")
    random = np.random.default_rng(0)
    for label in "abcd":
        (folder / "pictures" / label).mkdir(parents=True)
        base = random.integers(0, 255, (24, 24, 3))
        for number in range(12):
            noisy = np.clip(base + random.normal(0, 12, base.shape), 0, 255).astype(np.uint8)
            Image.fromarray(noisy).save(folder / "pictures" / label / f"{number}.png")


def way(tree: Path, code: str, folder: Path) -> list[str]:
    script = f"ROOT = {str(tree / 'simsearch')!r}\n{PREPARE}{TRACE % code}"
    environment = {**os.environ, "PYTHONPATH": str(tree), "SIMSEARCH_INDEXES": "indexes"}
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=folder, env=environment, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return done.stdout.partition("WAY\n")[2].splitlines()


def turns(met: list[str], floor_of: dict[str, int]) -> int:
    files = [line.split(" ")[0] for line in met]
    steps = [
        floor_of[
            "simsearch." + file.removesuffix(".py").replace("/", ".").removesuffix(".__init__")
        ]
        for file in files
        if file != "__init__.py"
    ]
    return sum(above > below for below, above in pairwise(steps))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--tree", type=Path, default=Path(__file__).resolve().parent.parent)
    tree = parser.parse_args().tree.resolve()
    files, graph = modules(tree), import_graph(tree)
    lengths = sorted(len(path.read_text("utf-8").splitlines()) for path in files.values())
    rounds = [each for each in nx.strongly_connected_components(graph) if len(each) > 1]
    floor_of = floors(graph)
    print(f"files {len(files)}, lines {sum(lengths):,}, longest {lengths[-1]}")
    print(f"under 100 lines {sum(each < 100 for each in lengths)}, over 400 "
          f"{sum(each > 400 for each in lengths)}")  # fmt: skip
    print(f"exported names {exported(tree)}; circles of files {len(rounds)}")
    for room in ("index", "store"):
        inside = [name for name in files if name.startswith(f"simsearch.{room}.")]
        if inside:
            room_floors = floors(graph.subgraph(inside))
            print(f"{room}/: {len(inside)} files on {1 + max(room_floors.values())} floors")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        make_inputs(folder)
        for title, code in WAYS.items():
            met = way(tree, code, folder)
            print(f"{title}: {len(met)} functions, {len({line.split(' ')[0] for line in met})} "
                  f"files, {turns(met, floor_of)} times back up")  # fmt: skip


if __name__ == "__main__":
    main()
