"""Measurements: what the product does a second, as ratios within one run."""
