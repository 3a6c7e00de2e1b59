"""The commands of `foxing leaderboard`; what is heavy is imported where it is used, so that help comes at once."""

from pathlib import Path
from typing import Annotated

import typer

from leaderboards.cli_looking import build, compare, fingerprint, for_photo, serve
from leaderboards.cli_options import Entries, Json
from leaderboards.cli_study import app as study_app

app = typer.Typer(
    help="Bring a model, have it verified, and see where it stands.",
    epilog="Start with: foxing leaderboard build out/site, then open out/site/index.html",
    rich_markup_mode=None,
    no_args_is_help=True,
)

app.add_typer(study_app, name="study")


@app.command()
def add(  # noqa: PLR0913, PLR0917 - what can be typed
    run: Annotated[Path, typer.Argument(metavar="RUN", help="The folder of a finished sweep.")],
    model: Annotated[str, typer.Option(metavar="NAME", help="Which model of the sweep; all where not given.")] = "",
    card: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Its card, see foxing leaderboard card; asked for of learned models."),
    ] = None,
    name: Annotated[str, typer.Option(metavar="NAME", help="What it is called here, where not as in the sweep.")] = "",
    entries: Entries = None,
    suite: Annotated[
        Path | None, typer.Option(metavar="DIR", help="The suite that make wrote, where it is not in RUN/suite.")
    ] = None,
    pictures: Annotated[
        bool,
        typer.Option("--pictures", help="Add small pictures where the photos are not those of tiny: may all see them?"),
    ] = False,
    json: Json = False,
) -> None:
    """Make an entry of a finished sweep: a folder with items, run, summary and card, ready for a pull request.

    \b
    Examples:
      foxing leaderboard add runs/tiny
      foxing leaderboard add runs/tiny --model mine --card card.toml
    """
    from leaderboards.cli_entries import Add, run_add  # noqa: PLC0415 - heavy

    run_add(Add(run, model, card, name, entries, suite, pictures, json))


@app.command()
def card(
    model: Annotated[str, typer.Argument(metavar="MODEL", help="As foxing benchmark run takes it, or any name.")],
) -> None:
    """Print a card to be filled in: what people should know of a model.

    \b
    Example:
      foxing leaderboard card mine > card.toml
    """
    from leaderboards.cli_entries import run_card  # noqa: PLC0415 - heavy

    run_card(model)


@app.command()
def withdraw(
    entry: Annotated[Path, typer.Argument(metavar="ENTRY", help="The folder of the entry.")],
    reason: Annotated[str, typer.Option(metavar="TEXT", help="Why; it is shown.")],
) -> None:
    """Withdraw an entry: its files stay, and it counts no more.

    \b
    Example:
      foxing leaderboard withdraw leaderboards/entries/tiny-090273d5c6e88069/mine --reason "trained on the test photos"
    """
    from leaderboards.cli_entries import run_withdraw  # noqa: PLC0415 - heavy

    run_withdraw(entry, reason)


@app.command()
def verify(  # noqa: PLR0913, PLR0917 - what can be typed
    place: Annotated[
        Path, typer.Argument(metavar="DIR", help="The folder of an entry, of a suite's or of all, or a .zip of one.")
    ],
    level: Annotated[
        int,
        typer.Option(
            metavar="1-4",
            min=1,
            max=4,
            help="1 files and digests, 2 summary rebuilt, 3 outputs scored again, 4 the model run again.",
        ),
    ] = 2,
    suite: Annotated[
        Path | None, typer.Option(metavar="DIR", help="The suite that make wrote; tiny is made where it is needed.")
    ] = None,
    outputs: Annotated[
        Path | None, typer.Option(metavar="DIR", help="What the model made, as benchmark run --keep leaves it.")
    ] = None,
    training: Annotated[
        Path | None, typer.Option(metavar="DIR", help="What the model has learnt from: is the suite in it?")
    ] = None,
    run: Annotated[bool, typer.Option("--run", help="Yes, run the submitter's code, for level 4.")] = False,
    model: Annotated[
        str, typer.Option(metavar="MODEL", help="What opens the model, as benchmark run takes it, for level 4.")
    ] = "",
    device: Annotated[str, typer.Option(metavar="cpu|cuda|cuda:N", help="Where it runs.")] = "cpu",
    timeout: Annotated[int, typer.Option(metavar="SECONDS", min=1, help="For all items of an entry.")] = 1800,
    memory: Annotated[float, typer.Option(metavar="GIB", min=0.5, help="Of address space; GPUs have no limit.")] = 16.0,
    seed: Annotated[
        int | None, typer.Option(metavar="N", help="Draw the same items again; without it, such as nobody can foresee.")
    ] = None,
    json: Json = False,
) -> None:
    """Verify entries in levels: from what their files say to what their models do on 16 items that nobody could choose.

    A badge is written beside each entry; a reason why one fails is one line, and the exit code 1.

    \b
    Examples:
      foxing leaderboard verify leaderboards/entries
      foxing leaderboard verify submission.zip --level 3
      foxing leaderboard verify leaderboards/entries/tiny-090273d5c6e88069/mine --level 4 --run --model mine/
    """
    from leaderboards.cli_verify import Verify, run_verify  # noqa: PLC0415 - heavy
    from leaderboards.rerunning import Running  # noqa: PLC0415

    running = Running(model, device, timeout, int(memory * 2**30))
    run_verify(Verify(place, level, suite, outputs, training, run, running, seed, json))


@app.command()
def schema(
    name: Annotated[str, typer.Argument(metavar="[card|run|verification]", help="Which; all where not given.")] = "",
) -> None:
    """Print the JSON Schemas of an entry's files, each with its version.

    \b
    Example:
      foxing leaderboard schema card
    """
    from leaderboards.cli_entries import run_schema  # noqa: PLC0415 - heavy

    run_schema(name)


for each in (compare, fingerprint, build, serve):
    app.command()(each)
app.command(name="for")(for_photo)
