"""FAISS indexes into files and out of them."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from pathlib import Path

    from simsearch.store.format.durable import HashedFile

__all__ = ["read_faiss", "required", "write_faiss"]

Given = TypeVar("Given")


def required(given: Given | None) -> Given:
    """The path to read or the file to write, which engines without a file do not get."""
    if given is None:
        raise ValueError("this engine has a file")
    return given


def write_faiss(index: Any, file: HashedFile | None) -> int:
    """Write a FAISS index into an open file, from front to back; gives the number of bytes.

    Raises:
        OSError: it cannot be written.
    """
    import faiss

    target = required(file)
    refused: list[OSError] = []

    def write(content: bytes) -> int:
        try:
            return target.write(content)
        except OSError as error:  # FAISS would end the process on a Python exception
            refused.append(error)
            return 0

    try:
        # FAISS's stubs leave the writer out.
        writer = faiss.PyCallbackIOWriter(write)  # type: ignore[attr-defined]
        if isinstance(index, faiss.IndexBinary):
            faiss.write_index_binary(index, writer)
        else:
            faiss.write_index(index, writer)
    except RuntimeError:
        if not refused:
            raise
    if refused:
        raise refused[0]
    return target.tell()


def read_faiss(path: Path | None, *, binary: bool = False) -> Any:
    """A FAISS index whose pages are read when they are needed.

    `IO_FLAG_MMAP` would map inverted lists alone.
    """
    import faiss

    read = faiss.read_index_binary if binary else faiss.read_index
    given = required(path)
    if str(given).encode("utf-8", "replace") == os.fsencode(given):
        return read(str(given), faiss.IO_FLAG_MMAP_IFC | faiss.IO_FLAG_READ_ONLY)
    with given.open("rb") as file:  # FAISS opens no name that is no UTF-8
        return read(faiss.PyCallbackIOReader(file.read))  # type: ignore[attr-defined]
