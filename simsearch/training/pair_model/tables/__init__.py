"""Made-up tables of many families, with the truth, for training a pair model and testing it."""

from simsearch.training.pair_model.tables.everyday import EVERYDAY
from simsearch.training.pair_model.tables.families import FAMILIES
from simsearch.training.pair_model.tables.generate import GeneratedTable, Wanted, generate
from simsearch.training.pair_model.tables.ordinary import ORDINARY
from simsearch.training.pair_model.tables.strangers import STRANGERS

__all__ = [
    "EVERYDAY", "FAMILIES", "ORDINARY", "STRANGERS", "GeneratedTable", "Wanted", "generate",
]  # fmt: skip
