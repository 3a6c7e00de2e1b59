"""Options and settings of the whole suite."""

from collections.abc import Iterator
from pathlib import Path

import cv2
import pytest
from hypothesis import HealthCheck, settings

settings.register_profile("foxing", deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
settings.load_profile("foxing")
cv2.setNumThreads(1)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--regen", action="store_true", help="write the golden pictures anew; look at the difference")


@pytest.fixture
def regen(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--regen"))


@pytest.fixture(scope="session")
def golden() -> Path:
    return Path(__file__).parent / "golden"


@pytest.fixture
def one_thread() -> Iterator[None]:
    """PyTorch's results are equal to the bit, and its times can be compared, only for one number of threads."""
    import torch  # noqa: PLC0415  # not for tests that do without

    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)
