"""Suites, metrics, sweeps and statistics: how good a restorer is, on which damage, and how sure we are."""
