"""Kinds by their names: those that come along, and those that are registered."""

import subprocess
import sys
from dataclasses import replace

import pytest

from simsearch.errors import OptionError
from simsearch.kinds.registry import kind_named, kinds, register

OWN = ["image", "record", "signal", "text", "vector"]


def test_every_kind_is_found_by_its_name() -> None:
    assert [kind.name for kind in kinds()][: len(OWN)] == OWN
    for kind in kinds():
        assert kind_named(kind.name) is kind


def test_a_name_that_there_is_not_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(OptionError, match="no kind 'video'; take image, record, signal, text"):
        kind_named("video")


def test_a_name_is_taken_once() -> None:
    assert register(kind_named("text")) is kind_named("text")
    with pytest.raises(OptionError, match="a kind 'text' already"):
        register(replace(kind_named("signal"), name="text"))
    assert kind_named("text").inline


def test_one_kind_is_found_without_the_others() -> None:
    code = (
        "import sys; from simsearch.kinds.registry import kind_named; kind_named('text');"
        "sys.exit(any(f'simsearch.kinds.{name}' in sys.modules for name in ('image', 'record')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
