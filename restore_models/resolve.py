"""What a person calls a model, as a restorer: a name of the zoo, a checkpoint, or anybody's own."""

import hashlib
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from degrade.recipe import nearest
from restore_models.foreign import NETWORK_FILES, from_command, from_python, is_command
from restore_models.model_card import how_to_use
from restore_models.restorer import Model, ModelError, Restorer
from restore_models.weight_files import CONFIG, TENSORS, has_weights, read_weights
from restore_models.zoo import classical, models, network_from

PATIENCE = 600.0
"""Seconds that a foreign command may take for one photo, where nobody says otherwise."""


def opened(
    what: str,
    *,
    untrained: bool = False,
    device: str = "auto",
    tile: int = -1,
    grid: int = 0,
    seconds: float = PATIENCE,
) -> Restorer:
    """The restorer of that name.

    Args:
        what: a name of the zoo; a folder with weights, or of a training; `package.module:callable`; a TorchScript or
            ONNX file; or a command with `{in}` and `{out}`. A folder that is called like a model: `./name`.
        untrained: a model that lacks weights gets random ones, the same every time.
        device: auto, cpu, cuda or cuda:N.
        tile: side of the tiles, 0 for none, -1 as the forecast of memory says.
        grid: of foreign networks in files: what both sides must be a multiple of; 0 as the file says, else 1.
        seconds: of foreign commands: the longest time for one photo.

    Raises:
        ModelError: there is none, it cannot be used, or the device is not there.
    """
    if is_command(what):
        return from_command(what, seconds)
    model = known(what)
    if model is not None:
        return of_the_zoo(model, untrained=untrained, device=device, tile=tile)
    if untrained:
        raise ModelError(f"--untrained is of a model's name, and {what} is none{nearest(what, models())}")
    if Path(what).suffix.lower() in NETWORK_FILES:
        return network_in_file(Path(what), device, tile, grid)
    if Path(what).exists():
        return restoring(network_in(Path(what), device, tile), what)
    if ":" in what:
        return from_python(what)
    raise ModelError(unknown(what))


def chosen_of(what: str) -> frozenset[str]:
    """Which of the choices of `opened` change anything for a model, by what was typed."""
    if is_command(what):
        return frozenset(("seconds",))
    if ":" in what and not Path(what).exists():
        return frozenset()  # Python's; the zoo, which imports torch, is not asked
    model = known(what)
    if model is not None:
        own = {"nothing": (), "training": ("device", "tile", "untrained"), "a photo's own time": ("device", "tile")}
        return frozenset(own[model.needs])
    if Path(what).suffix.lower() in NETWORK_FILES:
        return frozenset(("device", "tile", "grid"))
    return frozenset(("device", "tile"))


def known(what: str) -> Model | None:
    """The model of the zoo that has this name; torch is not imported for those that need none."""
    return classical().get(what) or models().get(what)


def unknown(what: str) -> str:
    """What to say of a name that stands for nothing."""
    hint = nearest(what, models()) or f"; there are {', '.join(models())}"
    more = "" if find_spec("torch") else "; learned models need torch: pip install 'foxing[models]'"
    return f"no model and no checkpoint {what!r}{hint}{more}"


def of_the_zoo(model: Model, *, untrained: bool, device: str, tile: int) -> Restorer:
    """A model by its name.

    Raises:
        ModelError: it needs weights, and random ones were not asked for; or it does not restore.
    """
    if model.needs == "nothing":
        return restoring(model.build(model.config), model.name)
    import torch  # noqa: PLC0415 - heavy

    with torch.random.fork_rng():
        torch.manual_seed(0)  # the same random weights every time
        found = restoring(in_use(model.build(model.config), device, tile), model.name)
    if model.needs == "training" and not untrained:
        then = f"then {how_to_use(model.name, 'RUN')}; or --untrained, for measuring speed and memory only"
        raise ModelError(f"{weightless(model)}, {then}")
    return found


def weightless(model: Model) -> str:
    """What to say where a model that needs training is named, and weights are wanted."""
    return f"{model.name} has no weights of its own: foxing train {model.name} --data CORPUS --out RUN"


def network_in(place: Path, device: str, tile: int) -> Any:
    """The network of a checkpoint, restorer or detector.

    Args:
        place: a folder with weights, that of a training, or one of the two files.
        device: as for `opened`.
        tile: as for `opened`.

    Raises:
        ModelError: there are no weights, or they are damaged or do not fit.
    """
    need_torch(place)
    weighed = read_weights(weights_folder(place))
    try:
        network = network_from(weighed)
    except ModelError as error:
        raise ModelError(f"{place}: {error}") from None
    except (ValueError, TypeError, RuntimeError, MemoryError) as error:
        said = str(error).partition("\n")[0]
        raise ModelError(f"{place}: no network can be made by its {CONFIG} ({said}); copy it again") from error
    return in_use(network, device, tile)


def need_torch(what: Path) -> None:
    """Refuse, in words, where torch is missing.

    Raises:
        ModelError: it is.
    """
    if find_spec("torch") is None:
        raise ModelError(f"{what}: networks need torch: pip install 'foxing[models]'")


def weights_folder(place: Path) -> Path:
    """Where in a checkpoint the weights lie.

    Raises:
        ModelError: nowhere.
    """
    folder = place.parent if place.name in (CONFIG, TENSORS) else place
    for each in (folder, folder / "weights"):
        if has_weights(each):
            return each
    if place.is_file():
        raise ModelError(f"{place}: no model; name its folder, or a file that ends in {', '.join(NETWORK_FILES)}")
    if not place.exists():
        model = known(str(place))
        if model is not None and model.needs == "training":
            raise ModelError(f"{weightless(model)}, then name RUN here")
        raise ModelError(f"{place}: no such checkpoint; check its name")
    raise ModelError(f"{place}: {without_weights(place)}")


def without_weights(folder: Path) -> str:
    """What to say of a folder that is there and has no weights."""
    run = next((each for each in (folder, folder.parent) if (each / "run.json").is_file()), None)
    if run is None:
        return f"no weights in it or in its folder weights/ ({CONFIG}, {TENSORS}); foxing train makes some"
    if has_weights(run / "weights"):
        return f"a part of a training; name the folder of all of it, {run}"
    return "a training that has not ended; run its foxing train again, and it goes on to the end"


def in_use(network: Any, device: str, tile: int) -> Any:
    """The network on its device, and told how to cut photos.

    Raises:
        ModelError: the device is not there.
    """
    from restore_models.device import chosen_device  # noqa: PLC0415 - heavy
    from restore_models.tiling import Tiling  # noqa: PLC0415

    placed = network.to(chosen_device(device))
    placed.tiling = Tiling(tile)
    return placed


def network_in_file(path: Path, device: str, tile: int, grid: int) -> Restorer:
    """Somebody's network in TorchScript or ONNX.

    Raises:
        ModelError: there is no such file, or it cannot be used.
    """
    if not path.is_file():
        raise ModelError(f"{path}: no such file; check its name")
    need_torch(path)
    from restore_models.device import chosen_device  # noqa: PLC0415 - heavy
    from restore_models.foreign_files import Fitting, from_file  # noqa: PLC0415
    from restore_models.tiling import Tiling  # noqa: PLC0415

    return from_file(path, Fitting(grid, Tiling(tile), chosen_device(device)))


def restoring(found: Any, what: str) -> Restorer:
    """The same, if it restores.

    Raises:
        ModelError: it does something else.
    """
    if not hasattr(found, "restore"):
        raise ModelError(
            f"{what}: finds damage and restores nothing; use it with foxing detect, or as --detect CHECKPOINT"
        )
    return found


def identity_of(what: str, *, untrained: bool = False) -> str:
    """What tells a model from others, for records: its name and, where it lies in files, the hash of its weights."""
    if is_command(what):
        return what
    if known(what) is not None:
        return f"{what} (random weights)" if untrained else what
    path = Path(what)
    if not path.exists():
        return what
    if path.name in (CONFIG, TENSORS):
        path = path.parent  # the same weights, however they are named
    file = path if path.suffix.lower() in NETWORK_FILES else weights_folder(path) / TENSORS
    return hashed(file, path.name)


def hashed(file: Path, name: str) -> str:
    """A name with the hash of a file, for records.

    Raises:
        OSError: it cannot be read.
    """
    with file.open("rb") as data:
        return f"{name} (sha256 {hashlib.file_digest(data, 'sha256').hexdigest()[:16]})"
