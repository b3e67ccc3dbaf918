"""An option of a command has the name of the argument that it becomes in Python."""

import inspect
from collections.abc import Callable
from typing import Any

import click
import pytest

import simsearch
from simsearch import Index
from simsearch.commands import COMMANDS, main

# What a command calls; a command of an index opens it first.
CALLS: dict[str, tuple[Callable[..., Any], ...]] = {
    "dedupe": (simsearch.dedupe,),
    "explain": (simsearch.explain, Index.open, Index.explain),
    "label": (simsearch.label,),
    "link": (simsearch.link,),
    "apply": (simsearch.apply,),
    "columns": (simsearch.columns,),
    "index": (Index.create, Index.update, Index.migrate, Index.re_embed),
    "query": (Index.open, Index.query, Index.query_batch),
    "duplicates": (Index.open, Index.duplicates),
    "classify": (Index.open, Index.classify),
    "anomalies": (Index.open, Index.anomalies),
    "train": (simsearch.train,),
    "verify": (simsearch.verify,),
    "evaluate": (simsearch.evaluate,),
    "plot": (simsearch.plot,),
    "recalibrate": (Index.open, simsearch.recalibrate),
    "remove": (Index.open, Index.remove),
    "info": (Index.open, Index.info),
    "compact": (Index.open, Index.compact),
    "check": (simsearch.check,),
    "export": (Index.open, Index.export),
    "import": (Index.import_archive,),
}
# How results are shown or saved, and what a call of another name is for.
SHOWN = {
    "output",
    "output_table",
    "pairs_table",
    "golden_table",
    "provenance_table",
    "unique_table",
    "overwrite",
    "unique",
    "pairs",
    "plan",
    "rejects",
    "golden",
    "rules",
    "provenance",
    "report",
    "redact",
    "quiet",
    "form",
    "versions",
    "log",
    "top",
}
ASKED = {
    # The right side of `link`; `RecordBase.add` and `RecordBase.undo`.
    "dedupe": {"against", "into", "undo"},
    "index": {"update", "migrate", "re_embed"},
    # `within` is min_score without k; records, ids and files are what is asked about.
    "query": {"within", "record", "like", "file"},
    "remove": {"id"},
    "recalibrate": {"names"},
}


def arguments(call: Callable[..., Any]) -> set[str]:
    """The names that a call takes, those of typed keywords included."""
    names: set[str] = set()
    for each in inspect.signature(call).parameters.values():
        if each.kind is inspect.Parameter.VAR_KEYWORD:
            names |= keywords(call, str(each.annotation))
        else:
            names.add(each.name)
    return names


def keywords(call: Callable[..., Any], annotation: str) -> set[str]:
    """The names of a TypedDict, given `Unpack[Name]`."""
    name = annotation.removeprefix("Unpack[").removesuffix("]")
    module = inspect.getmodule(call)
    found = getattr(module, name, None)
    if found is None:  # imported for types alone
        from simsearch.kinds import keywords as of_kinds

        found = getattr(of_kinds, name)
    return set(found.__annotations__)


def test_every_command_has_a_call() -> None:
    assert CALLS.keys() == COMMANDS.keys()


@pytest.mark.parametrize("name", CALLS)
def test_options_bear_the_names_of_arguments(name: str) -> None:
    command = main.get_command(click.Context(main), name)
    assert command is not None
    known = set().union(*(arguments(call) for call in CALLS[name]))
    options = {each.name for each in command.params if isinstance(each, click.Option)}
    exposed = {each.name for each in command.params if each.expose_value}
    strange = (options & exposed) - known - SHOWN - ASKED.get(name, set())
    assert not strange
