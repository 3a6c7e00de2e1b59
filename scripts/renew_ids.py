"""Make the built-in suites and publish their ids anew in benchmark/known_ids.json: after any change of pixels.

    .venv/bin/python scripts/renew_ids.py --kodak FOLDER [--only tiny]

Suites that are not made keep what was published of them. It takes a quarter of an hour on one core, tiny a few seconds.
"""

import argparse
import os
import tempfile
import time
from pathlib import Path

import benchmark.known
from benchmark.known import FILE, Known, as_known, known_ids, to_json
from benchmark.making import Making, made_suite
from benchmark.scoring import metrics_named
from benchmark.suites import SUITES
from degrade.io import write_text

NAMES = ("tiny", "mixed", "scratch-detection", "ladder")


def made(name: str, kodak: Path | None, workers: int) -> Known:
    plan = SUITES[name]
    with tempfile.TemporaryDirectory(prefix="foxing-") as place:
        making = Making(tuple(metric.spec for metric in metrics_named(plan)), pictures=False, workers=workers)
        return as_known(made_suite(plan, kodak, Path(place), making).suite)


def main() -> None:
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--kodak", type=Path, help="the folder of the 24 Kodak pictures")
    reader.add_argument("--only", nargs="*", default=NAMES, choices=NAMES)
    reader.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    asked = reader.parse_args()
    path = Path(benchmark.known.__file__).with_name(FILE)
    found = dict(known_ids()) if path.is_file() else {}
    for name in asked.only:
        began = time.monotonic()
        now = made(name, asked.kodak, asked.workers)
        changed = "as it was" if found.get(name) == now else "changed"
        found[name] = now
        write_text(path, to_json({each: found[each] for each in NAMES if each in found}))
        print(f"{now.suite_id}: {changed}, {time.monotonic() - began:.0f} s")


if __name__ == "__main__":
    main()
