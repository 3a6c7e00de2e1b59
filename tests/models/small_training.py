"""Trainings that take a second: a small network on a corpus of charts."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from charts import chart
from small_corpus import Dictionary, built

from degrade.png import png_bytes
from restore_models.detector import DetectorConfig
from restore_models.learning import Runtime
from restore_models.restorer import Model
from restore_models.settings import Training
from restore_models.stage_run import World
from restore_models.train import Run
from restore_models.training_data import Asked
from restore_models.zoo import models

PHOTOS = Dictionary("folder p", {f"{n}.png": png_bytes(chart(48, 44 + n)) for n in range(10)})

OLD = Dictionary("folder o", {f"{n}.png": png_bytes(chart(40, 44 + n)) for n in range(3)})

TRAINING = Training(steps=6, batch=2, size=32, seed=3, log_every=1, check_every=3, checked=2)

TINY: dict[str, dict[str, Any]] = {
    "cyclegan": {"width": 4, "blocks": 1, "patch_layers": 1, "pool": 4},
    "detector": {"width": 4, "depth": 1, "top_hats": (5,)},
    "faces": {"size": 64, "width": 2, "critic_width": 4},
    "nafnet": {"width": 4, "encoder": (1, 1), "middle": 1, "decoder": (1, 1)},
    "pix2pix": {"width": 4, "depth": 4, "patch_layers": 1},
    "triplet": {
        "width": 4,
        "blocks": 1,
        "mapping_width": 8,
        "critic_width": 4,
        "detector": DetectorConfig(width=4, depth=1, top_hats=(5,)),
    },
}
"""Configurations that are quick, of every model that is trained: what differs from the model's own."""


def tiny(name: str) -> tuple[Model, Any]:
    assert name in TINY, f"{name} has no tiny configuration: add one to TINY in tests/models/small_training.py"
    model = models()[name]
    return model, replace(model.config, **TINY[name])


def corpus(folder: Path) -> Path:
    built(folder, PHOTOS, OLD)
    return folder


@dataclass
class Watch:
    """Keeps what it is told; does something at a step."""

    at: Mapping[int, Callable[[], None]] = field(default_factory=dict)
    told: list[str] = field(default_factory=list)

    def begins(self, stage: str, done: float) -> None:
        self.told.append(f"{stage} begins at {done:.2f}")

    def stepped(self, step: int, done: float, losses: Mapping[str, float]) -> None:
        self.at.get(step, lambda: None)()

    def tell(self, text: str) -> None:
        self.told.append(text)


def run(data: Path, out: Path, name: str = "nafnet", training: Training = TRAINING, watch: Watch | None = None) -> Run:
    model, config = tiny(name)
    return Run(model, config, training, Runtime(), Asked(str(data)), out, watch or Watch(), World())


def losses(out: Path) -> list[tuple[str, int, Any]]:
    """Of every step, without the times."""
    lines = (json.loads(line) for line in (out / "metrics.jsonl").read_text().splitlines())
    return [(line["stage"], line["step"], line.get("losses", line.get("psnr"))) for line in lines]


TINY_DETECTOR = ("detector.width=4", "detector.depth=1", "detector.top_hats=[5]")

SMALL = {
    "detector": ("width=4", "depth=1", "top_hats=[5]"),
    "nafnet": ("width=4", "encoder=[1]", "middle=1", "decoder=[1]"),
    "pix2pix": ("width=4", "depth=4"),
    "triplet": ("width=4", "blocks=1", "mapping_width=8", "critic_width=4", *TINY_DETECTOR),
}
"""The same as one types them."""


def words(model: str, data: object, out: Path, *more: str) -> list[str]:
    """Of `foxing train` with two steps."""
    sets = [f"--set=model.{each}" for each in SMALL[model]] + ["--set=training.checked=2"]
    short = ["--steps", "2", "--batch", "2", "--size", "32", "--device", "cpu"]
    return ["train", model, "--data", str(data), "--out", str(out), *short, *sets, *more]


def contents(folder: Path) -> dict[str, bytes]:
    """Every file of a folder."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
