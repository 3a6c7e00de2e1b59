"""Runs turned into entries that can be verified, compared and looked at."""
