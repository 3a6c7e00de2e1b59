"""Folders that a script is told to read: one line where something in them is missing, before any work is done."""

import sys
from collections.abc import Callable
from pathlib import Path


def holding(*names: str) -> Callable[[str], Path]:
    """What takes a folder as it was typed, and ends the script with exit code 2 where one of the names is not in it."""

    def folder(where: str) -> Path:
        lacking = [name for name in names if not Path(where, name).exists()]
        if not Path(where).is_dir() or lacking:
            said = f"no {', '.join(lacking)} in it" if Path(where).is_dir() else "no such folder"
            needed = f"; it is to hold {', '.join(names)}" if names and not Path(where).is_dir() else ""
            print(f"{Path(sys.argv[0]).stem}: {where}: {said}{needed}", file=sys.stderr)
            raise SystemExit(2)
        return Path(where)

    return folder


photographs = holding("old/SOURCES.csv", "clean/SOURCES.csv")
"""The folder of old and clean photographs, each with its table of sources."""
