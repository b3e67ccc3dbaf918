"""An import goes to a lower floor or stays in its own folder."""

import ast
from pathlib import Path

import pytest

import simsearch

PACKAGE = Path(simsearch.__file__).parent
FLOORS = (
    {"errors", "schema", "distance", "normalise", "columns", "threads"},
    {"sources", "encoders"},
    {"index", "evaluation"},
    {"matching", "search", "training", "anomaly"},
    {"duplicates"},
    {"report", "server", "distributed"},
    {"commands"},
)
FLOOR_OF = {name: floor for floor, names in enumerate(FLOORS) for name in names}
MODULES = [
    path
    for path in sorted(PACKAGE.rglob("*.py"))
    if path.parent != PACKAGE or path.stem in FLOOR_OF
]


def part_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported_parts(path: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno} imports relatively"
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
    return {name.split(".")[1] for name in names if name.startswith("simsearch.")} & FLOOR_OF.keys()


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_go_down(path: Path) -> None:
    part = part_of(path)
    if not FLOOR_OF[part]:
        assert imported_parts(path) <= FLOORS[0]
        return
    upward = {
        name for name in imported_parts(path) if name != part and FLOOR_OF[name] >= FLOOR_OF[part]
    }
    assert not upward, f"{part} (floor {FLOOR_OF[part]}) imports {sorted(upward)}"


def test_every_module_has_a_floor() -> None:
    parts = {part_of(path) for path in PACKAGE.rglob("*.py")} - {"__init__", "__main__"}
    assert parts <= FLOOR_OF.keys()
