"""Encoders: items in, embeddings out; a file a kind."""
