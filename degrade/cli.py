"""The commands `foxing degrade ...`; what is heavy is imported where it is used, so that help comes at once."""

from pathlib import Path
from typing import Annotated

import typer

from degrade.cli_calibrate import calibrate
from degrade.cli_corpus import build, export, merge, preview, push, stats, verify
from degrade.cli_realism import realism
from degrade.console import refuse_idle, show

app = typer.Typer(
    help="Degrade photographs, replay recipes, and look at effects and presets.",
    rich_markup_mode=None,
    epilog="Start with: foxing degrade apply photo.jpg out --preset medium --seed 7",
)
presets_app = typer.Typer(help="List the presets, or show one as a file to start from.", rich_markup_mode=None)
app.add_typer(presets_app, name="presets")

Out = Annotated[Path, typer.Argument(metavar="OUT", help="The folder to write to; made where it is not there.")]
TexturesOption = Annotated[
    Path | None,
    typer.Option("--textures", metavar="DIR", help="A folder of your own scans, in its folders scratch/ and paper/."),
]
MaxPixels = Annotated[
    int, typer.Option("--max-pixels", metavar="N", min=1, help="Refuse larger pictures, before they are opened.")
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]


@app.callback(invoke_without_command=True)
def _degrade(context: typer.Context) -> None:
    if context.invoked_subcommand is None:
        show(context.get_help())


@app.command()
def apply(  # noqa: PLR0913, PLR0917 - what can be typed
    image: Annotated[Path, typer.Argument(metavar="IMAGE", help="A photo, or a folder of photos.")],
    out: Out,
    preset: Annotated[
        str, typer.Option(metavar="NAME", help="A preset's name; foxing degrade presets lists them.")
    ] = "",
    pipeline: Annotated[Path | None, typer.Option(metavar="FILE", help="A pipeline of your own, in TOML.")] = None,
    effect: Annotated[
        str, typer.Option(metavar="NAME", help="One effect alone; foxing degrade effects lists them.")
    ] = "",
    severity: Annotated[
        int | None,
        typer.Option(metavar="1..5", min=1, max=5, help="Of --effect: 1 barely seen, 5 as bad as it gets; else 3."),
    ] = None,
    seed: Annotated[int, typer.Option(metavar="N", min=0, help="Another seed, other damage.")] = 0,
    textures: TexturesOption = None,
    max_pixels: MaxPixels = 200_000_000,
    workers: Annotated[int, typer.Option(metavar="N", min=0, help="Photos at a time; 0 for one on each core.")] = 0,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Make again what is already there.")] = False,
    json: Json = False,
) -> None:
    """Degrade a photo, or every photo in a folder.

    Writes degraded.png, mask.png, labels.png and recipe.json to OUT; for a folder, to one folder in OUT for each
    photo. What hangs on chance hangs on the seed and the photo's relative path: the same call gives the same bytes,
    with any number of workers. A photo whose files are there already is skipped, so a broken-off run goes on.

    \b
    Examples:
      foxing degrade apply photo.jpg out --preset medium --seed 7
      foxing degrade apply photos/ pairs --pipeline mine.toml --seed 7 --json
      foxing degrade apply photo.jpg out --effect Foxing --severity 4
    """
    from degrade.cli_apply import Apply, run_apply  # noqa: PLC0415 - heavy

    run_apply(
        Apply(image, out, preset, pipeline, effect, severity, seed, textures, max_pixels, workers, overwrite, json)
    )


@app.command()
def replay(
    recipe: Annotated[Path, typer.Argument(metavar="RECIPE", help="A recipe.json.")],
    image: Annotated[Path, typer.Argument(metavar="IMAGE", help="The clean photo.")],
    out: Out,
    textures: TexturesOption = None,
    max_pixels: MaxPixels = 200_000_000,
) -> None:
    """Do to a clean photo what a recipe says: the same four files, the same bytes.

    Says so where the photo is not the one of the record, or where other versions of the libraries gave other pixels.

    \b
    Example:
      foxing degrade replay pairs/cat.jpg/recipe.json photos/cat.jpg again
    """
    from degrade.cli_replay import run_replay  # noqa: PLC0415 - heavy

    run_replay(recipe, image, out, textures, max_pixels)


@app.command()
def effects(
    name: Annotated[str, typer.Argument(metavar="[NAME]", help="One effect; all where none is named.")] = "",
    json: Json = False,
) -> None:
    """List the effects in the order of a photo's life, or describe one with its fields.

    \b
    Examples:
      foxing degrade effects
      foxing degrade effects FilmGrain
    """
    from degrade.cli_catalogue import list_effects, show_effect  # noqa: PLC0415 - heavy

    if name:
        show_effect(name, json)
    else:
        list_effects(json)


@presets_app.callback(invoke_without_command=True)
def presets(context: typer.Context, json: Json = False) -> None:
    """List the presets, or show one as a file to start from.

    \b
    Examples:
      foxing degrade presets
      foxing degrade presets show medium > mine.toml
    """
    from degrade.cli_catalogue import list_presets  # noqa: PLC0415 - heavy

    refuse_idle(("--json", json, context.invoked_subcommand is None, "it is of the list; show prints TOML"))
    if context.invoked_subcommand is None:
        list_presets(json)


@presets_app.command("show")
def show_preset(name: Annotated[str, typer.Argument(metavar="NAME", help="A preset's name.")]) -> None:
    """Print a preset as TOML: change it, and give it to apply with --pipeline."""
    from degrade.cli_catalogue import show_preset as print_preset  # noqa: PLC0415 - heavy

    print_preset(name)


@app.command()
def gallery(
    out: Out,
    photos: Annotated[
        Path | None, typer.Option(metavar="DIR", help="A folder of photos to show them on; else those of scikit-image.")
    ] = None,
    real: Annotated[
        Path | None, typer.Option(metavar="DIR", help="A folder of damaged photos and their masks, or of overlays.")
    ] = None,
) -> None:
    """Make one page of every effect at five severities and every preset on several photos.

    Ten pieces of synthetic damage are shown large; with --real, next to ten pieces of real damage at the same scale.
    The mask of DIR/NAME.jpg is DIR/masks/NAME.png or DIR_masks/NAME.png, white where it is damaged; a PNG with
    transparency is an overlay of dirt. The page needs no network and no server: open OUT/index.html.

    \b
    Example:
      foxing degrade gallery out --real old/
    """
    from degrade.cli_gallery import make_gallery  # noqa: PLC0415 - heavy

    make_gallery(out, photos, real)


for each in (build, merge, verify, stats, preview, export, push, realism, calibrate):
    app.command()(each)
