"""Each module of the store has a test of its own name, or a suite that is said to hold it."""

from pathlib import Path

import pytest

import simsearch.store

STORE = Path(simsearch.store.__file__).parent
TESTS = Path(__file__).parent
ENGINES = "../contract/test_engines.py"
JOIN = "join/test_join.py"
SUITES = {
    "engines/binary.py": ENGINES,
    "engines/cells.py": ENGINES,
    "engines/engine.py": ENGINES,
    "engines/faiss_file.py": "engines/test_traps.py",
    "engines/flat.py": ENGINES,
    "engines/hnsw.py": ENGINES,
    "engines/ivf.py": ENGINES,
    "engines/ivfpq.py": ENGINES,
    "engines/measure.py": "engines/test_tune.py",
    "engines/pq.py": ENGINES,
    "engines/rabitq.py": ENGINES,
    "engines/range_search.py": ENGINES,
    "engines/scalar.py": ENGINES,
    "format/segment_files.py": "test_damage.py",
    "info.py": "test_vector_index.py",
    "join/cells.py": JOIN,
    "join/compare.py": JOIN,
    "join/corpus.py": JOIN,
    "join/nearest.py": JOIN,
    "join/neighbours.py": JOIN,
    "join/options.py": JOIN,
    "join/part.py": JOIN,
    "join/plan.py": JOIN,
    "join/sample.py": JOIN,
    "join/stream.py": JOIN,
    "join/tiles.py": JOIN,
    "join/within.py": JOIN,
    "reading/items.py": "reading/test_memory_segment.py",
    "reading/segment.py": "reading/test_reader.py",
    "search/blocks.py": "search/test_exact.py",
    "search/matches.py": "../index/test_index.py",
    "upkeep/archive_members.py": "upkeep/test_archive.py",
    "upkeep/check.py": "test_damage.py",
    "upkeep/salvage.py": "test_damage.py",
    "writing/folder.py": "writing/test_writer.py",
    "writing/publication.py": "writing/test_writer.py",
    "writing/segment_writer.py": "writing/test_writer.py",
}
MODULES = [
    path.relative_to(STORE).as_posix()
    for path in sorted(STORE.rglob("*.py"))
    if path.name != "__init__.py"
]


@pytest.mark.parametrize("module", MODULES)
def test_each_module_is_held_by_a_suite(module: str) -> None:
    path = Path(module)
    own = TESTS / path.parent / f"test_{path.name}"
    assert own.exists() != (module in SUITES), f"{module}: one of the two, and not both"
    assert own.exists() or (TESTS / SUITES[module]).exists()


def test_no_suite_is_named_for_a_module_that_is_gone() -> None:
    assert SUITES.keys() <= set(MODULES)
