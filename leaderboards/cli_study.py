"""The commands of `foxing leaderboard study`; heavy imports come where they are used, so that help comes at once."""

from pathlib import Path
from typing import Annotated

import typer

from degrade.console import refuse_idle

app = typer.Typer(
    help="Ask people which restoration is better, blind, and see which metrics agree with them.",
    epilog="Start with: foxing leaderboard study make runs/tiny --out study, then open study/page/index.html",
    rich_markup_mode=None,
    no_args_is_help=True,
)

Json = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]


@app.command()
def make(  # noqa: PLR0913, PLR0917 - what can be typed
    out: Annotated[Path, typer.Option("--out", metavar="STUDY", help="The new folder to write to.")],
    run: Annotated[
        Path | None, typer.Argument(metavar="[RUN]", help="A sweep made with foxing benchmark run --keep.")
    ] = None,
    models: Annotated[
        str, typer.Option(metavar="A,B,C", help="Of the sweep's models, these alone; without it, all.")
    ] = "",
    model: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=DIR", help="Instead of a sweep: a folder of restored photos. May be repeated."),
    ] = None,
    degraded: Annotated[
        Path | None, typer.Option(metavar="DIR", help="The degraded photos of these folders, under the same names.")
    ] = None,
    items: Annotated[int, typer.Option(metavar="N", min=3, help="Degraded photos that are shown, at most.")] = 24,
    pairs: Annotated[
        int, typer.Option(metavar="N", min=1, help="Pairs that each rater sees, beside traps and repeats.")
    ] = 30,
    raters: Annotated[
        int, typer.Option(metavar="N", min=1, max=1000, help="Plans in the page; two raters may share one.")
    ] = 30,
    seed: Annotated[
        int | None, typer.Option(metavar="N", help="For the same study again; without it, one that nobody can guess.")
    ] = None,
    json: Json = False,
) -> None:
    """Write a blind study: a page to hand to raters, and a key to keep from them.

    Each question shows the degraded photo between two restorations, without names, on random sides. Every pair of
    models comes equally often. Pairs that come twice show how steady raters are, and traps, with one side ruined, who
    does not look. The page works from a disk or any web server, and sends nothing: raters download their answers.

    \b
    Examples:
      foxing leaderboard study make runs/tiny --out study
      foxing leaderboard study make --degraded old/ --model mine=out/mine --model theirs=out/theirs --out study
    """
    from leaderboards.study.console import Make, run_make  # noqa: PLC0415 - heavy

    run_make(Make(run, models, tuple(model or ()), degraded, out, items, pairs, raters, seed, json))


@app.command()
def score(  # noqa: PLR0913, PLR0917 - what can be typed
    study: Annotated[Path, typer.Argument(metavar="STUDY", help="The folder that make wrote.")],
    answers: Annotated[
        list[Path], typer.Argument(metavar="ANSWERS...", help="Files that raters downloaded, or folders of them.")
    ],
    run: Annotated[
        Path | None,
        typer.Option(metavar="RUN", help="The sweep that is shown: adds how well each metric agrees with people."),
    ] = None,
    traps: Annotated[
        float,
        typer.Option(metavar="SHARE", min=0, max=1, help="Raters with fewer of their traps right are left out."),
    ] = 0.8,
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE.md", help="Write the tables in Markdown.")] = None,
    publish: Annotated[
        str, typer.Option(metavar="NAME", help="Show it on the suite's pages, as the study of this name.")
    ] = "",
    entries: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="The folder of all entries; leaderboards/entries where not given."),
    ] = None,
    json: Json = False,
) -> None:
    """Say which models people prefer, how sure that is, how far raters agree, and which metrics agree with them.

    Writes STUDY/result.json.

    \b
    Examples:
      foxing leaderboard study score study answers/
      foxing leaderboard study score study answers/ --run runs/tiny --out people.md
      foxing leaderboard study score study answers/ --run runs/tiny --publish spring
    """
    from leaderboards.study.console import Score, run_score  # noqa: PLC0415 - heavy

    refuse_idle(("--entries", entries, publish, "it is where --publish NAME shows the study"))
    run_score(Score(study, tuple(answers), run, traps, out, json))
    if publish:
        from leaderboards.cli_publish import run_publish  # noqa: PLC0415

        run_publish(study, publish, entries)
