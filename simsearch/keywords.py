"""Keywords of calls: each is written once, with its type, its words and what it is by default.

A call takes `**options: Unpack[SomeKeywords]`, a `TypedDict` whose values are annotated with a
`Keyword`; by it type checkers and editors know the names and types. `takes` tells everybody else:
`inspect.signature`, `help` and notebooks see the keywords as if they stood in the call, with their
words, and the body of the call finds a value for every one. The command line takes its words from
the same place.
"""

from __future__ import annotations

import inspect
import re
import textwrap
from dataclasses import dataclass, fields
from functools import wraps
from typing import TYPE_CHECKING, Any, ForwardRef, TypeVar, cast, get_args

from simsearch.errors import nearest_names

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Call = TypeVar("Call", bound=Callable[..., Any])

__all__ = ["Keyword", "keywords_of", "taken", "takes"]

Made = TypeVar("Made")
WIDTH = 100


@dataclass(frozen=True, slots=True)
class Keyword:
    """What is told of a keyword.

    Attributes:
        words: what it is, and what happens without it: a clause in lower case and a full stop.
        default: its value where it is not given.
    """

    words: str
    default: Any = None


def keywords_of(keywords: type) -> dict[str, Keyword]:
    """The keywords of a `TypedDict`, in order.

    Args:
        keywords: whose values are `Annotated` with a `Keyword`, those of its bases included.
    """
    return {name: get_args(each)[1] for name, each in keywords.__annotations__.items()}


def takes(keywords: type) -> Callable[[Call], Call]:
    """Let a call show the keywords of a `TypedDict` as its own, and give them their defaults.

    Args:
        keywords: what its `**options` are; the docstring says `**options: see …` under Args, in
            whose place the words of each come.
    """

    def decorate(call: Call) -> Call:
        signature = inspect.signature(call)
        *stated, rest = signature.parameters.values()
        known, own = keywords_of(keywords), {each.name for each in stated}
        defaults = {name: each.default for name, each in known.items()}

        @wraps(call)
        def taking(*args: Any, **options: Any) -> Any:
            for name in options.keys() - defaults.keys() - own:
                near = nearest_names(name, [*own, *defaults])
                raise TypeError(f"{call.__name__}() takes no argument {name!r}; {near}")
            return call(*args, **{**defaults, **options})

        shown = [_parameter(name, each, keywords) for name, each in known.items()]
        taking.__signature__ = signature.replace(  # type: ignore[attr-defined]  # read by inspect
            parameters=[*stated, *shown]
        )
        taking.__doc__ = _explained(call.__doc__ or "", rest.name, known)
        return cast("Call", taking)

    return decorate


def taken(made: type[Made], options: Mapping[str, Any]) -> Made:
    """A dataclass of those options that are fields of it."""
    names = {each.name for each in fields(made)}  # type: ignore[arg-type]  # a dataclass
    return made(**{name: value for name, value in options.items() if name in names})


def _parameter(name: str, keyword: Keyword, keywords: type) -> inspect.Parameter:
    kind, default = inspect.Parameter.KEYWORD_ONLY, keyword.default
    annotation = _type_text(get_args(keywords.__annotations__[name])[0])
    return inspect.Parameter(name, kind, default=default, annotation=annotation)


def _type_text(annotation: object) -> str:
    """A type as it is written."""
    if isinstance(annotation, ForwardRef):
        return annotation.__forward_arg__
    name = annotation.__name__ if isinstance(annotation, type) else str(annotation)
    return re.sub(r"\b(?:[a-z_]+\.)+(?=[A-Z])", "", name)


def _explained(text: str, options: str, known: Mapping[str, Keyword]) -> str:
    """A docstring with the words of each keyword in the place of one line for all."""
    found = re.search(rf"^( *)\*\*{options}: .*\n", text, re.M)
    if found is None:
        return text
    indent = found[1]
    told = (
        textwrap.fill(
            f"{name}: {each.words}",
            WIDTH,
            initial_indent=indent,
            subsequent_indent=f"{indent}    ",
            break_long_words=False,
            break_on_hyphens=False,
        )
        for name, each in known.items()
    )
    return text[: found.start()] + "\n".join([*told, ""]) + text[found.end() :]
