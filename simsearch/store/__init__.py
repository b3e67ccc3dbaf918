"""Vectors with ids on disk, and the ways to search them. Knows no encoder and no source."""
