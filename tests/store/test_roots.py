"""Where indexes are kept, and which there are."""

from pathlib import Path

import pytest

from simsearch.errors import IndexNotFoundError, SimsearchError
from simsearch.store.roots import existing, indexes_root, names
from simsearch.store.vector_index import VectorIndex


def test_the_folder_that_is_given_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SIMSEARCH_INDEXES", raising=False)
    assert indexes_root() == Path("indexes")
    monkeypatch.setenv("SIMSEARCH_INDEXES", "elsewhere")
    assert indexes_root() == Path("elsewhere")
    assert indexes_root("here") == Path("here")


def test_only_indexes_are_named(tmp_path: Path) -> None:
    assert names(tmp_path / "none") == []
    for name in ("b", "a"):
        VectorIndex.create(tmp_path / name, 2)
    (tmp_path / "other").mkdir()
    (tmp_path / "file").touch()
    assert names(tmp_path) == ["a", "b"]
    assert existing("a", tmp_path) == tmp_path / "a"


def test_what_is_not_there_is_named_with_what_is(tmp_path: Path) -> None:
    with pytest.raises(IndexNotFoundError, match=r"there is no index 'x' in .*; make one"):
        existing("x", tmp_path)
    for number in range(12):
        VectorIndex.create(tmp_path / f"i{number:02}", 2)
    with pytest.raises(IndexNotFoundError, match=r"there are 'i00', .*'i09' and 2 more"):
        existing("x", tmp_path)
    with pytest.raises(SimsearchError, match="cannot be the name"):
        existing("../x", tmp_path)
