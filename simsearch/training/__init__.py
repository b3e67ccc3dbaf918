"""Training siamese encoders: examples, batches, losses, the loop, and what it leaves behind."""
