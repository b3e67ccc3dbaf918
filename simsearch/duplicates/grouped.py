"""What every deduplication gives back, whatever was compared: its rows with their groups."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd
    import pyarrow as pa

    from simsearch.schema import Records

    Floats = npt.NDArray[np.float64]
    Rows = npt.NDArray[np.int64]

__all__ = ["ADDED_COLUMNS", "Grouped", "nullable"]

ADDED_COLUMNS = ("duplicate_group", "is_representative", "group_confidence")


class Grouped(ABC):
    """Rows with their groups.

    Attributes:
        records: the rows, untouched.
    """

    records: Records

    @property
    @abstractmethod
    def group(self) -> Rows:
        """(n,) int64 group numbers from 0, in the order of their first rows."""

    @property
    @abstractmethod
    def representative(self) -> npt.NDArray[np.bool_]:
        """(n,) bool: the row of each group to keep."""

    @property
    @abstractmethod
    def confidence(self) -> Floats:
        """(n,) 0 to 1: how sure it is that the row is in the right group; NaN: nobody knows."""

    @property
    def group_count(self) -> int:
        """Groups of two rows or more."""
        return int((np.bincount(self.group) > 1).sum()) if len(self.group) else 0

    @property
    def surplus_rows(self) -> int:
        """Rows that would go if each group kept one."""
        return len(self.group) - (int(self.group.max()) + 1 if len(self.group) else 0)

    def table(self) -> pa.Table:
        """Every row, untouched and in order, with the three columns of ADDED_COLUMNS."""
        import pyarrow as pa

        table = self.records.table
        values = (pa.array(self.group), pa.array(self.representative), nullable(self.confidence))
        for name, column in zip(ADDED_COLUMNS, values, strict=True):
            table = table.append_column(name, column)
        return table

    def frame(self) -> pd.DataFrame:
        """`table()` as pandas."""
        frame: pd.DataFrame = self.table().to_pandas()
        return frame

    def unique(self) -> pd.DataFrame:
        """The representatives: one row for each thing."""
        import pyarrow as pa

        frame: pd.DataFrame = self.records.table.filter(pa.array(self.representative)).to_pandas()
        return frame


def nullable(values: Floats) -> pa.Array:
    """NaN as null."""
    import pyarrow as pa

    return pa.array(values, mask=np.isnan(values))
