"""From scores to probabilities and thresholds."""
