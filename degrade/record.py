"""A sample as a folder of four files, and its origin: who asked for what, with which versions, and which bytes came."""

import hashlib
import json
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Literal, Protocol

import cv2
import numpy as np
import PIL

from degrade.effect import Effect
from degrade.io import pixel_digest, png, write_bytes, write_png
from degrade.pipeline import Pipeline
from degrade.pipeline_file import digest
from degrade.recipe import Recipe
from degrade.sample import Sample
from degrade.seeds import stream
from degrade.severity import at_severity
from degrade.types import Defect, Image

DEGRADED, MASK, LABELS, RECIPE = "degraded.png", "mask.png", "labels.png", "recipe.json"

CLEAN = "clean.png"
"""Beside them only where the print lies askew: the clean photo, moved with it."""

COLOURS: dict[Defect, tuple[int, int, int]] = {
    Defect.INTACT: (20, 20, 22),
    Defect.SCRATCH: (240, 228, 66),
    Defect.DUST: (86, 180, 233),
    Defect.HAIR: (204, 121, 167),
    Defect.CREASE: (230, 159, 0),
    Defect.CRACK: (213, 94, 0),
    Defect.LOSS: (245, 245, 245),
    Defect.STAIN: (148, 103, 60),
    Defect.FOXING: (186, 74, 44),
    Defect.FINGERPRINT: (0, 158, 115),
    Defect.MIRRORING: (150, 160, 200),
    Defect.TAPE: (222, 203, 140),
    Defect.PAPER: (120, 130, 90),
}
"""Of the classes in labels.png: its levels are the class numbers, its palette makes them visible."""

PALETTE = bytes(level for defect in Defect for level in COLOURS[defect])


class Source(Protocol):
    """Where the recipe of a photo comes from."""

    @property
    def label(self) -> str:
        """What it is called: the preset, the pipeline or the effect."""

    @property
    def level(self) -> int | None:
        """The severity, where it has one."""

    def origin(self) -> dict[str, Any]:
        """What identifies it in a record."""

    def recipe(self, seed: int, key: str, image: Image) -> Recipe:
        """The recipe of one photo."""


@dataclass(frozen=True, slots=True)
class FromPipeline:
    """Recipes drawn from a pipeline."""

    pipeline: Pipeline
    kind: Literal["preset", "pipeline"]

    @property
    def label(self) -> str:
        """The pipeline's name."""
        return self.pipeline.name

    @property
    def level(self) -> int | None:
        """A pipeline has no severity."""
        return None

    def origin(self) -> dict[str, Any]:
        """Its name, and a digest of all its numbers."""
        return {self.kind: self.pipeline.name, "digest": digest(self.pipeline)}

    def recipe(self, seed: int, key: str, image: Image) -> Recipe:
        """A draw that hangs on the seed and the key alone."""
        return self.pipeline.sample(seed, key)


@dataclass(frozen=True, slots=True)
class FromEffect:
    """Recipes of one effect alone, at one severity."""

    effect: type[Effect]
    severity: int

    @property
    def label(self) -> str:
        """The effect's name."""
        return self.effect.__name__

    @property
    def level(self) -> int | None:
        """The severity."""
        return self.severity

    def origin(self) -> dict[str, Any]:
        """Its name and the severity."""
        return {"effect": self.effect.__name__, "severity": self.severity}

    def recipe(self, seed: int, key: str, image: Image) -> Recipe:
        """The effect, with a random field of each photo's own."""
        field = stream(seed, key, self.effect.__name__).seed()
        return Recipe((at_severity(self.effect, self.severity, field, min(image.shape[:2])),))


@cache
def versions() -> dict[str, str]:
    """Of what computes the pixels."""
    try:
        own = version("foxing")
    except PackageNotFoundError:
        own = "not installed"
    return {"foxing": own, "numpy": np.__version__, "opencv": cv2.__version__, "pillow": PIL.__version__}


def differing(origin: dict[str, Any]) -> str:
    """Which versions made a record, where they are not these; empty where they are."""
    noted = origin.get("versions")
    then = noted if isinstance(noted, dict) else {}
    return ", ".join(
        f"{name} {then.get(name)} (here {here})" for name, here in versions().items() if then.get(name) != here
    )


def request(source: Source, seed: int, key: str, file: Path) -> dict[str, Any]:
    """What a sample hangs on: an equal request has an equal result.

    Raises:
        OSError: the photo's file cannot be read.
    """
    content = hashlib.sha256(file.read_bytes()).hexdigest()
    return source.origin() | {"seed": seed, "key": key, "file_sha256": content, "versions": versions()}


def recorded(sample: Sample, image: Image, asked: dict[str, Any]) -> str:
    """The text of recipe.json: the recipe, and its origin, with hashes of the photo as given and of the result."""
    hashes = {"clean_sha256": pixel_digest(image), "degraded_sha256": pixel_digest(sample.degraded)}
    moved = not np.array_equal(sample.clean, image)
    return (
        json.dumps(
            sample.recipe.to_data() | {"origin": asked | hashes | {"moved": moved}}, indent=1, ensure_ascii=False
        )
        + "\n"
    )


def origin_of(text: str) -> dict[str, Any]:
    """The origin noted in a recipe.json; empty where none is."""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    found = data.get("origin") if isinstance(data, dict) else None
    return found if isinstance(found, dict) else {}


def check_folder(folder: Path, photo: Path) -> None:
    """Check that writing a sample there takes no file away that is none of a sample.

    Raises:
        ValueError: the photo itself would be written over, or other pictures that have the same names.
    """
    names = (DEGRADED, CLEAN, MASK, LABELS)
    if photo.parent.resolve() == folder.resolve() and photo.name in names:
        raise ValueError(f"{photo}: a result has this name, and would replace the photo; give another folder")
    strangers = [name for name in names if (folder / name).is_file()]
    if strangers and not any((folder / name).is_file() for name in (DEGRADED, RECIPE)):  # ours is never without
        raise ValueError(f"{folder / strangers[0]}: there already, and of no sample; give another folder")


def write_sample(folder: Path, sample: Sample, image: Image, record: str) -> None:
    """Write the files of a sample, the record last: a folder that has one is whole.

    Args:
        folder: where to.
        sample: what the recipe made.
        image: the clean photo as given.
        record: the text of recipe.json.

    Raises:
        OSError: they cannot be written.
    """
    path = folder / RECIPE
    if path.exists() and path.read_bytes() != record.encode():
        path.unlink()
    write_png(folder / DEGRADED, sample.degraded)
    if np.array_equal(sample.clean, image):
        (folder / CLEAN).unlink(missing_ok=True)
    else:
        write_png(folder / CLEAN, sample.clean)
    write_png(folder / MASK, sample.mask)
    write_bytes(folder / LABELS, png(sample.labels, PALETTE))
    write_bytes(path, record.encode())


def is_whole(folder: Path, asked: dict[str, Any]) -> bool:
    """Whether a folder holds the whole sample of just this request."""
    if not all((folder / name).is_file() for name in (DEGRADED, MASK, LABELS, RECIPE)):
        return False
    origin = origin_of((folder / RECIPE).read_text("utf-8", errors="replace"))
    if origin.get("moved") and not (folder / CLEAN).is_file():
        return False
    return {key: origin.get(key) for key in asked} == asked
