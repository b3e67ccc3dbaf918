"""Transformers computed by the quickest of the engines that are installed."""
