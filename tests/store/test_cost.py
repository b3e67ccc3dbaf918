"""An add costs what is added, not what is there: counted, not timed."""

from pathlib import Path

import pytest

from simsearch.store.reading.reader import IndexReader
from simsearch.store.writing.writer import IndexWriter
from tests.store.made import CountingDisk, add, create, names, vectors

SMALL, LARGE = 1_000, 50_000
IO = Path("/proc/self/io")


@pytest.fixture(scope="module")
def readers(tmp_path_factory: pytest.TempPathFactory) -> dict[int, IndexReader]:
    """Indexes that were used before: an id was looked up."""
    found = {}
    for rows in (SMALL, LARGE):
        folder = tmp_path_factory.mktemp("cost") / str(rows)
        create(folder, rows, dimension=6)
        with IndexWriter(folder) as writer:
            add(writer, 100_000, 1)
            found[rows] = writer.publish()
    return found


def read_bytes() -> int:
    """What this process read from files, whether the system had it in memory or not."""
    return int(IO.read_text().split()[1])


def cost(reader: IndexReader, make: str, rows: int) -> tuple[CountingDisk, int]:
    disk = CountingDisk()
    with IndexWriter(reader.folder, reader=reader, disk=disk) as writer:
        before = read_bytes()
        if make == "add":
            add(writer, 200_000, rows)
        elif make == "upsert":
            writer.upsert(names(0, rows), vectors(rows))
        else:
            writer.remove(names(0, rows))
        writer.publish()
        read = read_bytes() - before
    (reader.folder / "changes" / "0000000003.change").unlink()  # as it was
    return disk, read


@pytest.mark.skipif(not IO.exists(), reason="only Linux counts what a process reads")
@pytest.mark.parametrize("make", ["add", "upsert", "remove"])
def test_it_does_not_depend_on_what_is_there(readers: dict[int, IndexReader], make: str) -> None:
    (few, few_read), (many, many_read) = (cost(readers[n], make, 10) for n in (SMALL, LARGE))
    assert many.calls == few.calls
    assert many.calls["create"] == many.calls["rename"] == 1
    assert many.calls["sync"] == 2
    assert abs(many.bytes - few.bytes) < 64
    assert many.bytes < 8_000
    assert few_read < 16_000
    assert many_read < 16_000


@pytest.mark.skipif(not IO.exists(), reason="only Linux counts what a process reads")
def test_it_grows_with_what_is_added(readers: dict[int, IndexReader]) -> None:
    (one, _), (ten, _), (thousand, _) = (cost(readers[LARGE], "add", n) for n in (1, 10, 1_000))
    assert one.calls == ten.calls == thousand.calls
    assert one.bytes < ten.bytes < thousand.bytes
    each = (thousand.bytes - ten.bytes) / 990
    assert 24 < each < 100  # 24 bytes of vector, an id, a name and a number


def test_many_small_additions_write_each_row_a_few_times(tmp_path: Path) -> None:
    """Changes are folded, and segments merged: some five times in all, not once an addition."""
    folder, disk = tmp_path / "made", CountingDisk()
    create(folder, 0)
    reader = None
    rows = 0
    for number in range(200):
        with IndexWriter(folder, reader=reader, disk=disk) as writer:
            add(writer, 100 * number, 100)
            reader = writer.publish()
        rows += 100
    assert reader is not None
    assert len(reader) == rows == 20_000
    each = disk.bytes / rows
    assert each < 6 * 120
    assert disk.calls["sync"] < 200 * 4
