"""Every kind by its name: those of this folder, and those that were registered.

A kind is imported when it is first asked for: a query needs one of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from simsearch.errors import OptionError

if TYPE_CHECKING:
    from collections.abc import Callable

    from simsearch.kinds.kind import Kind

__all__ = ["kind_named", "kinds", "register"]


def _image() -> Kind:
    from simsearch.kinds.image import IMAGE

    return IMAGE


def _record() -> Kind:
    from simsearch.kinds.record import RECORD

    return RECORD


def _signal() -> Kind:
    from simsearch.kinds.signal import SIGNAL

    return SIGNAL


def _text() -> Kind:
    from simsearch.kinds.text import TEXT

    return TEXT


def _vector() -> Kind:
    from simsearch.kinds.vector import VECTOR

    return VECTOR


_KINDS: dict[str, Callable[[], Kind]] = {
    "image": _image,
    "record": _record,
    "signal": _signal,
    "text": _text,
    "vector": _vector,
}


def register(kind: Kind) -> Kind:
    """Add a kind to those that every command and call knows; gives the kind itself.

    Raises:
        OptionError: there is another of that name.
    """
    if kind.name in _KINDS and _KINDS[kind.name]() is not kind:
        raise OptionError(f"there is a kind {kind.name!r} already")
    _KINDS[kind.name] = lambda: kind
    return kind


def kinds() -> tuple[Kind, ...]:
    """Every kind, in the order in which they were registered."""
    return tuple(kind() for kind in _KINDS.values())


def kind_named(name: str) -> Kind:
    """The kind of that name.

    Raises:
        OptionError: there is none.
    """
    if name not in _KINDS:
        raise OptionError(f"there is no kind {name!r}; take {', '.join(_KINDS)}")
    return _KINDS[name]()
