"""The kinds of items, one file each; and `detect`, which tells the kind of a source."""

from simsearch.kinds.detect import detect, kind_for
from simsearch.kinds.image import IMAGE
from simsearch.kinds.kind import Kind, kind_named, kinds, register
from simsearch.kinds.record import RECORD
from simsearch.kinds.signal import SIGNAL
from simsearch.kinds.text import TEXT
from simsearch.kinds.vector import VECTOR

__all__ = [
    "IMAGE",
    "RECORD",
    "SIGNAL",
    "TEXT",
    "VECTOR",
    "Kind",
    "detect",
    "kind_for",
    "kind_named",
    "kinds",
    "register",
]
