"""Tests of the pipeline that groups the rows of one table and links those of two."""
