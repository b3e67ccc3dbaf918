"""A table that comes along, adapted to what a teacher says of a corpus."""

import numpy as np

from simsearch.encoders.text.adapted import adapted_table
from simsearch.encoders.text.static import StaticBody
from simsearch.training.text.table import random_table
from tests.training.text.made_text import sentences


def test_scores_of_texts_that_were_not_taught_come_nearer_to_the_teachers() -> None:
    texts = sentences(200, 4)[0]
    start = random_table(texts, dimension=24, vocabulary=600, seed=3)
    rng = np.random.default_rng(1)
    # The teacher turns the directions, and weighs words otherwise.
    weights = rng.uniform(0.1, 3.0, (len(start.table), 1))
    rows = (start.table * weights @ rng.standard_normal((24, 32))).astype(np.float32)
    goal = StaticBody(start.files["tokenizer.json"], {"table": rows}).embed(texts)
    told = np.arange(len(texts)) % 4 != 0
    taught = adapted_table(start, [texts[row] for row in np.flatnonzero(told)], goal[told])

    def errs(body: StaticBody) -> float:
        made, said = body.embed(texts)[~told], goal[~told]
        return float(np.abs(np.corrcoef(made) - np.corrcoef(said)).mean())

    assert errs(taught) < 0.8 * errs(start)
    assert taught.table.shape == start.table.shape
