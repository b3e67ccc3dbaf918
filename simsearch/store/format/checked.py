"""Which files of a folder were compared with their hashes, so that not every process does it again.

A file whose size, times and number are what they were has the bytes that it had: the time of its
last change (`st_ctime`) is set by the system alone. What changed a moment ago could change again
within one tick of the clock, so it is not taken down yet (git calls such entries of its index
racy). Damage that comes without a change, of the disk itself, is what `check` is for.
"""

from __future__ import annotations

import json
import time
from contextlib import suppress
from typing import TYPE_CHECKING

from simsearch.errors import OutputError
from simsearch.files import replace_file
from simsearch.store.format.durable import check_content, check_size

if TYPE_CHECKING:
    import os
    from pathlib import Path

    from simsearch.store.format.durable import FileRecord

__all__ = ["CHECKED_FILE", "check_once"]

CHECKED_FILE = "checked.json"
# Clocks of file systems tick every two seconds at the slowest.
_TICK_NS = 2_000_000_000


def check_once(path: Path, expected: FileRecord) -> None:
    """Compare a file with what was written, unless that was done since it last changed.

    Args:
        path: the file; what is known of it is kept beside it, where that can be written.
        expected: its size and hash.

    Raises:
        IndexCorruptError: it is missing, or does not hold the bytes that were written.
    """
    check_size(path, expected)
    known, before = _known(path.parent), path.stat()
    told = [expected.sha256, *_state(before)]
    if known.get(path.name) == told:
        return
    check_content(path, expected)
    settled = max(before.st_mtime_ns, before.st_ctime_ns) < time.time_ns() - _TICK_NS
    # The bytes were those of one state only if it is the same still.
    if settled and _state(path.stat()) == _state(before):
        content = json.dumps(known | {path.name: told}).encode("utf-8")
        with suppress(OSError, OutputError):  # a folder that cannot be written to does as well
            replace_file(path.parent / CHECKED_FILE, content)


def _state(found: os.stat_result) -> list[int]:
    """What changes with the bytes of a file: size, times of content and of any change, number."""
    return [found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino]


def _known(folder: Path) -> dict[str, list[str | int]]:
    """Hash and state of the files that were compared; of none where that cannot be read."""
    with suppress(OSError, ValueError):
        known = json.loads((folder / CHECKED_FILE).read_bytes())
        return known if isinstance(known, dict) else {}
    return {}
