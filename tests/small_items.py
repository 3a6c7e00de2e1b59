"""Tables of items with a known truth."""

from itertools import product
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from degrade.seeds import Stream

PSNR, MAE, SSIM = "psnr/v1?space=rgb", "mae/v1?space=rgb", "ssim/v1?space=rgb"


def table(
    values: NDArray[Any],
    metrics: tuple[str, ...] = (PSNR,),
    defects: tuple[str, ...] = ("Foxing", "Tear"),
    severities: tuple[int, ...] = (1, 3),
) -> pa.Table:
    """Rows of (metrics, models, photos, defects x severities); the first model is the untouched input."""
    models = ["identity", *(f"model-{place}" for place in range(1, values.shape[1]))]
    photos = [f"photo-{place:04d}" for place in range(values.shape[2])]
    cells = list(product(defects, severities))
    rows = list(product(metrics, models, photos, cells))
    size = len(rows)
    return pa.table(
        {
            "suite_id": ["simulated:1"] * size,
            "model": [model for _, model, _, _ in rows],
            "item": [f"{photo}/{defect}/{severity}" for _, _, photo, (defect, severity) in rows],
            "photo": [photo for _, _, photo, _ in rows],
            "defect": [defect for _, _, _, (defect, _) in rows],
            "severity": pa.array([severity for _, _, _, (_, severity) in rows], pa.int32()),
            "region": ["whole"] * size,
            "metric": [metric for metric, _, _, _ in rows],
            "value": np.ravel(values),
            "status": ["ok"] * size,
            "seed": pa.array([0] * size, pa.int64()),
        }
    )


def normals(source: Stream, *shape: int) -> NDArray[np.float64]:
    return source.normals(*shape).astype(np.float64)
