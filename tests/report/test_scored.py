"""Classes and anomalies on standard output."""

import json
import math

import pytest

from simsearch.index.anomalies import Anomaly
from simsearch.index.classify import Classification
from simsearch.report.scored import print_anomalies, print_classes


def test_anomalies(capsys: pytest.CaptureFixture[str]) -> None:
    print_anomalies([Anomaly("a", 2.5, 0.01, True, "b"), Anomaly(3, 0.5, 0.75, False, 4)], "json")
    first, second = map(json.loads, capsys.readouterr().out.splitlines())
    assert first == {
        "id": "a", "anomaly": True, "score": 2.5, "false_alarms": 0.01, "nearest": "b",
    }  # fmt: skip
    assert (second["id"], second["anomaly"], second["nearest"]) == (3, False, 4)


def test_a_class_that_is_not_known_has_no_figures(capsys: pytest.CaptureFixture[str]) -> None:
    found = [
        Classification("a", "cat", 0.9, 0.99, "dog", 0.25),
        Classification("b", None, math.nan, None, None, math.nan),
    ]
    print_classes(found, "json")
    first, second = map(json.loads, capsys.readouterr().out.splitlines())
    assert list(first.values()) == ["a", "cat", 0.9, 0.99, "dog", 0.25]
    assert list(second.values()) == ["b", None, None, None, None, None]
