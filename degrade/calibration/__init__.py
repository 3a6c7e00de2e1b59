"""Fitting a pipeline to scans: its ranges and probabilities as knobs, a distance to real photos, and a search."""
