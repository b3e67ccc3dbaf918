"""Training encoders of texts."""
