"""The commands that use models; what is heavy is imported where it is used, so that help comes at once."""

from pathlib import Path
from typing import Annotated

import typer

Photos = Annotated[Path, typer.Argument(metavar="SRC", help="A photo, or a folder of photos.")]
Out = Annotated[Path, typer.Argument(metavar="OUT", help="The folder to write to; made where it is not there.")]
Tile = Annotated[
    str, typer.Option(metavar="auto|0|N", help="Side of the tiles of large photos in pixels; 0 for never any.")
]
Device = Annotated[str, typer.Option(metavar="auto|cpu|cuda|cuda:N", help="Where networks run.")]
Overwrite = Annotated[bool, typer.Option("--overwrite", help="Make again what is already there.")]
MaxPixels = Annotated[
    int, typer.Option("--max-pixels", metavar="N", min=1, help="Refuse larger pictures, before they are opened.")
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]


def models(
    model: Annotated[str, typer.Argument(metavar="[MODEL]", help="Show all settings of this one.")] = "",
    json: Json = False,
) -> None:
    """List the models: what they are, parameters in millions, whether they want a mask and need training.

    Of one model, print every setting with its value: a file to change, for foxing train --config.

    \b
    Examples:
      foxing models
      foxing models triplet > mine.toml
      foxing models --json
    """
    from restore_models.cli_models import list_models, show_model  # noqa: PLC0415 - heavy

    if model:
        show_model(model, json)
    else:
        list_models(json)


def restore(  # noqa: PLR0913, PLR0917 - what can be typed
    model: Annotated[
        str,
        typer.Argument(
            metavar="MODEL",
            help="A name that foxing models lists, a folder that foxing train wrote, package.module:callable, a "
            "TorchScript or ONNX file, or a command with {in} and {out}.",
        ),
    ],
    source: Photos,
    out: Out,
    mask: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Masks of the damage, white where it is, named as the photos, in PNG."),
    ] = None,
    detect: Annotated[
        Path | None, typer.Option(metavar="CHECKPOINT", help="A trained detector that makes the masks.")
    ] = None,
    faces: Annotated[
        str,
        typer.Option(
            metavar="CHECKPOINT",
            help="A trained refiner, for a last stage on faces; or, with spandrel installed, gfpgan:FILE or "
            "codeformer:FILE with their weights.",
        ),
    ] = "",
    find_faces: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="YuNet's ONNX file, to find turned and small faces too."),
    ] = None,
    tile: Tile = "auto",
    device: Device = "auto",
    untrained: Annotated[
        bool, typer.Option("--untrained", help="Run random weights, for measuring speed and memory only.")
    ] = False,
    grid: Annotated[
        int,
        typer.Option(
            metavar="N", min=0, help="Of TorchScript and ONNX: pad both sides to a multiple of N; 0 as the file says."
        ),
    ] = 0,
    steps: Annotated[
        int, typer.Option(metavar="N", min=0, help="Of dip: stop after so many steps at most; 0 as the model has it.")
    ] = 0,
    timeout: Annotated[
        float, typer.Option(metavar="SECONDS", min=0.1, help="Of a command: stop it after so long on one photo.")
    ] = 600.0,
    overwrite: Overwrite = False,
    max_pixels: MaxPixels = 200_000_000,
    json: Json = False,
) -> None:
    """Restore a photo, or every photo in a folder.

    Writes NAME.png to OUT for each photo, in the folders of the source; where two photos differ in their suffix only,
    both keep it: a.jpg.png and a.png.png. A result that is there already and not older than its photo is left as it
    is, so a broken-off run goes on. A photo that fails is named, and stops no other.

    \b
    Examples:
      foxing restore sequential scans/ restored --mask masks/
      foxing restore runs/nafnet photo.jpg restored
      foxing restore runs/triplet scans/ restored --detect runs/detector --faces runs/faces
      foxing restore my_package.models:Restorer scans/ restored
      foxing restore "python theirs.py --input {in} --output {out}" scans/ restored --timeout 60
    """
    from restore_models.cli_restore import Restore, run_restore  # noqa: PLC0415 - heavy

    run_restore(
        Restore(
            model=model,
            source=source,
            out=out,
            mask=mask,
            detect=detect,
            faces=faces,
            find_faces=find_faces,
            tile=tile,
            device=device,
            untrained=untrained,
            grid=grid,
            steps=steps,
            timeout=timeout,
            overwrite=overwrite,
            max_pixels=max_pixels,
            json=json,
        )
    )


def detect(  # noqa: PLR0913, PLR0917 - what can be typed
    checkpoint: Annotated[Path, typer.Argument(metavar="CHECKPOINT", help="A trained detector's folder.")],
    source: Photos,
    out: Out,
    soft: Annotated[
        bool, typer.Option("--soft", help="Write how sure the detector is, 0 to 255, not only yes and no.")
    ] = False,
    tile: Tile = "auto",
    device: Device = "auto",
    overwrite: Overwrite = False,
    max_pixels: MaxPixels = 200_000_000,
    json: Json = False,
) -> None:
    """Find damage: a mask for each photo, of its own size, white where a scratch, a crease or a stain is.

    \b
    Examples:
      foxing detect runs/detector scans/ masks
      foxing restore telea scans/ restored --mask masks
    """
    from restore_models.cli_restore import Detect, run_detect  # noqa: PLC0415 - heavy

    run_detect(Detect(checkpoint, source, out, soft, tile, device, overwrite, max_pixels, json))


def export(
    checkpoint: Annotated[Path, typer.Argument(metavar="CHECKPOINT", help="A trained model's folder.")],
    out: Annotated[Path, typer.Argument(metavar="OUT.onnx", help="The file to write.")],
    json: Json = False,
) -> None:
    """Write a trained model as ONNX for other programs, and say how far its results are from ours.

    \b
    Example:
      foxing export runs/nafnet nafnet.onnx
    """
    from restore_models.cli_models import run_export  # noqa: PLC0415 - heavy

    run_export(checkpoint, out, json)
