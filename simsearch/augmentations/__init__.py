"""Augmentation on batches: a second look at each item, seeded, by kind."""
