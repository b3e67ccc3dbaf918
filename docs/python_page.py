"""Prints docs/python.md from the docstrings: python docs/python_page.py."""

from __future__ import annotations

import inspect
import types
from typing import TYPE_CHECKING, Any

import simsearch

if TYPE_CHECKING:
    from collections.abc import Iterator

HEAD = """# Python API

Written by `make docs` from the docstrings; a test compares the two. Everything here is imported
from `simsearch`, and loads what it needs when it is first used. Each command of the
[command line](cli.md) has a call of the same name with options of the same names.
"""


def page() -> str:
    """The whole page as Markdown."""
    return "\n".join([HEAD, *_sections()])


def _sections() -> Iterator[str]:
    for name in simsearch.__all__:
        value = getattr(simsearch, name)
        if name == "errors":
            yield _section("errors", inspect.getdoc(value) or "")
        elif inspect.isclass(value):
            yield _section(name, _class_text(name, value))
        elif callable(value):
            yield _section(name, _call_text(name, value))


def _section(title: str, text: str) -> str:
    return f"## {title}\n\n```text\n{text.rstrip()}\n```\n"


def _class_text(name: str, cls: type[Any]) -> str:
    parts = [f"class {name}", _indented(inspect.getdoc(cls))]
    for method, value in _members(cls):
        parts.append(_indented(_call_text(method, value)))
    return "\n\n".join(parts)


def _members(cls: type[Any]) -> Iterator[tuple[str, Any]]:
    """Public methods and properties, those of bases of this package included."""
    for each in cls.__mro__:
        if not each.__module__.startswith("simsearch"):
            continue
        for method, value in vars(each).items():
            first = next(base for base in cls.__mro__ if method in vars(base))
            if not method.startswith("_") and first is each and _is_documented(value):
                yield method, value


def _is_documented(value: object) -> bool:
    kinds = (types.FunctionType, property, classmethod, staticmethod)
    return isinstance(value, kinds) and bool(inspect.getdoc(value))


def _call_text(name: str, value: Any) -> str:
    if isinstance(value, property):
        return f"{name}\n{_indented(inspect.getdoc(value))}"
    call = value.__func__ if isinstance(value, (classmethod, staticmethod)) else value
    return f"{name}{_signature(call)}\n{_indented(inspect.getdoc(call))}"


def _signature(call: Any) -> str:
    """Parameters a line each where they do not fit into one."""
    signature = inspect.signature(call)
    shown = [str(each) for each in signature.parameters.values()]
    shown = [each for each in shown if each not in ("self", "cls")]
    kinds = [each.kind for each in signature.parameters.values()]
    if inspect.Parameter.KEYWORD_ONLY in kinds and inspect.Parameter.VAR_POSITIONAL not in kinds:
        keywords = sum(kind is inspect.Parameter.KEYWORD_ONLY for kind in kinds)
        rest = sum(kind is inspect.Parameter.VAR_KEYWORD for kind in kinds)
        shown.insert(len(shown) - keywords - rest, "*")
    returns = signature.return_annotation
    arrow = "" if returns is inspect.Signature.empty else f" -> {returns}"
    line = f"({', '.join(shown)}){arrow}".replace("'", "")
    if len(line) <= 90:
        return line
    return "(\n    " + ",\n    ".join(shown).replace("'", "") + f",\n){arrow}".replace("'", "")


def _indented(text: str | None) -> str:
    return "\n".join(f"    {line}".rstrip() for line in (text or "").splitlines())


if __name__ == "__main__":
    print(page(), end="")
