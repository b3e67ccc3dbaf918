"""Encoders: they turn items into embeddings; one file for each kind of item."""
