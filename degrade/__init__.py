"""The degradation engine: clean photographs into old ones, with the exact mask and the exact record."""
