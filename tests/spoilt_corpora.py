"""Corpora that are whole or that somebody changed, and the problems that verification finds in them."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
from charts import chart
from small_corpus import Dictionary, Small
from small_corpus import built as unfinished

from degrade.corpus.build import finish
from degrade.corpus.checking import Problem, checked
from degrade.corpus.parquet_file import write_rows
from degrade.corpus.shards import Made
from degrade.corpus.store import Folder
from degrade.effects.gaussian_noise import GaussianNoise
from degrade.io import png
from degrade.pipeline import Pipeline
from degrade.png import png_bytes
from degrade.presets import PRESETS
from degrade.priors import Uniform, prior
from degrade.record import FromPipeline

PHOTOS = Dictionary("folder p", {f"{n:02d}.png": png_bytes(chart(40, 32 + n)) for n in range(9)})

MILD = FromPipeline(PRESETS["mild"], "preset")

NOISY = Pipeline("noisy", (prior(GaussianNoise, sigma=Uniform(5, 20), channels="three", size=1.0),))

SOME = "data/train-00000-of-00002.parquet"
"""Rows of four photos, two of each."""

Rows = list[dict[str, Any]]


def built(*where: Any, **choices: Any) -> Small:
    """A corpus with its card."""
    made = unfinished(*where, **choices)
    finish(made.store)
    return made


def problems(folder: Path, **how: Any) -> list[Problem]:
    return list(checked(Folder(str(folder)), **how))


def rewritten(folder: Path, change: Callable[[Rows], Rows | None], name: str = SOME) -> None:
    """Change rows of a shard, and its entry in the manifest too, so that only the rows themselves can tell."""
    rows = pq.read_table(folder / name).to_pylist()
    rows = change(rows) or rows
    with (folder / name).open("wb") as file:
        size, sha256 = write_rows(file, rows)
    entry = folder / ".foxing/shards" / (Path(name).stem + ".json")
    data = json.loads(entry.read_text()) | {"bytes": size, "sha256": sha256}
    entry.write_text(Made.from_json(json.dumps(data | {"rows": len(rows)})).to_json())


def row(number: int, **cells: Any) -> Callable[[Rows], None]:
    return lambda rows: rows[number].update(cells)


def picture(image: np.ndarray[Any, Any]) -> dict[str, Any]:
    return {"bytes": png(image), "path": None}
