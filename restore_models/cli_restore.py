"""The work behind `foxing restore` and `foxing detect`."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from degrade.console import MisuseError, one_line, refuse_idle, tell
from degrade.types import Image, Mask
from restore_models.cli_photos import TILE, claim, followed, forecast, jobs_of, report, tile_of
from restore_models.resolve import PATIENCE, chosen_of, identity_of, known, network_in, opened
from restore_models.restorer import ModelError, Restorer
from restore_models.restoring import (
    Job,
    Masks,
    Outcome,
    given_mask,
    is_done,
    no_mask,
    restoring,
    worked_all,
    worked_in_groups,
)


@dataclass(frozen=True, slots=True)
class Restore:
    """What was typed behind `foxing restore`."""

    model: str
    source: Path
    out: Path
    mask: Path | None
    detect: Path | None
    faces: str
    find_faces: Path | None
    tile: str
    device: str
    untrained: bool
    grid: int
    steps: int
    timeout: float
    overwrite: bool
    max_pixels: int
    json: bool


@dataclass(frozen=True, slots=True)
class Detect:
    """What was typed behind `foxing detect`."""

    checkpoint: Path
    source: Path
    out: Path
    soft: bool
    tile: str
    device: str
    overwrite: bool
    max_pixels: int
    json: bool


def run_restore(asked: Restore) -> None:
    """Restore the photos, with progress on stderr and what came of it on stdout.

    Raises:
        MisuseError: the call makes no sense.
        FailureError: some photo could not be restored.
    """
    jobs = jobs_of(asked.source, asked.out, masks_given(asked))
    try:
        restorer = opened(
            asked.model,
            untrained=asked.untrained,
            device=asked.device,
            tile=tile_of(asked.tile),
            grid=asked.grid,
            seconds=asked.timeout,
        )
        if asked.steps:
            restorer = shortened(restorer, asked.steps)
        detector = detector_in(asked.detect, asked.device, asked.tile) if asked.detect else None
        refined = faced(restorer, asked)
        made_by = makers(asked)
    except ModelError as error:
        raise MisuseError(one_line(str(error))) from None
    refuse_idle(*choices(asked, restorer))
    warned(asked)
    claim(asked.out, made_by, jobs, overwrite=asked.overwrite)
    forecast(jobs if asked.overwrite else [job for job in jobs if not is_done(job)], (restorer, detector))
    masks: Masks = given_mask if asked.mask else no_mask
    if detector is not None:
        masks = detected(detector, soft=False)
    outcomes = outcomes_of(asked, jobs, refined, masks)
    report(asked.source, asked.out, followed(outcomes, len(jobs), "restoring"), asked.json)


def choices(asked: Restore, restorer: Restorer) -> Iterator[tuple[str, object, object, str]]:
    """What can be chosen for some models alone, and whether this is one."""
    own = chosen_of(asked.model)
    networks = f"it is of networks that Foxing runs, and {asked.model} is none"
    placed = "device" in own or known(asked.model)  # of filters it is said, as one call for many models names a device
    sees = not getattr(restorer, "blind", False)
    yield "--untrained", asked.untrained, "untrained" in own, "it is of the name of a model that has to be trained"
    yield "--grid", asked.grid, "grid" in own, "it is of TorchScript and ONNX files"
    yield "--timeout", asked.timeout != PATIENCE, "seconds" in own, "it is of commands with {in} and {out}"
    yield "--tile", asked.tile != "auto", "tile" in own or asked.detect, networks
    yield "--device", asked.device != "auto", placed or asked.detect or asked.faces, networks
    yield "--mask", asked.mask, sees, f"{asked.model} looks at no mask; foxing models lists those that want one"
    yield "--detect", asked.detect, sees, f"{asked.model} looks at no mask; foxing detect writes what is found"


def outcomes_of(asked: Restore, jobs: list[Job], restorer: Any, masks: Masks) -> Iterator[Outcome]:
    """What becomes of each photo; on a GPU many at once, by restorers that know how."""
    if hasattr(restorer, "restore_many") and restorer.device.type == "cuda":
        return worked_in_groups(jobs, restorer, masks, overwrite=asked.overwrite, max_pixels=asked.max_pixels)
    return worked_all(jobs, restoring(restorer, masks), overwrite=asked.overwrite, max_pixels=asked.max_pixels)


def run_detect(asked: Detect) -> None:
    """Write the masks, with progress on stderr and what came of it on stdout.

    Raises:
        MisuseError: the call makes no sense.
        FailureError: some photo could not be looked at.
    """
    jobs = jobs_of(asked.source, asked.out, None)
    try:
        detector = detector_in(asked.checkpoint, asked.device, asked.tile)
        made_by = {"detector": identity_of(str(asked.checkpoint)), "soft": str(asked.soft).lower()}
    except ModelError as error:
        raise MisuseError(one_line(str(error))) from None
    claim(asked.out, made_by, jobs, overwrite=asked.overwrite)
    forecast(jobs if asked.overwrite else [job for job in jobs if not is_done(job)], (detector,))
    work = detected(detector, soft=asked.soft)
    outcomes = worked_all(jobs, work, overwrite=asked.overwrite, max_pixels=asked.max_pixels)
    report(asked.source, asked.out, followed(outcomes, len(jobs), "detecting"), asked.json)


def makers(asked: Restore) -> dict[str, str]:
    """What makes the results, for their record."""
    masks = identity_of(str(asked.detect)) if asked.detect else "none"
    model = identity_of(asked.model, untrained=asked.untrained)
    return {
        "model": f"{model} (at most {asked.steps} steps)" if asked.steps else model,
        "masks": str(asked.mask.resolve()) if asked.mask else masks,
        "faces": faces_of(asked),
        "grid": str(asked.grid),
        TILE: asked.tile,
    }


def faced(restorer: Restorer, asked: Restore) -> Restorer:
    """The restorer with the face stage that was asked for.

    Raises:
        ModelError: there is no such stage.
    """
    if not asked.faces:
        if asked.find_faces:
            raise ModelError(f"--find-faces {asked.find_faces}: for what? give --faces too")
        return restorer
    from restore_models.face_stage import with_faces  # noqa: PLC0415 - heavy

    return with_faces(restorer, asked.faces, asked.find_faces, asked.device)


def faces_of(asked: Restore) -> str:
    """What refines faces, for the record.

    Raises:
        ModelError: its weights are missing.
    """
    if not asked.faces:
        return "none"
    from restore_models.face_stage import identity  # noqa: PLC0415 - heavy

    return identity(asked.faces, asked.find_faces)


def masks_given(asked: Restore) -> Path | None:
    """The folder of masks, or the mask of the one photo.

    Raises:
        MisuseError: there are two sources of masks, or it is not there.
    """
    if asked.mask is None:
        return None
    if asked.detect is not None:
        raise MisuseError("give --mask or --detect, not both: one mask for each photo")
    if not asked.mask.exists():
        raise MisuseError(f"{asked.mask}: no such folder of masks; check its name")
    if asked.mask.is_file() and asked.source.is_dir():
        raise MisuseError(f"{asked.mask}: one mask for a folder of photos; give a folder of masks")
    return asked.mask


def detector_in(place: Path, device: str, tile: str) -> Any:
    """The detector of a checkpoint: of a detector, or of a model that has one of its own.

    Raises:
        ModelError: there is none.
    """
    network = network_in(place, device, tile_of(tile))
    if hasattr(network, "detect"):
        return network
    if getattr(network, "detector", None) is None:
        raise ModelError(f"{place}: weights of {network.name}, which finds no damage; foxing train detector makes one")
    network.detector.tiling = network.tiling
    return network.detector


def detected(detector: Any, *, soft: bool) -> Callable[[Job, Image], Mask]:
    """The work of finding damage in photos."""

    def work(_: Job, image: Image) -> Mask:
        mask: Mask = detector.detect(image)
        return mask if soft else detector.binary(mask)

    return work


def shortened(restorer: Any, steps: int) -> Any:
    """A restorer that fits itself to each photo, stopped earlier.

    Raises:
        ModelError: it does nothing of the kind.
    """
    if not hasattr(restorer, "at_most"):
        raise ModelError(f"--steps: only dip takes steps for each photo, {restorer.name} takes none; leave it out")
    return restorer.at_most(steps)


OWN_TIME = "on a CPU up to 2 hours for 256 x 256 pixels and a day for a megapixel, with a mask three times as long"
"""Of deep image prior; the module `dip` has how it was measured."""


def warned(asked: Restore) -> None:
    """Say what a person should know who asks for this."""
    model = known(asked.model)
    if model is None:
        return
    if model.needs == "nothing" and asked.device not in ("auto", "cpu"):
        tell(f"{model.name} runs on the CPU: it is no network, and --device {asked.device} means nothing to it")
    if model.needs == "training":
        tell("random weights: for measuring speed and memory only")
    if model.needs == "a photo's own time":
        tell(f"{model.name} learns each photo anew, which takes long: {OWN_TIME}; --steps N ends it sooner")
    if model.wants_mask and not asked.mask and not asked.detect:
        tell(f"{model.name} works where a mask shows damage; without --mask or --detect it does little or nothing")
