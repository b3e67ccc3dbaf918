"""Facts of items by which one of a group is kept: read when they are asked for, and once."""

from __future__ import annotations

import io
from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np

from simsearch.duplicates.looks import LEAST, Looks, looks_of
from simsearch.duplicates.saved_again import saved_again
from simsearch.errors import ColumnError, nearest_names
from simsearch.sources.picture_pixels import UNREADABLE

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy.typing as npt
    import pyarrow as pa

    from simsearch.duplicates.read_contents import ReadItems
    from simsearch.duplicates.tiers import TierPairs
    from simsearch.sources.item_files import ItemFile

    Floats = npt.NDArray[np.float64]
    Rows = npt.NDArray[np.int64]

__all__ = ["Facts"]

# EXIF tags that a camera writes: maker, model, and when the picture was taken.
_CAMERA, _TAKEN, _EXIF = (0x010F, 0x0110), 0x9003, 0x8769
# How alike two are of which nobody found that they are.
_UNLIKE = 0.5
# Looks of nothing that could be read.
_UNKNOWN = Looks(np.nan, False, False, np.nan, np.nan)


class Facts:
    """Facts of the items of a run, by their rows.

    Args:
        items: that were read.
        found: pairs of contents.
    """

    def __init__(self, items: ReadItems, found: TierPairs) -> None:
        self._table = items.records.table
        self._ids = items.records.ids
        self._exact = items.exact
        self._found = found
        self._files = items.files
        self._whole = items.whole
        self._looks: dict[int, Looks] = {}
        self._exif: dict[int, float] = {}
        self._once: dict[int, float] = {}
        self._alike: dict[int, dict[int, float]] | None = None
        self._text = items.records.columns[0] if items.records.columns else ""
        self._values: dict[str, Floats] = {}

    def paths(self, rows: Rows) -> list[str]:
        """The id of each, a path for files."""
        return [self._ids[row].as_py() for row in rows.tolist()]

    def lengths(self, rows: Rows) -> Floats:
        """How many letters each text has."""
        texts = [self._table[self._text][row].as_py() for row in rows.tolist()]
        return np.array([len((text or "").strip()) for text in texts], np.float64)

    def values(self, name: str, rows: Rows) -> Floats:
        """What stands in a column: numbers, or moments in seconds since 1970; NaN where it is none.

        Raises:
            ColumnError: there is no such column.
        """
        if name not in self._values:
            if name not in self._table.column_names:
                known = nearest_names(name, self._table.column_names)
                raise ColumnError(f"`keep` names the column {name!r}, which is not there ({known})")
            self._values[name] = _as_numbers(self._table[name])
        return self._values[name][rows]

    def bytes(self, rows: Rows) -> Floats:
        """How large the file of each is."""
        return self._column("bytes", rows)

    def pixels(self, rows: Rows) -> Floats:
        """How many pixels each has that are no frame."""
        whole = self._column("width", rows) * self._column("height", rows)
        return whole * self._of_looks(rows, lambda looks: looks.content)

    def unframed(self, rows: Rows) -> Floats:
        """1 where a picture has no frame."""
        return self._of_looks(rows, lambda looks: float(not looks.framed))

    def coloured(self, rows: Rows) -> Floats:
        """1 where a picture is more than grey."""
        return self._of_looks(rows, lambda looks: float(looks.coloured))

    def unclipped(self, rows: Rows) -> Floats:
        """Share of the points of each that are neither black nor white."""
        return self._of_looks(rows, lambda looks: 1.0 - looks.clipped)

    def sharpness(self, rows: Rows) -> Floats:
        """See `Looks.sharpness`."""
        return self._of_looks(rows, lambda looks: looks.sharpness)

    def modified(self, rows: Rows) -> Floats:
        """When each file last changed, in nanoseconds; NaN where nobody knows."""
        times = [None if self._files is None else self._files[row].modified for row in rows]
        return np.array([np.nan if time is None else time for time in times], np.float64)

    def exif(self, rows: Rows) -> Floats:
        """1 where a picture says which camera took it, or when."""
        return np.array([self._exif_of(row) for row in rows.tolist()], np.float64)

    def saved_once(self, rows: Rows) -> Floats:
        """1 where a picture bears no trace of an earlier JPEG, see `saved_again`."""
        places = self._exact.place[rows].tolist()
        if self._files is None or len(set(places)) == 1:
            return np.full(len(rows), np.nan)
        for place, row in zip(places, rows.tolist(), strict=True):
            if place not in self._once:
                self._once[place] = _is_saved_once(self._files[row])
        return np.array([self._once[place] for place in places])

    def central(self, rows: Rows) -> Floats:
        """How alike each is to the others of the rows, on average."""
        alike = self._all_alike()
        places = self._exact.place[rows].tolist()
        if len(set(places)) < 3:  # of two each is as near to the other
            return np.zeros(len(rows))
        means = {
            place: float(
                np.mean([alike[place].get(other, _UNLIKE) for other in set(places) - {place}])
            )
            for place in set(places)
        }
        return np.array([means[place] for place in places])

    def _column(self, name: str, rows: Rows) -> Floats:
        if name not in self._table.column_names:
            return np.full(len(rows), np.nan)
        values = [self._table[name][row].as_py() for row in rows.tolist()]
        return np.array([np.nan if value is None else value for value in values], np.float64)

    def _of_looks(self, rows: Rows, which: Callable[[Looks], float]) -> Floats:
        places = self._exact.place[rows].tolist()
        if len(set(places)) == 1:  # equal contents look the same
            return np.ones(len(rows))
        self._look_at([place for place in set(places) if place not in self._looks])
        return np.array([which(self._looks[place]) for place in places], np.float64)

    def _look_at(self, places: Sequence[int]) -> None:
        for place, picture in zip(places, self._whole(places, LEAST), strict=True):
            # None: it is gone or was changed since it was compared.
            self._looks[place] = _UNKNOWN if picture is None else looks_of(picture)

    def _exif_of(self, row: int) -> float:
        if self._files is None:
            return np.nan
        if row not in self._exif:
            self._exif[row] = _camera_exif(self._files[row])
        return self._exif[row]

    def _all_alike(self) -> dict[int, dict[int, float]]:
        """Of each content the scores of those that it was compared with."""
        if self._alike is None:
            self._alike = defaultdict(dict)
            pairs, score = self._found.pairs, self._found.score
            for left, right, alike in zip(
                pairs.left.tolist(), pairs.right.tolist(), score.tolist(), strict=True
            ):
                self._alike[left][right] = self._alike[right][left] = alike
        return self._alike


def _as_numbers(column: pa.ChunkedArray) -> Floats:
    """(n,) of numbers, booleans and moments, written out or not."""
    import pandas as pd

    values = column.to_pandas()
    if not pd.api.types.is_numeric_dtype(values):
        numbers = pd.to_numeric(values, errors="coerce")
        if numbers.notna().sum() < values.notna().sum():
            moments = pd.to_datetime(values, errors="coerce", format="mixed", utc=True)
            numbers = (moments - pd.Timestamp(0, tz="UTC")).dt.total_seconds()
        values = numbers
    return np.asarray(values.to_numpy(np.float64, na_value=np.nan))


def _is_saved_once(file: ItemFile) -> float:
    try:
        return float(not saved_again(file.read()))
    except UNREADABLE:
        return np.nan


def _camera_exif(file: ItemFile) -> float:
    """1 where the EXIF of a picture names a camera or a time, else 0; NaN: it cannot be read."""
    from PIL import Image

    try:
        with Image.open(file.path or io.BytesIO(file.read())) as image:
            exif = image.getexif()
            told = any(tag in exif for tag in _CAMERA) or _TAKEN in exif.get_ifd(_EXIF)
    except (OSError, ValueError, SyntaxError):
        return np.nan
    return float(told)
