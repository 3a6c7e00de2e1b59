"""albumentations both ways: our pipelines as one of its transforms, its transforms as an effect of ours.

Needs `pip install 'foxing[albumentations]'`. On its own, albumentations asks the package index for news when it is
imported; here it does not.
"""

import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any

import numpy as np

os.environ["NO_ALBUMENTATIONS_UPDATE"] = "1"  # before the import: no network

import albumentations as A  # noqa: N812  (the name by which all its users know it)

from degrade.effect import Effect
from degrade.photo import Photo, agreeing
from degrade.pipeline import Pipeline
from degrade.pipeline_file import from_toml, to_toml
from degrade.presets import PRESETS
from degrade.recipe import Recipe, nearest
from degrade.textures import NO_TEXTURES, find_textures
from degrade.types import Defect, Image, Mask, Seed


class OldPhoto(A.DualTransform):  # type: ignore[misc]  # albumentations comes without types
    """A pipeline of ours as a transform for `A.Compose`: it ages `image` and merges the defects into `mask`.

    Targets: `image` (uint8, RGB) is aged; `mask` (uint8, one channel) becomes the larger of itself and the mask of the
    defects; `defects`, where given, gets their label map, and `clean` what geometry the image gets and nothing else
    (let other transforms move them too: `additional_targets={"defects": "mask", "clean": "image"}`). Boxes and
    keypoints stay. All that a replay needs is the recipe.

    The recipe hangs on the random state that `Compose(seed=...)` sets, thus on the order of calls. With a target `key`,
    a text, it hangs on that seed and the key alone: the same in any order and in any worker.
    """

    def __init__(self, pipeline: str | Pipeline, p: float = 1.0, textures: str = "") -> None:
        """A transform.

        Args:
            pipeline: a preset's name, a pipeline, or the text of its TOML file.
            p: how likely it is to happen.
            textures: the folder with the user's own scans; empty for none.

        Raises:
            ValueError: there is no such preset, the pipeline or p is wrong, or the folder holds no texture.
        """
        if not 0 <= p <= 1:
            raise ValueError(f"OldPhoto: p = {p}, outside [0, 1]")
        super().__init__(p=p)
        own = pipeline if isinstance(pipeline, Pipeline) else named(pipeline)
        self.pipeline = own.name if PRESETS.get(own.name) == own else to_toml(own)  # as the transform is saved
        self.textures = textures
        self._textures = find_textures(Path(textures))[0] if textures else NO_TEXTURES
        self._pipeline = own.with_textures(self._textures)

    @property
    def targets(self) -> dict[str, Callable[..., Any]]:
        """What it knows; `apply_with_params` takes all at once."""
        return dict.fromkeys(
            ("image", "mask", "defects", "clean", "key", "bboxes", "keypoints"), self.apply_with_params
        )

    def update_transform_params(self, params: dict[str, Any], data: dict[str, Any]) -> dict[str, Any]:
        """The parameters alone: the recipe fits pictures of any shape."""
        return params

    def get_params_dependent_on_data(self, params: dict[str, Any], data: dict[str, Any]) -> dict[str, Any]:
        """The recipe, drawn."""
        if "key" in data:
            recipe = self._pipeline.sample(self.seed or 0, str(data["key"]))
        else:
            recipe = self._pipeline.sample(self.py_random.getrandbits(32), "")
        return {"recipe": recipe.to_json()}

    def apply_with_params(self, params: dict[str, Any], *args: Any, **kwargs: Any) -> dict[str, Any]:
        """All targets, aged together.

        Raises:
            ValueError: the image is no picture, or another target does not fit it.
        """
        if kwargs.get("image") is None:
            raise ValueError("OldPhoto ages the target image, and none was given")
        photo = Photo.of(kwargs["image"], self._textures)
        photo = replace(
            photo,
            mask=fitting(kwargs.get("mask"), photo.mask, "mask"),
            labels=fitting(kwargs.get("defects"), photo.labels, "defects"),
            clean=fitting(kwargs.get("clean"), photo.clean, "clean"),
        )
        aged = Recipe.from_json(params["recipe"]).continued(photo)
        arrays = {"image": aged.image, "mask": aged.mask, "defects": aged.labels, "clean": aged.clean}
        return kwargs | {target: array for target, array in arrays.items() if kwargs.get(target) is not None}


def named(pipeline: str) -> Pipeline:
    """The preset of that name, or the pipeline of a TOML text.

    Raises:
        ValueError: it is neither.
    """
    if pipeline in PRESETS:
        return PRESETS[pipeline]
    if "=" in pipeline:
        return from_toml(pipeline)
    raise ValueError(f"no preset {pipeline!r}{nearest(pipeline, PRESETS)}")


def fitting(given: object, usual: Mask | Image, target: str) -> Mask | Image:
    """A target as an array that no effect writes to; the usual one where none was given.

    Raises:
        ValueError: its shape or type is none that a photo has.
    """
    if given is None:
        return usual
    if not isinstance(given, np.ndarray) or given.dtype != np.uint8 or given.shape != usual.shape:
        found = f"{given.dtype} of {given.shape}" if isinstance(given, np.ndarray) else type(given).__name__
        raise ValueError(f"OldPhoto: {target} is {found}, not uint8 of {usual.shape} as its image needs")
    sealed = np.ascontiguousarray(given).view()
    sealed.flags.writeable = False
    return sealed


TransformText = Annotated[str, None]
"""A transform of albumentations as the JSON of `A.to_dict`: see `as_text`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Albumentation(Effect):
    """Any transform of albumentations: `Albumentation(transform=as_text(A.RandomFog(p=1)), seed=7)`.

    Geometry moves the photo, its mask, its labels and its clean twin together. What a dropout covers enters the mask as
    a loss. Everything else changes the picture alone. Its own p counts; the seed decides.
    Source: albumentations 2.0.8 (Buslaev et al. 2020, "Albumentations: Fast and Flexible Image Augmentations"). Equal
    seeds give equal bytes with the same versions of albumentations and NumPy only: it draws from NumPy's distributions.
    """

    transform: TransformText

    seed: Seed

    def __post_init__(self) -> None:
        """Check the transform too, and write its JSON in the one shortest way.

        Raises:
            ValueError: it is none, or albumentations refuses its numbers.
        """
        Effect.__post_init__(self)
        object.__setattr__(self, "transform", as_text(from_text(self.transform)))

    def apply(self, photo: Photo) -> Photo:
        """Another photo with what the transform does; the given one stays as it was."""
        movers = [leaf for leaf in leaves(from_text(self.transform)) if moves(leaf)]
        if movers:
            return self._moved(photo)
        image = self._run(photo, {"image": photo.image})["image"]
        if not any(covers(leaf) for leaf in leaves(from_text(self.transform))):
            return photo.toned(image)
        changed = (image != photo.image).any(axis=2)
        return photo.repainted(image, changed.astype(np.uint8) * 255, Defect.LOSS)

    def _moved(self, photo: Photo) -> Photo:
        """The photo, its mask and its clean twin resampled alike, and its labels by the nearest pixel."""
        soft = self._run(photo, {"image": photo.image, "mask": photo.mask, "clean": photo.clean}, soft=True)
        hard = self._run(photo, {"image": photo.image, "mask": photo.labels})
        mask, labels = soft["mask"], agreeing(hard["mask"], soft["mask"])
        labels[(mask > 0) & (labels == 0)] = Defect.LOSS  # a border that the transform itself fills
        for array in (soft["image"], soft["clean"], mask, labels):
            array.flags.writeable = False
        return replace(photo, image=soft["image"], mask=mask, labels=labels, clean=soft["clean"])

    def _run(self, photo: Photo, arrays: dict[str, Image | Mask], *, soft: bool = False) -> dict[str, Image | Mask]:
        """What the transform makes of arrays, by the effect's seed; `soft`: the mask is resampled like the picture.

        Raises:
            ValueError: the picture would get another size or type.
        """
        transform = from_text(self.transform)
        for leaf in leaves(transform):
            if moves(leaf):
                leaf.add_targets({"clean": "image"})
                if soft and hasattr(leaf, "mask_interpolation"):
                    leaf.mask_interpolation = leaf.interpolation
        done = A.Compose([transform], seed=self.seed)(**{name: array.copy() for name, array in arrays.items()})
        return {name: kept(done[name], before, type(transform).__name__) for name, before in arrays.items()}


def kept(after: Image | Mask, before: Image | Mask, title: str) -> Image | Mask:
    """A copy of what a transform made.

    Raises:
        ValueError: it has another size or type.
    """
    if after.shape != before.shape or after.dtype != before.dtype:
        change = f"{after.dtype} of {after.shape} from {before.dtype} of {before.shape}"
        raise ValueError(f"Albumentation: {title} makes {change}, but a photo keeps its size and type")
    return after.copy()


def as_text(transform: A.BasicTransform | A.BaseCompose) -> str:
    """A transform as the field of an effect or a prior: `prior(Albumentation, transform=as_text(A.RandomFog()))`."""
    return json.dumps(A.to_dict(transform), sort_keys=True, separators=(",", ":"), default=_plain)


def _plain(value: Any) -> Any:
    return value.tolist() if isinstance(value, np.ndarray | np.generic) else value.value


def from_text(text: str) -> A.BasicTransform | A.BaseCompose:
    """A transform of albumentations, fresh.

    Raises:
        ValueError: the text names none, or albumentations refuses its numbers.
    """
    try:
        transform = A.from_dict(json.loads(text))
        kinds = [covers(leaf) for leaf in leaves(transform)]
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        reason = " ".join(str(error).split())
        raise ValueError(f"Albumentation.transform: {text[:60]!r} is no transform ({reason})") from None
    if any(kinds) and len(kinds) > 1:
        raise ValueError("Albumentation.transform: a dropout needs a step of its own, so that its mask is exact")
    return transform


def leaves(transform: A.BasicTransform | A.BaseCompose) -> Iterator[A.BasicTransform]:
    """The single transforms in a composition."""
    if isinstance(transform, A.BaseCompose):
        for inner in transform.transforms:
            yield from leaves(inner)
    else:
        yield transform


def moves(leaf: A.BasicTransform) -> bool:
    """Whether a transform takes pixels from other places."""
    kind = type(leaf)
    geometric = ".geometric." in kind.__module__ or ".crops." in kind.__module__
    return geometric and kind is not A.Morphological


def covers(leaf: A.BasicTransform) -> bool:
    """Whether a transform hides pixels."""
    return ".dropout." in type(leaf).__module__
