"""Encoders of texts: a table of tokens, or a transformer."""
