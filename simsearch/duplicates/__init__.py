"""Duplicates: the pipeline that groups the items of one source and links the rows of two tables."""

from simsearch.duplicates.dedupe import dedupe
from simsearch.duplicates.item_result import ItemDeduplication
from simsearch.duplicates.link import link
from simsearch.duplicates.result import Deduplication, Linkage, Statistics

__all__ = ["Deduplication", "ItemDeduplication", "Linkage", "Statistics", "dedupe", "link"]
