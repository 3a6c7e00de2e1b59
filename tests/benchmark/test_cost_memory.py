"""The memory that a model costs is its own, and what it prints no result."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from benchmark.peak_memory import FORGET
from benchmark.report_tables import signed

TESTS = Path(__file__).parents[1]

MODEL = """
import os
import numpy as np

def hungry(image):
    os.write(1, b"by C")
    np.ones(12_000_000 // 8)
    return image
"""

JOB = """
from benchmark.contestants import Opening, entry_of
from benchmark.cost import cost

if __name__ == "__main__":
    print(cost(entry_of("memory_models:hungry"), "restore", Opening(), 64)["peak_bytes"])
"""


@pytest.mark.skipif(not FORGET.exists(), reason="this system forgets no peak of memory")
def test_a_model_has_its_own_memory_however_much_its_libraries_took_and_prints_no_result(tmp_path: Path) -> None:
    (tmp_path / "memory_models.py").write_text(MODEL)
    (tmp_path / "job.py").write_text(JOB)
    environment = os.environ | {"PYTHONPATH": f"{TESTS.parent}{os.pathsep}{tmp_path}"}
    done = subprocess.run([sys.executable, "job.py"], env=environment, cwd=tmp_path, capture_output=True, check=True)
    assert 11.5e6 < int(done.stdout) < 20e6
    assert done.stderr.count(b"by C") > 1


@pytest.mark.parametrize(("megabytes", "is_seen"), [(200, True), (1, False)])
def test_a_command_costs_the_memory_of_its_own_process_or_nobody_knows(megabytes: int, *, is_seen: bool) -> None:
    lines = (
        "import subprocess, sys",
        "from benchmark.peak_memory import peak_of_started",
        "kept = b'x' * 60_000_000",
        f"subprocess.run([sys.executable, '-c', 'b\"x\" * {megabytes}_000_000'], check=True)",
        "print(peak_of_started())",
    )
    done = subprocess.run([sys.executable, "-c", "\n".join(lines)], cwd=TESTS.parent, capture_output=True, check=True)
    found = done.stdout.decode().strip()
    assert found == "None" if not is_seen else 2e8 < int(found) < 4e8


def test_a_difference_that_rounds_to_nothing_has_no_minus() -> None:
    assert signed({"value": -1e-9, "low": -1e-9, "high": -1e-9}) == "+0.0000 [+0.0000, +0.0000]"
    assert signed({"value": -2.5, "low": None, "high": None}) == "−2.50"
