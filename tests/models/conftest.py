"""Networks in tests run on one thread: results are equal to the bit only for one number of threads."""

import os
from pathlib import Path

import pytest

os.environ["OMP_NUM_THREADS"] = "1"  # of the processes that tests start
torch = pytest.importorskip("torch")
torch.set_num_threads(1)


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    from small_photos import photo  # noqa: PLC0415  # after the threads are set

    photo(tmp_path / "photos/a.png")
    photo(tmp_path / "photos/inner/b.png", (44, 60))
    return tmp_path / "photos"
