"""The commands of `foxing leaderboard`; what is heavy is imported where it is used, so that help comes at once."""

import typer

app = typer.Typer(
    help="Bring a model, have it verified, and see where it stands.",
    epilog="Start with: foxing leaderboard build out/site, then open out/site/index.html",
    rich_markup_mode=None,
    no_args_is_help=True,
)
