"""The command that measures how real degraded photos look, as it is typed; what is heavy is imported late."""

from pathlib import Path
from typing import Annotated

import typer


def realism(  # noqa: PLR0913, PLR0917 - what can be typed
    real: Annotated[str, typer.Argument(metavar="REAL", help="Real old photos: a folder, a glob in quotes, a zip.")],
    synthetic: Annotated[
        str,
        typer.Argument(
            metavar="SYNTHETIC", help="Degraded ones: the same, what apply wrote, or the split train of a corpus."
        ),
    ],
    clean: Annotated[
        str, typer.Option(metavar="DIR", help="Clean photos, to see how easily those are told from real ones.")
    ] = "",
    photos: Annotated[int, typer.Option(metavar="N", min=1, help="A side at most, drawn by the seed.")] = 100,
    size: Annotated[
        int, typer.Option(metavar="PX", min=0, help="Shorter side to which larger photos are shrunk first; 0 for none.")
    ] = 640,
    seed: Annotated[int, typer.Option(metavar="N", min=0, help="Of what is drawn, folded and resampled.")] = 0,
    json: Annotated[bool, typer.Option("--json", help="Print JSON for programs.")] = False,
    html: Annotated[Path | None, typer.Option(metavar="OUT", help="Also write one page that a person reads.")] = None,
    max_pixels: Annotated[
        int, typer.Option("--max-pixels", metavar="N", min=1, help="Refuse larger pictures, before they are opened.")
    ] = 200_000_000,
    features: Annotated[
        str,
        typer.Option(
            metavar="NETWORK",
            help="Also say KID and FID by a network's features: an .onnx file that takes RGB photos from 0 to 1, or "
            "package.module:callable that makes a vector of a photo.",
        ),
    ] = "",
) -> None:
    """Tell how easily degraded photos are told from real old ones, by what, and what to change.

    A classifier is trained on one part of both sets and asked about the rest: AUC 0.5 is guessing, 1 is never wrong.
    The same is done with halves of the real photos, and with clean ones, to compare. At least 20 photos a side;
    those with a side under 128 pixels are left out.

    \b
    Examples:
      foxing degrade realism scans/ degraded/ --clean photos/ --html gap.html
      foxing degrade realism "scans/*.jpg" corpus --json
    """
    from degrade.cli_gap import Asked, run_realism  # noqa: PLC0415 - heavy

    run_realism(Asked(real, synthetic, clean, photos, size, seed, json, html, max_pixels, features))
