"""Metrics: pairs and groups against the truth, retrieval, verification, intervals."""

from simsearch.evaluation.clusters import (
    BCubed,
    bcubed,
    closure,
    exact_groups,
    group_pairs,
    grouping_metrics,
)
from simsearch.evaluation.pairs import (
    CandidateMetrics,
    PairMetrics,
    candidate_metrics,
    pair_metrics,
)

__all__ = [
    "BCubed",
    "CandidateMetrics",
    "PairMetrics",
    "bcubed",
    "candidate_metrics",
    "closure",
    "exact_groups",
    "group_pairs",
    "grouping_metrics",
    "pair_metrics",
]
