"""Compute the summaries of all entries anew from their items: after any change of the statistics.

    .venv/bin/python scripts/rebuild_summaries.py [leaderboards/entries]
    .venv/bin/foxing leaderboard verify leaderboards/entries

Badges stay: what was scored or run again are the items, which are not touched, and the summary that is written follows
from them, which is all that was verified of the old one.
"""

import argparse
from pathlib import Path

from benchmark.contestants import FLOOR
from benchmark.store import ITEMS, SUMMARY, read_rows
from degrade.io import write_text
from leaderboards.adding import as_text, summary_of
from leaderboards.documents import read_json
from leaderboards.entry import CHECKED
from leaderboards.reading import entry_digest, model_folders, read_suite, suite_folders


def rewrite(folder: Path, summary: str) -> None:
    """Replace a summary; a verification of the old files is one of the new."""
    old = entry_digest(folder)
    write_text(folder / SUMMARY, summary)
    checked = read_json(folder / CHECKED) if (folder / CHECKED).is_file() else {}
    if checked.get("entry_sha256") == old:
        write_text(folder / CHECKED, as_text({**checked, "entry_sha256": entry_digest(folder)}))


def main() -> None:
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("root", type=Path, nargs="?", default=Path("leaderboards/entries"))
    for place in suite_folders(reader.parse_args().root):
        suite, floor = read_suite(place), read_rows(place / FLOOR / ITEMS)
        for folder in model_folders(place):
            made = as_text(summary_of(read_rows(folder / ITEMS), floor, suite))
            same = made == (folder / SUMMARY).read_text("utf-8")
            if not same:
                rewrite(folder, made)
            print(f"{folder}: {'as it was' if same else 'written anew'}", flush=True)


if __name__ == "__main__":
    main()
