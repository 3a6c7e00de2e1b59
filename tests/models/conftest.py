"""Networks in tests run on one thread: results are equal to the bit only for one number of threads."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from foxing import main

os.environ["OMP_NUM_THREADS"] = "1"  # of the processes that tests start
torch = pytest.importorskip("torch")
torch.set_num_threads(1)

Told = Callable[..., tuple[int, str]]


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    from small_photos import photo  # noqa: PLC0415  # after the threads are set

    photo(tmp_path / "photos/a.png")
    photo(tmp_path / "photos/inner/b.png", (44, 60))
    return tmp_path / "photos"


@pytest.fixture(scope="session")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A corpus for small trainings, which nobody changes."""
    from models.small_training import corpus  # noqa: PLC0415

    return corpus(tmp_path_factory.mktemp("corpus"))


@pytest.fixture(scope="session")
def undisturbed(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A training that nothing broke off; who changes it copies it first."""
    from models.small_training import run  # noqa: PLC0415

    from restore_models.train import train  # noqa: PLC0415

    out = tmp_path_factory.mktemp("runs") / "undisturbed"
    train(run(data, out))
    return out


@pytest.fixture
def told(capsys: pytest.CaptureFixture[str]) -> Told:
    """The exit code and the last line on stderr of a call that prints no result."""

    def call(*typed: str) -> tuple[int, str]:
        capsys.readouterr()
        code = main(list(typed))
        said, problems = capsys.readouterr()
        assert said == ""
        return code, problems.splitlines()[-1]

    return call
