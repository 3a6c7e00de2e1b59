"""The command `replay`: a recipe carried out again on its photo."""

from pathlib import Path

from degrade.cli_apply import own_textures, usable
from degrade.console import FailureError, MisuseError, reason, show, tell
from degrade.io import ImageError, pixel_digest, read_image
from degrade.recipe import Recipe
from degrade.record import RECIPE, check_folder, differing, origin_of, write_sample
from degrade.sample import replayed_sample


def run_replay(recipe_file: Path, photo: Path, out: Path, textures_folder: Path | None, max_pixels: int) -> None:
    """Write what a recipe makes of a clean photo.

    Raises:
        MisuseError: the recipe or the photo is not there, or is no recipe.
        FailureError: the photo cannot be read.
    """
    if not photo.is_file():
        what = "a folder; name one photo" if photo.is_dir() else "no such file; check its name"
        raise MisuseError(f"{photo}: {what}")
    if recipe_file.is_dir():
        raise MisuseError(f"{recipe_file}: a folder; name the {RECIPE} in it")
    usable(out)
    record, recipe = read_recipe(recipe_file)
    origin = origin_of(record)
    textures = own_textures(textures_folder)
    try:
        image = read_image(photo, max_pixels)
        sample = replayed_sample(recipe, str(origin.get("key", photo.name)), image, textures)
    except ImageError as error:
        raise FailureError(str(error)) from None
    except KeyError as error:
        raise MisuseError(f"{recipe_file}: {reason(error)}") from None
    try:
        check_folder(out, photo)
    except ValueError as error:
        raise MisuseError(str(error)) from None
    write_sample(out, sample, image, record)
    if origin.get("clean_sha256") not in (None, pixel_digest(image)):
        tell(f"{photo}: not the photo of this recipe; the result is another one")
    elif origin.get("degraded_sha256") not in (None, pixel_digest(sample.degraded)):
        made_with = differing(origin)
        why = f"made with {made_with}" if made_with else "made on another kind of processor, or the record was changed"
        tell(f"{out}: other pixels than recorded; {why}")
    show(str(out))


def read_recipe(path: Path) -> tuple[str, Recipe]:
    """The text of a recipe.json, and the recipe in it.

    Raises:
        MisuseError: it is not there, or is no recipe.
    """
    try:
        record = path.read_bytes().decode()
        return record, Recipe.from_json(record)
    except UnicodeDecodeError:
        raise MisuseError(f"{path}: no recipe: not a text") from None
    except ValueError as error:
        raise MisuseError(f"{path}: {error}") from None
    except OSError as error:
        raise MisuseError(reason(error)) from None
