"""Where the suite of a sweep lies: beside it where the sweep has made it, else where it was when it was run."""

from pathlib import Path

from benchmark.materials import SUITE, Materials, opened_suite
from benchmark.store import RunStore
from benchmark.suite import SuiteError

FOLDER = "suite_folder"
"""What run.json calls the place of a suite that was made before; it is published nowhere."""


def suite_of_run(runs: Path, given: Path | None = None) -> Materials:
    """The suite of a sweep: in the folder that was named, in the sweep's own, or where it was when it was run.

    Raises:
        SuiteError: it is in none of them, or it is another one by now.
    """
    if given is not None:
        return opened_suite(given)
    if (runs / "suite" / SUITE).is_file():
        return opened_suite(runs / "suite")
    records = [RunStore(runs).read_json(path.name) for path in sorted(runs.glob("run*.json"))]
    if not records:
        raise SuiteError(f"{runs}: no sweep in it; foxing benchmark run makes one")
    record = records[0]
    noted = record.get(FOLDER)
    if not isinstance(noted, str) or not (Path(noted) / SUITE).is_file():
        raise SuiteError(
            f"{runs}: its suite is not in {runs / 'suite'}; name its folder with --suite DIR, or copy it there"
        )
    found = opened_suite(Path(noted))
    if found.suite.suite_id != record.get("suite_id"):
        raise SuiteError(
            f"{noted}: is {found.suite.suite_id} by now, the run is of {record.get('suite_id')}; name the folder of "
            "that one with --suite DIR"
        )
    return found
