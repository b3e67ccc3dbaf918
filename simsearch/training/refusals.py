"""Refuse options that have no effect on the encoder that is trained."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any

from simsearch.errors import OptionError

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["given_options", "refuse"]


def given_options(concern: Any) -> list[str]:
    """The options of a concern that are not as they are without being asked for.

    Args:
        concern: a dataclass of options, see `TrainOptions`.
    """
    return [each.name for each in fields(concern) if getattr(concern, each.name) != each.default]


def refuse(concerns: Iterable[Any], why: str) -> None:
    """Refuse every option of some concerns.

    Args:
        concerns: dataclasses of options, see `TrainOptions`.
        why: follows the name of the option.

    Raises:
        OptionError: one is given; the text names it.
    """
    for concern in concerns:
        for name in given_options(concern):
            raise OptionError(f"{name} {why}")
