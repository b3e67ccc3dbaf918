"""Which items of an index are the same thing."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from simsearch.calibration.threshold import choose_threshold
from simsearch.distance import Metric
from simsearch.duplicates.dedupe import dedupe_records
from simsearch.duplicates.items import ExactDuplicateFinder, Gathered, grouped, items_as_records
from simsearch.duplicates.options import MatchOptions, options_from
from simsearch.duplicates.stages import Stages
from simsearch.errors import EmptySourceError, EncoderError, OptionError
from simsearch.schema import Records
from simsearch.store.reading.contents import contents

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pyarrow as pa

    from simsearch.duplicates.item_result import ItemDeduplication
    from simsearch.duplicates.result import Deduplication
    from simsearch.index.index import Index
    from simsearch.store.reading.contents import Contents

__all__ = ["duplicates"]

# Options for items that are no records.
OWN = {"at": None, "threshold_score": None, "seed": 0, "progress": None}


def duplicates(
    index: Index, *, where: str | None = None, **keywords: Any
) -> Deduplication | ItemDeduplication:
    """The items of an index that are the same thing, as `dedupe` finds them; nothing is encoded.

    Args:
        index: of items of any kind.
        where: among those alone that fulfil this condition in SQL on the stored columns.
        keywords: of records, attributes of MatchOptions: threshold, labels, seed, progress. Of
            other items at, threshold_score, seed and progress of ItemOptions.

    Raises:
        OptionError: an option that is unknown, or not for such items.
        QueryError: the condition is refused.
        EncoderError: nothing says from which score on two items are the same.
        EmptySourceError: there is no item.
    """
    settings = index.vectors.settings
    if settings.item_kind == "record":
        return _of_records(index, where, options_from(MatchOptions, keywords))
    for name in keywords:
        if name not in OWN:
            known = ", ".join(OWN)
            raise OptionError(f"no option {name!r} for {settings.item_kind}s; there are: {known}")
    asked: dict[str, Any] = {**OWN, **keywords}
    stages = Stages(asked["progress"])
    stages.start("reading")
    judged = choose_threshold(
        settings.metric, index.calibration, asked["at"], asked["threshold_score"]
    )
    if judged is None:
        raise EncoderError(
            f"index {index.name!r} has no calibration for {settings.metric} of "
            f"{settings.dimension} numbers: nothing says from which score on two "
            f"{settings.item_kind}s are the same; give --threshold-score"
        )
    found = _read(index, where)
    finding = ExactDuplicateFinder()
    kept = finding.add(_keys(settings.item_kind, found))
    records = items_as_records(index.name, _texts(found.ids), found.stored, ())
    gathered = Gathered(records, finding.exact, found.vectors[kept])
    stages.start("finding pairs")
    how = f"exact copies and embeddings compared, pairs of {judged.words}"
    return grouped(gathered, settings.item_kind, judged, how, stages, asked["seed"])


def _of_records(index: Index, where: str | None, options: MatchOptions) -> Deduplication:
    """By the stored columns, and the embeddings that are there."""
    stages = Stages(options.progress)
    stages.start("reading")
    found, settings = _read(index, where), index.vectors.settings
    columns = tuple(name for name in settings.columns if name in found.stored.column_names)
    records = Records(index.name, found.stored, _texts(found.ids), columns, settings.id_column)
    vectors = found.vectors if settings.metric is Metric.COSINE else None
    if vectors is None and options.encoder is None:
        kept = index.vectors.folder / settings.encoder_folder
        options = replace(options, encoder=kept)
    return dedupe_records(records, options, stages, vectors)


def _read(index: Index, where: str | None) -> Contents:
    found = contents(index.vectors.reader, where)
    if not len(found):
        which = "" if where is None else " that fulfils the condition"
        raise EmptySourceError(f"index {index.name!r} has no item{which}")
    return found


def _texts(ids: pa.Array) -> pa.StringArray:
    import pyarrow as pa

    return ids.cast(pa.string())


def _keys(kind: str, found: Contents) -> Sequence[str | None]:
    """What two items have in common when they are exact exact: what is stored of them, else
    their vectors.
    """
    names = found.stored.column_names
    if kind == "text" and "text" in names:
        from simsearch.normalise import normalise

        return [text or None for text in normalise(found.stored["text"]).to_pylist()]
    if kind in ("image", "signal") and "sha256" in names:
        hashes: list[str | None] = found.stored["sha256"].to_pylist()
        return hashes
    return [row.tobytes().hex() for row in np.ascontiguousarray(found.vectors)]
