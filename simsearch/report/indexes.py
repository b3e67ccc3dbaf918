"""Indexes described: a list of them, or one in detail."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from simsearch.report.cells import count, line

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from simsearch.index.info import IndexInfo

__all__ = ["print_index", "print_indexes"]

LINE_WIDTH = 300


def print_index(info: IndexInfo, form: str) -> None:
    """Print one index: a line for each property, or (json) an object."""
    if form == "json":
        print(json.dumps(_as_json(info), indent=1, ensure_ascii=False))
        return
    parts = ", ".join(f"{s.kind} of {s.rows:,}{_parameters(s.parameters)}" for s in info.segments)
    rows = {
        "name": info.name,
        "folder": info.folder,
        "items": count(info.items, info.item_kind),
        "deleted": f"{info.deleted:,}",
        "metric": info.metric,
        "dimension": info.dimension,
        "segments": parts,
        "compared": ", ".join(info.columns),
        "stored": ", ".join(info.stored_columns),
        "ids from": info.id_column or "row numbers",
        "source": info.source,
        "size": f"{info.bytes / 2**20:,.1f} MiB",
        "created": info.created,
        "changed": f"{info.changed} (generation {info.generation})",
        "encoder": info.encoder,
    }
    width = max(map(len, rows))
    for name, value in rows.items():
        print(f"{name:{width}}  {line(value, LINE_WIDTH)}")


def print_indexes(infos: Sequence[IndexInfo], root: Path, form: str) -> None:
    """Print a line for each index; (json) an array."""
    if form == "json":
        print(json.dumps([_as_json(info) for info in infos], indent=1, ensure_ascii=False))
        return
    if not infos:
        print(f"No index in {root}. Make one: simsearch index SOURCE -n NAME")
        return
    width = max(len(info.name) for info in infos)
    for info in infos:
        size = f"{info.bytes / 2**20:,.1f} MiB"
        print(f"{info.name:{width}}  {count(info.items, 'item'):>18}  {size:>12}  {info.changed}")


def _as_json(info: IndexInfo) -> dict[str, Any]:
    return {**asdict(info), "folder": str(info.folder)}


def _parameters(parameters: Any) -> str:
    inner = ", ".join(f"{name} {value:,}" for name, value in parameters.items())
    return f" ({inner})" if inner else ""
