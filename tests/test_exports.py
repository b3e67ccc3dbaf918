"""The public names are those that `__all__` lists, and they cost nothing until they are used."""

import ast
import importlib
import inspect
import pkgutil
import re
import subprocess
import sys
import textwrap
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

import simsearch
from simsearch.commands import COMMANDS

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


@pytest.mark.parametrize("name", COMMANDS)
def test_help_of_a_command_loads_nothing_heavy(name: str) -> None:
    code = f"from simsearch.commands import main\nmain([{name!r}, '--help'], standalone_mode=False)"
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


def public_calls() -> list[tuple[str, Callable[..., object]]]:
    """Every public function, and every public method of a public class, by its name."""
    found: list[tuple[str, Callable[..., object]]] = []
    for name in sorted(set(simsearch.__all__) - {"__version__", "errors"}):
        value = getattr(simsearch, name)
        if inspect.isclass(value):
            found += [(f"{name}.{method}", call) for method, call in methods(value)]
        else:
            found.append((name, value))
    return found


def methods(cls: type) -> list[tuple[str, Callable[..., object]]]:
    """Public methods that are written in this package."""
    found = []
    for name in dir(cls):
        value = getattr(cls, name)
        own = (getattr(value, "__module__", None) or "").startswith("simsearch")
        if not name.startswith("_") and inspect.isroutine(value) and own:
            found.append((name, value))
    return found


CALLS = public_calls()


@pytest.mark.parametrize(("name", "call"), CALLS, ids=[name for name, _ in CALLS])
def test_options_are_named(name: str, call: Callable[..., object]) -> None:
    """An editor completes them: none hides in `**keywords: Any`."""
    for each in inspect.signature(call).parameters.values():
        if each.kind is inspect.Parameter.VAR_KEYWORD:
            assert str(each.annotation).startswith("Unpack["), f"{name}(**{each.name}) is not typed"
        assert each.kind is not inspect.Parameter.VAR_POSITIONAL, f"{name}(*{each.name})"
        assert each.annotation is not inspect.Parameter.empty or each.name in {"self", "cls"}


@pytest.mark.parametrize(("name", "call"), CALLS, ids=[name for name, _ in CALLS])
def test_calls_are_explained(name: str, call: Callable[..., object]) -> None:
    """Each argument stands under Args, unless the docstring says all of it in a line."""
    text = inspect.getdoc(call)
    assert text, f"{name} has no docstring"
    arguments = [each for each in inspect.signature(call).parameters if each not in {"self", "cls"}]
    if len(arguments) > 1:
        told = text.partition("Args:")[2].partition("\n\n")[0]
        missing = [each for each in arguments if not re.search(rf"\b{each}\b", told)]
        assert not missing, f"{name} does not explain {missing}"


@pytest.mark.parametrize(("name", "call"), CALLS, ids=[name for name, _ in CALLS])
def test_errors_are_documented(name: str, call: Callable[..., object]) -> None:
    """A call that raises an error of ours itself says which."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(call)))
    raised = {
        node.exc.func.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Raise)
        and isinstance(node.exc, ast.Call)
        and isinstance(node.exc.func, ast.Name)
    }
    ours = {each for each in raised if each in simsearch.errors.__all__}
    told = (inspect.getdoc(call) or "").partition("Raises:")[2]
    assert not {each for each in ours if each not in told}, f"{name} raises {ours}"


def public_classes() -> dict[str, list[str]]:
    """The modules that define a class of each name."""
    found: dict[str, list[str]] = {}
    for name in MODULES:
        module = importlib.import_module(name)
        for each in getattr(module, "__all__", []):
            value = getattr(module, each)
            if inspect.isclass(value) and value.__module__ == name:
                found.setdefault(each, []).append(name)
    return found


def test_no_two_public_classes_of_one_name() -> None:
    twice = {name: homes for name, homes in public_classes().items() if len(homes) > 1}
    assert not twice
