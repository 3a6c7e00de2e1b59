"""The charts of the report and of the leaderboards: each a pure function that gives the text of one SVG.

They carry no style; their page brings pages/charts.css, which `stylesheet` gives.
"""

from importlib import resources

from benchmark.curves import Line, curves
from benchmark.forest import Interval, intervals
from benchmark.heat_map import heat_map
from benchmark.scatter import Point, scatter

__all__ = ["Interval", "Line", "Point", "curves", "heat_map", "intervals", "scatter", "stylesheet"]


def stylesheet() -> str:
    """How charts look, in light, in dark and on paper."""
    return resources.files("benchmark").joinpath("pages", "charts.css").read_text("utf-8")
