"""What may be asked of an index."""

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simsearch.distance import Metric
from simsearch.errors import OptionError
from simsearch.store.options import IndexOptions, parse_bytes


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("1000000", 1_000_000),
        ("1B", 1),
        ("2GiB", 2 * 2**30),
        ("2 gib", 2 * 2**30),
        (" 500 MB ", 500_000_000),
        ("500MB", 500_000_000),
        ("1.5KiB", 1536),
        ("0.5 TB", 500_000_000_000),
        ("3kb", 3_000),
        ("1MiB", 2**20),
        ("1TiB", 2**40),
    ],
)
def test_sizes(text: str, size: int) -> None:
    assert parse_bytes(text) == size


@pytest.mark.parametrize(
    "text",
    [
        "",
        "9" * 400,
        "1 GB GB",
        "0x10",
        "1\n2",
        " ",
        "GB",
        "-1",
        "1 XB",
        "1e9",
        "1,5GB",
        "0",
        "0.1",
        "1..5",
        "1.GB",
        "nan",
        "inf",
        "1G",
    ],
)
def test_what_is_no_size(text: str) -> None:
    with pytest.raises(OptionError, match="is no size; write it as 2GiB, 500MB"):
        parse_bytes(text)


@given(st.integers(1, 2**53), st.sampled_from(["", "B", " b"]))
def test_every_number_of_bytes_is_a_size(size: int, unit: str) -> None:
    assert parse_bytes(f"{size}{unit}") == size


@given(st.text())
def test_nothing_else_is_raised(text: str) -> None:
    with suppress(OptionError):
        assert parse_bytes(text) >= 1


@pytest.mark.parametrize(
    "options",
    [
        IndexOptions(),
        IndexOptions(recall=1),
        IndexOptions(recall=0.001),
        IndexOptions(memory=1),
        IndexOptions("flat", 0.5, 2**40),
    ],
)
def test_what_may_be_asked(options: IndexOptions) -> None:
    options.check(Metric.COSINE)


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"engine": "nosuch"}, "unknown engine 'nosuch'"),
        ({"engine": ""}, "unknown engine"),
        *(
            ({"recall": recall}, "recall is a share above 0 and up to 1")
            for recall in (0, 0.0, -1, 1.01, float("nan"), float("inf"), "0.9", None, True)
        ),
        *(
            ({"memory": memory}, "memory is a whole number of bytes above 0")
            for memory in (0, -5, 1.5, "2GB", True, float("inf"))
        ),
    ],
)
def test_what_may_not(fields: dict[str, Any], reason: str) -> None:
    with pytest.raises(OptionError, match=reason):
        IndexOptions(**fields).check(Metric.COSINE)


def test_an_engine_must_serve_the_metric() -> None:
    with pytest.raises(OptionError, match="manhattan"):
        IndexOptions("pq").check(Metric.MANHATTAN)
