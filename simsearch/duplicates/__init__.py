"""Duplicates: the pipeline that groups the rows of one table and links those of two."""

from simsearch.duplicates.dedupe import dedupe
from simsearch.duplicates.link import link
from simsearch.duplicates.result import Deduplication, Linkage, Statistics

__all__ = ["Deduplication", "Linkage", "Statistics", "dedupe", "link"]
