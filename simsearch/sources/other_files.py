"""Files of a photo folder that are no pictures: videos, sidecars, databases of thumbnails.

They are passed over and counted. A file whose name does not end as one of a picture's is a picture
all the same where it begins like one.
"""

from __future__ import annotations

from collections import Counter
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from simsearch.sources.item_files import ItemFile

__all__ = ["pictures_among"]

# How files begin that are JPEG, PNG, GIF and WebP (whose length stands between).
_BEGINNINGS = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF87a", b"GIF89a")
_LONGEST = 12
# Kinds of other files that are named; the rest are counted together.
_NAMED = 6


def pictures_among(
    files: Sequence[ItemFile], suffixes: Collection[str]
) -> tuple[list[ItemFile], str]:
    """The pictures among files, in order, and what was passed over, in words; empty for nothing.

    Args:
        files: of a folder.
        suffixes: how names of pictures end, in lower case.
    """
    pictures, others = [], Counter[str]()
    for file in files:
        path = PurePosixPath(file.id)
        if path.suffix.lower() in suffixes or _begins_as_picture(file):
            pictures.append(file)
        else:
            others[path.suffix.lower() or path.name] += 1
    return pictures, _told(others)


def _begins_as_picture(file: ItemFile) -> bool:
    try:
        if file.path is None:
            beginning = file.read()[:_LONGEST]
        else:
            with file.path.open("rb") as opened:
                beginning = opened.read(_LONGEST)
    except OSError:
        return False
    if beginning[:4] == b"RIFF":
        return beginning[8:12] == b"WEBP"
    return beginning.startswith(_BEGINNINGS)


def _told(others: Counter[str]) -> str:
    if not others:
        return ""
    named = others.most_common(_NAMED)
    shown = [f"{count:,} {name}" for name, count in named]
    rest = others.total() - sum(count for _, count in named)
    if rest:
        shown.append(f"{rest:,} others")
    files = "file that is" if others.total() == 1 else "files that are"
    return f"{others.total():,} {files} no picture passed over: {', '.join(shown)}"
