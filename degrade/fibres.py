"""Hairs and fibres: how they curl, and what colour they are."""

import numpy as np

from degrade.cracks import Array
from degrade.seeds import Stream

KERATIN = (48, 40, 34)
"""A hair on the print or in the scanner."""


def curls(count: int, pieces: int, curl: float, source: Stream) -> Array:
    """How far hairs (m, pieces) have turned at each piece, in radians: a mean bend, waves, and in some a kink."""
    along = np.linspace(0, 1, pieces)
    bend = 4.5 * curl * source.normals(count, 1) * along
    knots = source.normals(count, 8).astype(np.float64)
    at = np.minimum((along * 7).astype(int), 6)
    part = along * 7 - at
    part = part * part * (3 - 2 * part)
    waves = np.cumsum(knots[:, at] * (1 - part) + knots[:, at + 1] * part, axis=1) * (7 * curl / pieces)
    kink = np.where(source.units(count, 1) < 0.25, 0.9 * source.normals(count, 1), 0) * (along > source.units(count, 1))
    turned: Array = bend + waves + kink
    return turned
