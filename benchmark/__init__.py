"""Suites, metrics, sweeps and statistics: how good a restorer is, on which damage, and how sure we are."""

from benchmark.data_frames import Frames, frames

__all__ = ["Frames", "frames"]
