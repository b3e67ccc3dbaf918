"""Augmentations of batches of items for training, by kind of item; seeded."""
