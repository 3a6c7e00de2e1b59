"""Statistics of a large leaderboard: 20 models, 2400 items, 14 metrics; time and memory, in a process of its own."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.speed

PROGRAM = """
import json, resource, sys, time
sys.path.insert(0, "tests")
from small_items import normals, table
from benchmark.statistics import summary
from degrade.seeds import stream

photos, defects, severities = map(int, sys.argv[1:])
source, cells = stream(1, "leaderboard"), defects * severities
values = 30 + 2 * normals(source, 1, 1, photos, 1) + 0.3 * normals(source, 1, 20, 1, 1)
values = values + 0.3 * normals(source, 14, 20, photos, cells)
names = tuple(f"psnr/v{number}" for number in range(14))
items = table(values, names, tuple(f"d{n}" for n in range(defects)), tuple(range(1, severities + 1)))
start = time.process_time()
found = summary(items)
seconds = time.process_time() - start
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1 if sys.platform == "darwin" else 1024)
size = len(json.dumps(found, allow_nan=False))
print(json.dumps({"rows": items.num_rows, "seconds": seconds, "MB": peak, "bytes": size}))
"""


@pytest.mark.parametrize(("photos", "defects", "severities"), [(24, 20, 5), (480, 1, 5), (2400, 1, 1)])
def test_a_large_leaderboard(photos: int, defects: int, severities: int, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = [sys.executable, "-c", PROGRAM, *map(str, (photos, defects, severities))]
    done = subprocess.run(arguments, check=True, capture_output=True, text=True, cwd=Path(__file__).parents[2])
    found = json.loads(done.stdout)
    with capsys.disabled():
        print(f"\n{photos} photos: {found['seconds']:.2f} s of one core (aim 5), {found['MB']:.0f} MB with the table")  # noqa: T201
    assert found["rows"] == 672_000
    assert found["MB"] < 1000
