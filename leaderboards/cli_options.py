"""What several commands of `foxing leaderboard` take."""

from pathlib import Path
from typing import Annotated

import typer

Json = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]
Entries = Annotated[
    Path | None,
    typer.Option("--entries", metavar="DIR", help="The folder of all entries; leaderboards/entries where not given."),
]
