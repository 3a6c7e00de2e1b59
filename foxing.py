"""The console entry `foxing`: mounts the groups of commands, and turns every mistake into one line."""

import os
import sys
import warnings
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Annotated, Any

import typer

from benchmark.cli import app as benchmark_app
from degrade.cli import app as degrade_app
from degrade.console import FailureError, MisuseError, reason, show, tell
from degrade.extras import lacking
from leaderboards.cli import app as leaderboard_app
from restore_models.cli import detect, export, models, restore
from restore_models.cli_training import train

app = typer.Typer(
    name="foxing",
    help="Ages clean photographs on purpose and keeps an exact record of how.",
    epilog="Start with: foxing demo. Then: foxing degrade apply photo.jpg out --preset medium --seed 7",
    context_settings={"max_content_width": 120},  # of 80, most lines of the lists of commands would be cut off
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=False,
)
app.add_typer(degrade_app, name="degrade")
app.add_typer(benchmark_app, name="benchmark")
app.add_typer(leaderboard_app, name="leaderboard")
for command in (models, train, restore, detect, export):
    app.command()(command)


def _version(wanted: bool) -> None:
    if wanted:
        try:
            show(f"foxing {version('foxing')}")
        except PackageNotFoundError:
            show("foxing, run from its source folder")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def _foxing(
    context: typer.Context,
    version_wanted: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Say which version this is.")
    ] = False,
) -> None:
    if context.invoked_subcommand is None:
        show(context.get_help())


@app.command()
def demo(
    out: Annotated[Path, typer.Argument(metavar="[OUT]", help="The folder for the pairs and the page.")] = Path(
        "out/demo"
    ),
) -> None:
    """Degrade scikit-image's photographs, train and score two tiny models on them, and show it all.

    Needs no network. Example: foxing demo, then open out/demo/index.html
    """
    from leaderboards.cli_demo import run_demo  # noqa: PLC0415 - heavy

    run_demo(out)


def main(arguments: list[str] | None = None) -> int:
    """The exit code of a call: 0, 2 where it was asked wrongly, 1 where it failed, 130 where it was interrupted."""
    os.environ.setdefault("OPENCV_LOG_LEVEL", "SILENT")  # what a decoder thinks of a file is said in our words
    warnings.filterwarnings("ignore", module="PIL")
    typed = sys.argv[1:] if arguments is None else arguments
    try:
        _refuse_empty(typed)
        return app(arguments, prog_name="foxing", standalone_mode=False) or 0
    except (KeyboardInterrupt, typer.Abort):
        return 130
    except USAGE_ERROR as error:
        _tell_usage(error)
        return 2
    except MisuseError as error:
        tell(str(error))
        return 2
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # the reader has left, as `head` does
        return 1
    except (FailureError, ImportError, OSError, MemoryError) as error:
        tell(lacking(error, typed[0] if typed else "") if isinstance(error, ImportError) else reason(error))
        return 1


USAGE_ERROR: Any = typer.BadParameter.__bases__[0]
"""What typer raises for a wrong option; it has no public name of its own."""


def _tell_usage(error: Any) -> None:
    if type(error).__name__ == "NoArgsIsHelpError":  # a group of commands alone: its help is the remedy
        typer.echo(error.format_message(), err=True)
    else:
        tell(f"{error.format_message()}{_help_for(error)}")


def _refuse_empty(typed: list[str]) -> None:
    """An empty word that no option stands before would be taken for the folder one is in."""
    if any(not (word or before.startswith("-")) for before, word in zip(["", *typed], typed, strict=False)):
        raise MisuseError("an argument is empty, as an unset variable makes it; name what is meant, as . for here")


def _help_for(error: Exception) -> str:
    context = getattr(error, "ctx", None)
    return f" (help: {context.command_path} --help)" if context is not None else ""


if __name__ == "__main__":
    sys.exit(main())
