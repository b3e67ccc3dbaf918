"""What simsearch has to reach on each set, without labels and with one setting for all."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["MARKS", "PEER_MARKS", "Mark", "verdicts"]


@dataclass(frozen=True)
class Mark:
    """A bound on one measure.

    Attributes:
        measure: a key of `Run.measures`.
        bound: the value to reach.
        at_most: the measure must not exceed the bound; else it must reach it.
        or_warning: a warning from the matcher passes too.
    """

    measure: str
    bound: float
    at_most: bool = False
    or_warning: bool = False

    def holds(self, value: float, warned: bool) -> bool:
        """Whether the value (or the warning) passes."""
        reached = value <= self.bound if self.at_most else value >= self.bound
        return reached or (self.or_warning and warned)

    def __str__(self) -> str:
        sign = "<=" if self.at_most else ">="
        text = f"{NAMES[self.measure]} {sign} {self.bound:g}"
        return f"{text} or a warning" if self.or_warning else text


NAMES = {
    "f1": "F1",
    "precision": "precision",
    "blocking_recall": "blocking recall",
    "candidates_per_row": "candidates a row",
    "grouped_share": "rows grouped",
    "peak_mib": "peak MiB",
    "seconds": "seconds",
}

BLOCKING = (Mark("blocking_recall", 0.99), Mark("candidates_per_row", 20, at_most=True))
# One row in a thousand.
NO_DUPLICATES = (Mark("grouped_share", 0.001, at_most=True),)
CAREFUL = (Mark("precision", 0.8, or_warning=True),)

MARKS: dict[str, tuple[Mark, ...]] = {
    "febrl1": (Mark("f1", 0.995), *BLOCKING),
    "febrl2": (Mark("f1", 0.995), *BLOCKING),
    "febrl3": (Mark("f1", 0.995), *BLOCKING),
    "fake_1000": (Mark("f1", 0.95),),
    "cora": (Mark("f1", 0.80),),
    "dblp_acm": (Mark("f1", 0.985), *BLOCKING),
    "abt_buy": (Mark("f1", 0.83), *BLOCKING),
    "amazon_google": (Mark("f1", 0.64), *BLOCKING),
    "restaurants": (Mark("f1", 0.85), *BLOCKING),
    "dblp_acm 20% overlap": (Mark("f1", 0.90),),
    "abt_buy 20% overlap": (Mark("f1", 0.70),),
    "amazon_google 20% overlap": (Mark("f1", 0.45),),
    "dblp_acm 5% overlap": CAREFUL,
    "abt_buy 5% overlap": CAREFUL,
    "amazon_google 5% overlap": CAREFUL,
    "large groups": (Mark("f1", 0.90),),
    "febrl2 no duplicates": NO_DUPLICATES,
    "dblp no duplicates": NO_DUPLICATES,
    "fake_1000 no duplicates": NO_DUPLICATES,
    "cora no duplicates": NO_DUPLICATES,
    "persons no duplicates": NO_DUPLICATES,
    "persons 200k": (Mark("peak_mib", 3 * 1024, at_most=True),),
}

# Set -> (measure, peer, factor): at most that many times what the peer takes in the same run.
PEER_MARKS = {"persons 200k": ("seconds", "splink", 2.0)}


def verdicts(
    name: str, measures: dict[str, float], warned: bool, peers: dict[str, dict[str, float]]
) -> list[tuple[str, bool]]:
    """Each mark of a set as text, and whether it is reached.

    Args:
        name: the set.
        measures: what simsearch reached; a measure that is absent fails its mark.
        warned: whether simsearch gave a warning.
        peers: peer name -> its measures on the same set.
    """
    marks = list(MARKS.get(name, ()))
    if name in PEER_MARKS:
        measure, peer, factor = PEER_MARKS[name]
        if measure in peers.get(peer, {}):
            marks.append(Mark(measure, round(factor * peers[peer][measure], 1), at_most=True))
    worst = {True: float("inf"), False: float("-inf")}
    return [
        (str(mark), mark.holds(measures.get(mark.measure, worst[mark.at_most]), warned))
        for mark in marks
    ]
