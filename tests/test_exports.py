"""The public names are those that `__all__` lists, and they cost nothing until they are used."""

import ast
import importlib
import pkgutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import simsearch

HEAVY = (
    "torch faiss pandas pyarrow sklearn scipy numpy sqlalchemy rich rapidfuzz sentence_transformers"
)
ROOT = Path(simsearch.__file__).parent.parent
MODULES = [
    module.name
    for module in pkgutil.walk_packages(simsearch.__path__, "simsearch.")
    if module.name != "simsearch.__main__"
]


def heavy_after(code: str) -> list[str]:
    probe = f"{code}\nimport sys\nprint(*({HEAVY!r}.split() & sys.modules.keys()))"
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    return done.stdout.splitlines()[-1].split()


def test_all_is_what_is_exported() -> None:
    for name in simsearch.__all__:
        assert getattr(simsearch, name) is not None
    assert dir(simsearch) == sorted(simsearch.__all__)
    assert sorted(simsearch.__all__) == simsearch.__all__


def test_unknown_name() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = simsearch.nothing


def test_version_is_that_of_the_distribution() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert simsearch.__version__ == project["version"]


def test_importing_simsearch_loads_nothing_heavy() -> None:
    assert heavy_after("import simsearch") == []


def test_help_loads_nothing_heavy() -> None:
    code = "from simsearch.commands import main\nmain(['--help'], standalone_mode=False)"
    assert heavy_after(code) == []


@pytest.mark.parametrize("name", MODULES)
def test_module_lists_its_public_names(name: str) -> None:
    module = importlib.import_module(name)
    tree = ast.parse(Path(str(module.__file__)).read_text("utf-8"))
    defined = {
        node.name
        for node in tree.body
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_")
    }
    if defined:
        assert module.__all__, f"{name} has no __all__"
    for public in getattr(module, "__all__", []):
        assert hasattr(module, public)
