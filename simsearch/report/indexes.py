"""Indexes described: a list of them, or one in detail."""

from __future__ import annotations

import json
import shutil
import sys
import textwrap
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from simsearch.kinds.registry import kind_named
from simsearch.report.cells import count, line, size

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from simsearch.report.base_matches import BaseInfo
    from simsearch.store.format.history import Version
    from simsearch.store.format.manifest import AlignmentRecord
    from simsearch.store.info import IndexInfo

__all__ = ["alignment_note", "print_index", "print_indexes", "print_versions"]

LINE_WIDTH = 300
GAP = "  "
SHOWN_SEGMENTS = 20


def print_index(info: IndexInfo, form: str) -> None:
    """Print one index: a line for each property, or (json) an object."""
    if form == "json":
        print(json.dumps(_as_json(info), indent=1, ensure_ascii=False))
        return
    rows = {
        "name": info.name,
        "folder": info.folder,
        "items": count(info.items, info.kind),
        "deleted": f"{info.deleted:,}",
        "metric": info.metric,
        "dimension": info.dimension,
        **_searching(info),
        "compared": ", ".join(info.columns),
        "stored": ", ".join(info.stored_columns),
        "ids from": _ids(info),
        "source": info.source,
        "size": size(info.bytes),
        "created": info.created,
        "changed": f"{info.changed} (version {info.version})",
        "encoder": info.encoder or "none: the vectors are the user's",
        "vectors": "" if info.alignment is None else alignment_note(info.alignment),
    }
    width = max(map(len, rows)) + len(GAP)
    for name, value in rows.items():
        if value != "":
            print(_wrapped(f"{name:{width}}{line(value, LINE_WIDTH)}", width))


def alignment_note(aligned: AlignmentRecord) -> str:
    """How far the scores of aligned vectors are to be trusted."""
    kept = aligned.recall_kept
    recall = "" if kept is None else f", recall@1 kept {kept:.1%}"
    return (
        f"{count(aligned.items, 'item')} aligned by a map from {aligned.encoder[:12]}…, held-out "
        f"cosine {aligned.cosine:.3f}, neighbours kept {aligned.neighbours:.1%}{recall}: their "
        "scores are approximate until --re-embed"
    )


def _wrapped(text: str, indent: int) -> str:
    """A line as several, where it is to be read on a terminal that is not as wide."""
    if not sys.stdout.isatty():
        return text
    columns = shutil.get_terminal_size().columns
    return textwrap.fill(text, columns, subsequent_indent=" " * indent, break_on_hyphens=False)


def _ids(info: IndexInfo) -> str:
    """Where the ids come from; what they are, if they came beside the vectors."""
    if info.id_column:
        return info.id_column
    kind = kind_named(info.kind)
    if kind.given is None:
        return "paths, or row numbers" if kind.in_files else "row numbers"
    return {"string": "texts given with the vectors", "integer": "whole numbers"}.get(
        info.id_type or "", ""
    )


def print_indexes(
    infos: Sequence[IndexInfo], bases: Sequence[BaseInfo], root: Path, form: str
) -> None:
    """Print a line for each index, and for each base; (json) an array."""
    if form == "json":
        found = [*map(_as_json, infos), *map(asdict, bases)]
        print(json.dumps(found, indent=1, ensure_ascii=False))
        return
    if not infos and not bases:
        print(f"No index in {root}. Make one: simsearch index SOURCE -n NAME")
        return
    told: list[tuple[IndexInfo | BaseInfo, str]] = []
    told += [(info, count(info.items, info.kind)) for info in infos]
    told += [(base, count(base.rows, "row")) for base in bases]
    width = max(len(info.name) for info, _ in told)
    for info, items in told:
        print(f"{info.name:{width}}  {items:>18}  {size(info.bytes):>12}  {info.changed}")


def _as_json(info: IndexInfo) -> dict[str, Any]:
    return {**asdict(info), "folder": str(info.folder)}


def _searching(info: IndexInfo) -> dict[str, str]:
    """How the index is searched, part by part, and what was measured."""
    memory = f", at most {size(info.memory)} in memory" if info.memory else ""
    rows = {"asked for": f"{info.engine}, recall {info.recall:g}{memory}"}
    shown: dict[str, int] = {}
    for segment in info.segments[:SHOWN_SEGMENTS]:
        text = f"{segment.engine} of {segment.rows:,}{_parameters(segment.parameters)}"
        measured = segment.measured
        if measured is not None:
            text += (
                f": recall {measured.recall:.3f} ({measured.range_recall:.3f} within a distance), "
                f"{measured.latency_ms:.2f} ms a query, {measured.bytes_per_vector:,.0f} bytes a "
                "vector"
            )
        shown[text] = shown.get(text, 0) + 1
    for number, (text, times) in enumerate(shown.items(), 1):
        rows[f"part {number}"] = f"{times} x {text}" if times > 1 else text
    if len(info.segments) > SHOWN_SEGMENTS:
        rows["more parts"] = f"{len(info.segments) - SHOWN_SEGMENTS:,} (simsearch compact)"
    return rows


def print_versions(versions: Sequence[Version], form: str) -> None:
    """Print a line for each version of an index, newest last; (json) an array."""
    if form == "json":
        print(json.dumps([asdict(version) for version in versions], indent=1))
        return
    for version in versions:
        what = "written whole" if version.whole else "a small change"
        print(f"{version.number:>6}  {version.published or 'damaged':25}  {what}")


def _parameters(parameters: Any) -> str:
    inner = ", ".join(f"{name} {value:,}" for name, value in parameters.items())
    return f" ({inner})" if inner else ""
