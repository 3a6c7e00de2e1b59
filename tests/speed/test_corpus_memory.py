"""What memory the making of a corpus takes, over many large photos."""

import json
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest
from speed.measure import picture
from speed.table import Table

pytestmark = [pytest.mark.speed, pytest.mark.filterwarnings("ignore")]

WATCH = """
import json, sys, threading, time
seen, done = [], threading.Event()
def watch():
    while not done.wait(0.05):
        with open("/proc/self/status") as status:
            seen.append(next(int(line.split()[1]) / 1024 for line in status if line.startswith("VmRSS")))
from degrade.cli import app
from degrade.drawn import drawn_paper, drawn_scratches
for number in range(40):
    drawn_scratches(number)
for number in range(24):
    drawn_paper(number)
watching = threading.Thread(target=watch)
watching.start()
app(sys.argv[1:], standalone_mode=False)
done.set()
print(json.dumps(seen), file=sys.stderr)
"""


def test_memory_stays_flat(tmp_path: Path, table: Table) -> None:
    """Textures are drawn before, 85 MB that would come with the first photos that need them; then nothing grows.

    The middle of each quarter tells that; the peak is by chance, where both workers are largest at once.
    """
    folder = tmp_path / "large"
    folder.mkdir()
    for number in range(80):
        cv2.imwrite(str(folder / f"{number:02d}.jpg"), cv2.convertScaleAbs(picture(4000, 3000), beta=number))
    words = ("build", str(folder), str(tmp_path / "out"), "--preset", "wan2020-paper", "--workers", "2")
    run = subprocess.run([sys.executable, "-c", WATCH, *words], capture_output=True, text=True, check=True)
    seen = np.array(json.loads(run.stderr.splitlines()[-1]))
    middles = ", ".join(f"{np.median(quarter):.0f}" for quarter in np.array_split(seen, 4))
    said = f"{middles} MB in the middle of each quarter, {seen.max():.0f} MB at most"
    table.ratios.append(("12-MP photos, two workers: memory over 80 of them", said, "flat"))
