"""dedupe 3 with answers: `python benchmarks/peers/dedupe_3.py JOB.json`, in its own environment.

Columns are `String`, as its own first example has them, and `Text` where cells are long, as its
documentation says. The job names a table, the true groups, and the answers that it learns from
after each step: pairs of rows, or as many as it asks for itself (`uncertain_pairs`). Its groups are
those of `partition` at .5, its default. benchmarks/peers/setup.sh makes the environment.
"""

from __future__ import annotations

import json
import random
import re
import sys
from pathlib import Path
from typing import Any

import dedupe
import numpy as np
import pandas as pd
from dedupe import variables

# Words of a cell in the mean, beyond which a column is one of blocks of text.
LONG = 12
# Rows that it looks at by default.
SAMPLE = 1_500
Pairs = list[tuple[int, int]]
Records = dict[int, dict[str, str | None]]


def main() -> None:
    """Groups after each step, (steps, rows); a row of -1 where it could not learn."""
    job = json.loads(Path(sys.argv[1]).read_text("utf-8"))
    random.seed(0)
    np.random.seed(0)
    records = rows_of(pd.read_csv(job["table"], dtype="str", keep_default_na=False))
    groups, steps = np.load(job["groups"]), job["steps"]
    pairs: Pairs = job["pairs"] or asked(records, groups, max(steps))
    same = [bool(groups[left] == groups[right]) for left, right in pairs]
    found = [partitioned(records, pairs[:step], same[:step]) for step in steps]
    np.savez(job["out"], groups=np.array(found), same=np.array(same))


def rows_of(table: pd.DataFrame) -> Records:
    """Rows as its examples clean them: one space, lower case, None for nothing."""
    rows: list[dict[str, str]] = table.to_dict("records")
    return {
        number: {name: re.sub(r"\s+", " ", value).strip().lower() or None
                 for name, value in row.items()}
        for number, row in enumerate(rows)
    }  # fmt: skip


def prepared(records: Records) -> dedupe.Dedupe:
    """A matcher that knows the table, and no answers."""
    fields = [
        (variables.Text if is_long(name, records) else variables.String)(name, has_missing=True)
        for name in records[0]
    ]
    matcher = dedupe.Dedupe(fields, num_cores=0, in_memory=True)
    # It refuses answers about rows that its sample lacks.
    matcher.prepare_training(records, sample_size=max(SAMPLE, len(records)))
    return matcher


def is_long(name: str, records: Records) -> bool:
    """Whether the cells of a column are blocks of text."""
    words = [len(record[name].split()) for record in records.values() if record[name]]
    return float(np.mean(words or [0])) > LONG


def asked(records: Records, groups: np.ndarray[Any, Any], count: int) -> Pairs:
    """The rows of the pairs that it wants to know of, one after another."""
    matcher, pairs = prepared(records), []
    places = {tuple(record.items()): number for number, record in records.items()}
    for _ in range(count):
        (pair,) = matcher.uncertain_pairs()
        left, right = (places[tuple(record.items())] for record in pair)
        mark(matcher, pair, bool(groups[left] == groups[right]))
        pairs.append((left, right))
    return pairs


def mark(matcher: dedupe.Dedupe, pair: Any, same: bool) -> None:
    """Take an answer."""
    matcher.mark_pairs({"match": [pair] if same else [], "distinct": [] if same else [pair]})


def partitioned(records: Records, pairs: Pairs, same: list[bool]) -> Any:
    """Its groups, or -1 for all rows where the answers are too few for its cross-validation."""
    matcher, groups = prepared(records), np.full(len(records), -1)
    for (left, right), one in zip(pairs, same, strict=True):
        mark(matcher, (records[left], records[right]), one)
    try:
        matcher.train()
        clusters = matcher.partition(records)
    except (ValueError, dedupe.core.BlockingError) as error:
        print(f"no groups: {error}", file=sys.stderr)
        return groups
    for number, (members, _) in enumerate(clusters):
        groups[list(members)] = number
    return groups


if __name__ == "__main__":
    main()
