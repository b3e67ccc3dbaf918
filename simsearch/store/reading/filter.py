"""`where`: one SQL condition over the stored columns, evaluated by DuckDB.

The text is parsed by DuckDB, never pasted into a statement that runs: it must be a single
scalar expression, without subqueries, that names stored columns and calls pure functions.
The database behind it is in memory and empty, and cannot reach files, extensions or the network.
"""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any

from simsearch.errors import QueryError, nearest_names

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import duckdb
    import numpy as np
    import numpy.typing as npt
    import pyarrow as pa

__all__ = ["ID", "Filter"]

# Stands for the item's id where no stored column has that name.
ID = "id"

CONFIG = {
    "enable_external_access": "false",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "threads": "1",
    "memory_limit": "1GiB",
    "lock_configuration": "true",
}
# Parts of an expression that are more than a condition on one row.
REFUSED = {
    "SUBQUERY": "a subquery",
    "WINDOW": "a window function",
    "STAR": "a star",
    "PARAMETER": "a parameter",
    "LAMBDA": "a lambda function",
    "DEFAULT": "DEFAULT",
}
# Functions that are not volatile by DuckDB's book and yet tell about more than the row.
REFUSED_FUNCTIONS = frozenset({"current_setting", "getvariable", "query", "query_table"})
SHOWN = 80


class Filter:
    """A condition that was understood and found harmless.

    Args:
        expression: what would stand after WHERE.
        known: the stored columns.

    Attributes:
        columns: the stored columns that it looks at.

    Raises:
        QueryError: it is no text, no single condition, or names an unknown column.
    """

    def __init__(self, expression: str, known: Sequence[str]) -> None:
        import duckdb

        if not isinstance(expression, str):
            raise QueryError(f"a condition is a text in SQL, not {expression!r:.60}")
        self._expression = expression
        self._database = _database().cursor()
        try:
            self._condition = duckdb.SQLExpression(expression)
            nodes = list(_nodes(self._tree()))
        except duckdb.Error as error:
            raise self._refused(_first_line(error)) from error
        self._check_parts(nodes)
        self.columns = self._resolved(nodes, known)

    def matches(self, table: pa.Table) -> npt.NDArray[np.bool_]:
        """Which rows fulfil the condition; where it is unknown (NULL) the row does not.

        Args:
            table: n rows; at least `columns`.

        Returns:
            (n,) bool.

        Raises:
            QueryError: a value cannot be compared or converted as the condition wants.
        """
        import duckdb
        import numpy as np
        import pyarrow as pa

        number = "row"
        while number in {name.lower() for name in self.columns}:
            number += "_"
        rows = table.select(list(self.columns)).append_column(
            number, pa.array(np.arange(table.num_rows))
        )
        try:
            kept = self._database.from_arrow(rows).filter(self._condition)
            found = kept.project(f'"{number}"').fetchnumpy()[number]
        except duckdb.Error as error:
            raise self._refused(f"{_first_line(error)}{_advice(error)}") from error
        mask = np.zeros(table.num_rows, bool)
        mask[np.asarray(found, np.int64)] = True
        return mask

    def _tree(self) -> Any:
        """The syntax tree of the condition, standing where a condition stands.

        Raises:
            duckdb.ParserException: it is more than a condition (clauses after it, or a second
                statement): in parentheses that is a syntax error.
        """
        import duckdb

        # On a line of its own, so that a comment in it hides nothing of ours.
        # It is parsed, not run.
        statement = f"SELECT 1 FROM items WHERE (\n{self._expression}\n)"  # noqa: S608
        rows = self._database.execute("SELECT json_serialize_sql(?)", [statement]).fetchall()
        answer: dict[str, Any] = json.loads(rows[0][0])
        if answer["error"]:
            raise duckdb.ParserException(str(answer.get("error_message", "not SQL")))
        statements = answer["statements"]
        if len(statements) != 1 or statements[0]["node"]["type"] != "SELECT_NODE":
            raise duckdb.ParserException("more than one condition")
        return statements[0]["node"]["where_clause"]

    def _check_parts(self, nodes: Sequence[dict[str, Any]]) -> None:
        for node in nodes:
            if node["class"] in REFUSED:
                raise self._refused(f"{REFUSED[node['class']]} is not allowed in a filter")
        called = {node["function_name"].lower() for node in nodes if "function_name" in node}
        impure = sorted(called & (REFUSED_FUNCTIONS | _volatile()))
        if impure:
            raise self._refused(f"the function {impure[0]} is not allowed in a filter")

    def _resolved(self, nodes: Sequence[dict[str, Any]], known: Sequence[str]) -> tuple[str, ...]:
        """The stored columns that are named, as they are written in the index."""
        names = list(known) if ID in {name.lower() for name in known} else [*known, ID]
        wanted = [node["column_names"][0] for node in nodes if node["class"] == "COLUMN_REF"]
        found = tuple(dict.fromkeys(self._column(name, names) for name in wanted))
        if len({name.lower() for name in found}) < len(found):
            raise self._refused("it names two columns that differ only in upper and lower case")
        return found

    def _column(self, name: str, known: Sequence[str]) -> str:
        if name in known:
            return name
        alike = [column for column in known if column.lower() == name.lower()]
        if len(alike) == 1:
            return alike[0]
        if alike:
            raise self._refused(f"{name!r} could be any of {', '.join(map(repr, alike))}")
        raise self._refused(
            f"there is no stored column {name!r}; {nearest_names(name, known)} "
            "(a text stands in single quotes: city = 'Leeds')"
        )

    def _refused(self, reason: str) -> QueryError:
        text = self._expression
        shown = text if len(text) <= SHOWN else f"{text[: SHOWN - 1]}…"
        return QueryError(f"cannot filter by {shown!r}: {reason}")


@cache
def _database() -> duckdb.DuckDBPyConnection:
    """The empty database; one for the process, since making one takes 25 ms."""
    import duckdb

    return duckdb.connect(":memory:", config=dict(CONFIG))


@cache
def _volatile() -> frozenset[str]:
    """Functions that do not depend on their arguments alone."""
    rows = (
        _database()
        .cursor()
        .execute("SELECT function_name FROM duckdb_functions() WHERE stability = 'VOLATILE'")
        .fetchall()
    )
    return frozenset(row[0] for row in rows)


def _nodes(tree: Any) -> Iterator[dict[str, Any]]:
    """Every part of an expression that has a class, the whole one first."""
    if isinstance(tree, dict):
        if "class" in tree:
            yield tree
        for value in tree.values():
            yield from _nodes(value)
    elif isinstance(tree, list):
        for value in tree:
            yield from _nodes(value)


def _first_line(error: Exception) -> str:
    lines = str(error).strip().splitlines() or ["not understood"]
    return lines[0].partition("Error: ")[2] or lines[0]


def _advice(error: Exception) -> str:
    """What to do where types do not fit: the cells of a CSV are text."""
    text = str(error)
    if "cast" not in text.lower() and "convert" not in text.lower():
        return ""
    return "; for a number in a text column write TRY_CAST(age AS DOUBLE) > 30"
