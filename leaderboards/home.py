"""Where entries of one's own are written: into the current folder, among those that come with Foxing."""

import shutil
from collections.abc import Callable
from pathlib import Path

from leaderboards.reading import HERE, entries_root, suite_folders


def writable_root(tell: Callable[[str], None]) -> Path:
    """The folder of all entries in the current folder; where there is none yet, what comes with Foxing is its start.

    So nothing is ever written into what is installed, and a model that somebody brings stands among all others.

    Raises:
        OSError: it cannot be written.
    """
    installed = entries_root()
    if HERE.is_dir():
        return HERE
    new = HERE.with_name(f".{HERE.name}.part")
    shutil.rmtree(new, ignore_errors=True)
    shutil.copytree(installed, new)
    new.rename(HERE)
    count = len(suite_folders(HERE))
    if count:
        tell(f"{HERE}: new, with the entries of {count} suite{'s' * (count > 1)} that come with Foxing")
    return HERE
