"""What `Index.create` can be told, and the command `index`."""

from typing import TYPE_CHECKING, Annotated

from simsearch.duplicates.keywords import ENCODERS
from simsearch.keywords import Keyword
from simsearch.kinds.keywords import SourceKeywords

if TYPE_CHECKING:
    import os

    from simsearch.distance import Metric
    from simsearch.encoders.encoder import Encoder

__all__ = ["CreateKeywords"]


class CreateKeywords(SourceKeywords, total=False):
    """How an index is made, and what to read of its source."""

    kind: Annotated[
        str | None,
        Keyword(
            "what the source holds: record, image, text, vector or signal. Default: what the "
            "encoder takes, or what it looks like."
        ),
    ]
    metric: Annotated[
        "str | Metric | None",
        Keyword(
            "how items are compared: cosine, inner_product, euclidean or manhattan; hamming is for "
            "vectors of bits (uint8, eight to a byte). Default: as the encoder was trained for, "
            "else cosine."
        ),
    ]
    encoder: Annotated[
        "Encoder | str | os.PathLike[str] | None",
        Keyword(
            f"{ENCODERS} Default: one fitted to records, lite for photos, static for texts, "
            "spectra for signals; vectors stay as they are."
        ),
    ]
    dim: Annotated[
        int | None,
        Keyword(
            "keep the first numbers of each embedding, so many, if the encoder was trained for it. "
            "Default: all."
        ),
    ]
    engine: Annotated[
        str,
        Keyword(
            "how it is searched: auto chooses by what it measures; flat compares with all vectors, "
            "pq too, in short codes first; ivf, ivfpq, sq8, fp16 and rabitq look only where "
            "similar ones lie; hnsw follows a graph; binary is for hashes.",
            default="auto",
        ),
    ]
    recall: Annotated[
        float, Keyword("share of the 10 nearest that is to be found, on average.", default=0.95)
    ]
    memory: Annotated[
        int | None,
        Keyword("bytes that searching may keep in memory. Default: no limit."),
    ]
    overwrite: Annotated[
        bool,
        Keyword("replace an index of that name, once the new one is complete.", default=False),
    ]
