"""FAISS indexes into files and out of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    from simsearch.index.files import NewFile

__all__ = ["read_faiss", "write_faiss"]


def write_faiss(index: Any, file: NewFile) -> None:
    """Write a FAISS index into an open file, from front to back.

    Raises:
        OSError: it cannot be written.
    """
    import faiss

    refused: list[OSError] = []

    def write(content: bytes) -> int:
        try:
            return file.write(content)
        except OSError as error:  # FAISS would end the process on a Python exception
            refused.append(error)
            return 0

    try:
        # FAISS's stubs leave the writer out.
        faiss.write_index(index, faiss.PyCallbackIOWriter(write))  # type: ignore[attr-defined]
    except RuntimeError:
        if not refused:
            raise
    if refused:
        raise refused[0]


def read_faiss(path: Path) -> Any:
    """A FAISS index whose pages are read when they are needed.

    `IO_FLAG_MMAP` would map inverted lists alone.
    """
    import faiss

    return faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC | faiss.IO_FLAG_READ_ONLY)
