"""Folders that a script is told to read: one line where something in them is missing, before any work is done."""

import argparse
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


def measure_or_page(about: str, fits: Callable[[str], Path], arguments: list[str]) -> argparse.Namespace:
    """What is asked of a script that measures fits, and puts what was measured into a page.

    Args:
        about: what the script does.
        fits: takes the folder of the fits.
        arguments: what was typed.
    """
    reader = argparse.ArgumentParser(description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
    tasks = reader.add_subparsers(dest="task", required=True)
    measuring, writing = tasks.add_parser("measure"), tasks.add_parser("page")
    measuring.add_argument("data", type=photographs, metavar="DATA")
    measuring.add_argument("fits", type=fits, metavar="FITS")
    measuring.add_argument("out", type=Path)
    writing.add_argument("measured", type=there)
    writing.add_argument("out", type=there)
    return reader.parse_args(arguments)


def there(where: str) -> Path:
    """A file that is there.

    Raises:
        argparse.ArgumentTypeError: it is not.
    """
    if not Path(where).is_file():
        raise argparse.ArgumentTypeError(f"{where}: no such file")
    return Path(where)
