"""Reading the rows of a sweep leaves nothing behind that could end the process badly."""

import subprocess
import sys
from pathlib import Path

import pytest

from benchmark.store import SCHEMA, parquet_bytes, read_rows
from benchmark.suite import SuiteError

JOB = """
import os, sys
from pathlib import Path
from benchmark.store import read_rows

before = len(os.listdir("/proc/self/task"))
read_rows(Path(sys.argv[1]))
print(len(os.listdir("/proc/self/task")) - before)
"""


def test_reading_rows_starts_no_thread_that_could_abort_the_process_as_it_ends(tmp_path: Path) -> None:
    if not Path("/proc/self/task").is_dir():
        pytest.skip("this system does not list threads")
    path = tmp_path / "items.parquet"
    path.write_bytes(parquet_bytes(SCHEMA.empty_table()))
    words = [sys.executable, "-c", JOB, str(path)]
    done = subprocess.run(words, cwd=Path(__file__).parents[2], capture_output=True, check=True)
    assert done.stdout.strip() == b"0"


def test_rows_are_read_from_a_folder_whatever_bytes_its_name_is_of(tmp_path: Path) -> None:
    path = tmp_path / "caf\udce9" / "items.parquet"
    path.parent.mkdir()
    path.write_bytes(parquet_bytes(SCHEMA.empty_table()))
    assert read_rows(path).schema == SCHEMA
    path.write_bytes(b"PAR1 no")
    with pytest.raises(SuiteError, match="cannot be read"):
        read_rows(path)
    path.unlink()
    with pytest.raises(SuiteError, match="cannot be read"):
        read_rows(path)
