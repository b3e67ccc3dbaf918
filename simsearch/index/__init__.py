"""Indexes: an encoder and a vector store together, to search for similar items."""
