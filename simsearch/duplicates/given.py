"""Options that are given for items which have them not."""

from __future__ import annotations

from simsearch.errors import OptionError

__all__ = ["refuse_given"]


def refuse_given(items: str, **options: object) -> None:
    """Say of an option that is given that it is for other items.

    Args:
        items: what the source holds, in the plural.
        options: by name; None is not given.

    Raises:
        OptionError: one is given.
    """
    for name, value in options.items():
        if value is not None:
            raise OptionError(f"`{name}` is not for {items}, which the source holds")
