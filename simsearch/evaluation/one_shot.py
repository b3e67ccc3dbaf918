"""N-way K-shot: given K examples of each of N classes, which class is another item of?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simsearch.errors import OptionError
from simsearch.evaluation.intervals import proportion
from simsearch.evaluation.scores import as_closeness, pair_scores

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from simsearch.distance import Metric
    from simsearch.evaluation.figures import Figure

    Floats = npt.NDArray[np.float32]
    Integers = npt.NDArray[np.integer]

__all__ = ["one_shot"]

EPISODES = 4_000


def one_shot(
    embeddings: Floats,
    labels: Integers,
    metric: Metric,
    *,
    ways: int = 20,
    shots: int = 1,
    families: Integers | None = None,
    episodes: int = EPISODES,
    seed: int = 0,
) -> Figure:
    """Accuracy over random episodes, each with one query.

    B. Lake, R. Salakhutdinov, J. Tenenbaum, Science 350, 2015, draw the classes of an episode
    from one alphabet, which is much harder than from all of them: give the alphabets as
    `families` for that.

    Args:
        embeddings: (n, d) float32.
        labels: (n,) class numbers; items of -1 are left out.
        metric: how embeddings are compared.
        ways: classes in an episode.
        shots: examples of each; the class whose examples are closest on average is the answer.
        families: (n,) which family an item's class is of; classes of an episode are of one.
            None draws them from all.
        episodes: how many.
        seed: of the drawing.

    Raises:
        OptionError: too few classes with enough items.
    """
    rng = np.random.default_rng(seed)
    members = {
        int(label): np.flatnonzero(labels == label) for label in np.unique(labels[labels >= 0])
    }
    members = {label: rows for label, rows in members.items() if len(rows) > shots}
    pools = _pools(members, families, ways)
    asked = np.empty(episodes, np.int64)
    support = np.empty((episodes, ways, shots), np.int64)
    of = np.empty(episodes, np.int64)
    for episode in range(episodes):
        classes = rng.choice(pools[rng.integers(len(pools))], ways, replace=False)
        drawn = [
            rng.choice(members[int(each)], shots + (at == 0), replace=False)
            for at, each in enumerate(classes)
        ]
        asked[episode], support[episode, 0] = drawn[0][0], drawn[0][1:]
        support[episode, 1:] = drawn[1:]
        of[episode] = classes[0]
    scores = pair_scores(embeddings, np.repeat(asked, ways * shots), support.reshape(-1), metric)
    closeness = as_closeness(scores, metric).reshape(episodes, ways, shots).mean(axis=2)
    # The right class stands first, so it must win outright: a tie is no answer.
    right = closeness[:, 0] > closeness[:, 1:].max(axis=1)
    where = "" if families is None else " within a family"
    return proportion(f"{ways}-way {shots}-shot{where}", right, of)


def _pools(
    members: Mapping[int, Integers], families: Integers | None, ways: int
) -> list[npt.NDArray[np.int64]]:
    """Classes that may be in an episode together."""
    classes = np.array(list(members), np.int64)
    pools = [classes]
    if families is not None and len(classes):
        family = np.array([families[rows[0]] for rows in members.values()])
        pools = [classes[family == each] for each in np.unique(family)]
    pools = [pool for pool in pools if len(pool) >= ways]
    if not pools:
        raise OptionError(
            f"there are no {ways} classes with enough items to choose among; take fewer ways"
        )
    return pools
