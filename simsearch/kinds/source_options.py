"""The options of a source, by the names that users give them in Python and on the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypedDict

from simsearch.errors import OptionError

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping, Sequence

__all__ = ["ReadOptions", "SourceOptions", "as_fields", "user_name"]


class ReadOptions(TypedDict, total=False):
    """What to read of a source; each option is for the kinds that have it.

    Attributes:
        id: column of a table that names each item; None for row numbers, or for the column that
            the index has.
        columns: of records: compare these only. Of vectors and signals in a table: the columns
            of numbers.
        ignore: of records: compare all columns but these.
        column: of texts in a table: the column that holds them.
        time: of signals in a table: the column that puts their moments in order.
        table: the table to read, where the source is a database.
        sql: the query to read, where the source is a database.
        vectors: of vectors without an encoder in Parquet: the column that holds them.
        ids: of vectors without an encoder in an array: a text file with an id a line.
        delimiter: what stands between the cells of a text file of records; None to find it.
        encoding: of such a file, a codec's name; None to find it.
        skip_rows: lines at its top that are no part of the table; None to find them.
        no_header: whether its first row is a record and no header.
        window: words of a passage of a text; longer texts are split. 0 splits nothing.
        max_pixels: larger images are left out.
    """

    id: str | None
    columns: Sequence[str] | None
    ignore: Sequence[str] | None
    column: str | None
    time: str | None
    table: str | None
    sql: str | None
    vectors: str | None
    ids: str | os.PathLike[str] | None
    delimiter: str | None
    encoding: str | None
    skip_rows: int | None
    no_header: bool | None
    window: int | None
    max_pixels: int | None


class SourceOptions(ReadOptions, total=False):
    """What to read of a source, and the classes of its items. See `ReadOptions`.

    Attributes:
        label: of items other than records: the column of a table with their classes.
        classes: of images, vectors and signals in an array: the class of each, an array or a file
            of one.
    """

    label: str | None
    classes: Any


# What a source calls an option where it is not what users call it.
_FIELDS = {"id": "id_column", "vectors": "vector_column"}
_NAMES = {field: name for name, field in _FIELDS.items()}


def as_fields(given: Mapping[str, Any]) -> dict[str, Any]:
    """Options that users give, by the names of the fields of a source's options.

    Raises:
        OptionError: there is no such option.
    """
    known = {**ReadOptions.__annotations__, **SourceOptions.__annotations__}
    for name in given:
        if name not in known:
            raise OptionError(f"there is no option `{name}`; there are {', '.join(known)}")
    return {
        _FIELDS.get(name, name): _several(value) if name in ("columns", "ignore") else value
        for name, value in given.items()
        if value is not None
    }


def _several(names: str | Sequence[str]) -> tuple[str, ...]:
    return (names,) if isinstance(names, str) else tuple(names)


def user_name(field: str) -> str:
    """What users call a field of a source's options."""
    return _NAMES.get(field, field)
