"""Whether a row of a corpus is what its recipe makes of its clean picture."""

import hashlib
import io
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image as Pillow

from degrade.console import reason
from degrade.corpus.columns import IMAGES
from degrade.corpus.config import USUAL_QUALITY, Config
from degrade.corpus.plan_files import CorpusError
from degrade.corpus.reading import versions_of
from degrade.corpus.rows import Photos, Row, Window, encoded, sample_key
from degrade.io import ImageError, decode_image, pixel_digest
from degrade.patience import patient
from degrade.pipeline_file import from_toml
from degrade.recipe import Recipe, effect_named
from degrade.record import FromEffect, FromPipeline, Source, differing
from degrade.sample import Sample, replayed_sample
from degrade.sources import SourceError
from degrade.textures import Textures
from degrade.types import Image

Array = NDArray[np.uint8]

Pictures = dict[str, Array]
Files = dict[str, bytes]

ASKEW = "their print lies askew, and the clean side was moved with it; give the photos by --source"
SECOND_JPEG = "their clean side is a JPEG made of the photo, not the photo; give the photos by --source"
OTHER_PHOTO = "their photo is not there, or has changed since"


def config_of(build: Mapping[str, Any], textures: Textures) -> Config:
    """The choices of a corpus, from its record.

    Raises:
        CorpusError: another version of the engine made it.
    """
    try:
        return Config(
            recipes=tuple(_source(each) for each in build["recipes"]),
            seed=build["seed"],
            variants=build["variants"],
            size=build["size"],
            crop=build["crop"],
            store=build["store"],
            encoding=build["encoding"],
            quality=build["quality"] or USUAL_QUALITY,
            shares=tuple(build["shares"]),
            shard_photos=build["photos_per_shard"],
            textures=textures,
            max_pixels=build["max_pixels"],
        )
    except (KeyError, ValueError, TypeError, AttributeError) as error:  # what is inside may be a stranger's
        raise CorpusError(f"the corpus's record cannot be read by this version: {reason(error)}") from None


def _source(data: Mapping[str, Any]) -> Source:
    if "effect" in data:
        return FromEffect(effect_named(data["effect"]), data["severity"])
    return FromPipeline(from_toml(data["toml"]), "preset" if "preset" in data else "pipeline")


@dataclass(slots=True)
class Replays:
    """Carries out recipes again, and counts those that it cannot."""

    config: Config
    photos: Photos | None
    unreplayed: Counter[str] = field(default_factory=Counter)
    """By the reason."""

    last: tuple[str, Image | None] = ("", None)
    """The photo read last: its rows lie together."""

    def problems(self, record: Row, cell: Callable[[str], Any]) -> Iterator[str]:
        """What is wrong with a row.

        Args:
            record: its cells but the pictures.
            cell: gives the file of a picture by its column.
        """
        files = {name: bytes(data) for name in IMAGES if (data := cell(name)) is not None}
        pictures: Pictures = {}
        yield from self._decoded(record, files, pictures)
        exact = "degraded" in pictures and (self._is_exact or is_photo(files["degraded"], record))
        if exact and pixel_digest(pictures["degraded"]) != record["degraded_sha256"]:
            yield "degraded: other pixels than its hash says"
        if record["recipe"] is None:
            return
        try:
            recipe = Recipe.from_json(record["recipe"])
        except ValueError as error:
            yield f"recipe: {error}"
            return
        yield from self._drawn(record, recipe)
        before = self._before(record, files, pictures)
        if isinstance(before, str):
            self.unreplayed[before] += 1
        elif before is not None:
            yield from self._replayed(record, recipe, before, files, pictures)

    @property
    def _is_exact(self) -> bool:
        return self.config.encoding != "jpeg"

    def _decoded(self, record: Row, files: Files, pictures: Pictures) -> Iterator[str]:
        """Fill in the pictures, and say which cannot be, are missing, or have another size."""
        has = IMAGES if self.config.store == "pairs" else ("clean",)
        for name in ("degraded",) if record["recipe"] is None else has:
            if name not in files:
                yield f"{name}: missing"
                continue
            try:
                whole = name in ("clean", "degraded")
                found = decode_image(files[name], name, self.config.max_pixels) if whole else as_map(files[name])
            except ImageError as error:
                yield str(error)
                continue
            except Exception as error:  # decoders raise whatever they like on a damaged file
                yield f"{name}: damaged ({error})"
                continue
            if found.shape[:2] != (record["height"], record["width"]):
                yield f"{name}: {found.shape[1]} x {found.shape[0]}, not {record['width']} x {record['height']}"
                continue
            pictures[name] = found

    def _drawn(self, record: Row, recipe: Recipe) -> Iterator[str]:
        """Whether the recipe is the one that this sample gets."""
        if record["effects"] != [type(step).__name__ for step in recipe.steps]:
            yield "effects: others than in its recipe"
        if record["seed"] != self.config.seed:
            yield f"seed: {record['seed']}, not {self.config.seed}"
        name = sample_key(record["key"], record["variant"], self._window(record))
        shape = np.empty((record["height"], record["width"], 0), np.uint8)
        for source in self.config.recipes:
            origin = source.origin()
            given = origin.get("preset") or origin.get("pipeline") or origin.get("effect")
            if (given, origin.get("severity")) == (record["preset"], record["severity"]):
                if source.recipe(self.config.seed, name, shape).to_json() != record["recipe"]:
                    yield f"recipe: not the one that {given} draws for this sample{made_elsewhere(record)}"
                return
        yield f"preset: {record['preset']} is none of this corpus"

    def _window(self, record: Row) -> Window:
        return Window(record["left"], record["top"], self.config.size)

    def _before(self, record: Row, files: Files, pictures: Pictures) -> Image | str | None:
        """The picture that the recipe was carried out on; or why there is none; None where that was said already."""
        if self.photos is not None:
            photo = self._photo(self.photos, record)
            return OTHER_PHOTO if photo is None else self._window(record).of(photo)
        if record["moved"]:
            return ASKEW
        if self._is_exact or self.config.store == "recipe" or is_photo(files.get("clean", b""), record):
            return pictures.get("clean")
        return SECOND_JPEG

    def _photo(self, photos: Photos, record: Row) -> Image | None:
        key, image = self.last
        if key == record["key"]:
            return image
        image = None
        try:
            data = patient(lambda: photos.read(record["key"]))
            if hashlib.sha256(data).hexdigest() == record["source_sha256"]:
                image = decode_image(data, record["key"], self.config.max_pixels)
        except (ValueError, OSError, KeyError, SourceError):
            pass  # counted by the caller, who has no picture
        self.last = record["key"], image
        return image

    def _replayed(self, record: Row, recipe: Recipe, before: Image, files: Files, pictures: Pictures) -> Iterator[str]:
        """Compare what the recipe makes with what is there."""
        try:
            sample = replayed_sample(recipe, record["key"], before, self.config.textures)
        except KeyError as error:
            self.unreplayed[reason(error)] += 1
            return
        except ValueError as error:
            yield f"recipe: {error}"
            return
        if pixel_digest(sample.degraded) != record["degraded_sha256"]:
            yield f"its recipe gives other pixels than its hash says{made_elsewhere(record)}"
        for name, made in made_pictures(sample).items() if self.config.store == "pairs" else ():
            kept = pictures.get(name)
            if kept is not None and not np.array_equal(self._as_kept(name, made, files[name], record), kept):
                yield f"{name}: other pixels than its recipe gives{made_elsewhere(record)}"
        if np.float32(f"{sample.mask.mean() / 255:.6f}") != np.float32(record["coverage"]):
            yield f"coverage: {record['coverage']:.6f}, not {sample.mask.mean() / 255:.6f}"

    def _as_kept(self, name: str, made: Array, file: bytes, record: Row) -> Array:
        """What is left of a picture once it went through the corpus's encoding."""
        if self._is_exact or name in ("mask", "defects") or is_photo(file, record):
            return made
        return decode_image(encoded(made, self.config), name, self.config.max_pixels)


def is_photo(file: bytes, record: Row) -> bool:
    """Whether a picture is the photo's own file."""
    return bool(hashlib.sha256(file).hexdigest() == record["source_sha256"])


def made_pictures(sample: Sample) -> dict[str, Array]:
    """The pictures of a sample by their columns."""
    return {"clean": sample.clean, "degraded": sample.degraded, "mask": sample.mask, "defects": sample.labels}


def as_map(data: bytes) -> Array:
    """The levels of a mask or a label map.

    Raises:
        Exception: whatever the decoder raises on a damaged file.
    """
    with Pillow.open(io.BytesIO(data), formats=("PNG",)) as picture:
        return np.array(picture)


def made_elsewhere(record: Row) -> str:
    """A word on the versions that made a row, where they are not these."""
    found = differing({"versions": versions_of(record["versions"])})
    return f"; it was made with {found}" if found else ""
