"""Options that a run has no use for are refused by their names."""

from dataclasses import dataclass

import pytest

from simsearch.errors import OptionError
from simsearch.training.refusals import given_options, refuse


@dataclass
class Light:
    colour: str = "red"
    lumen: int | None = None


def test_only_what_differs_from_the_default_was_given() -> None:
    assert given_options(Light()) == []
    assert given_options(Light("blue", 5)) == ["colour", "lumen"]


def test_the_first_that_is_given_is_named() -> None:
    refuse([Light(), Light()], "is not for night")
    with pytest.raises(OptionError, match=r"^lumen is not for night$"):
        refuse([Light(), Light(lumen=5)], "is not for night")
