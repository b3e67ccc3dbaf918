"""A template filled in, as one file that needs no other."""

from __future__ import annotations

from pathlib import Path
from typing import Any

__all__ = ["rendered"]


def rendered(template: str, **content: Any) -> str:
    """The page of a template in this folder; what is filled in is escaped.

    Args:
        template: name of the file.
        content: strings, lists … by the names that the template uses; markup only as `Markup`.
    """
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    folder = Path(__file__).parent
    environment = Environment(
        loader=FileSystemLoader(folder), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    return environment.get_template(template).render(**content)
