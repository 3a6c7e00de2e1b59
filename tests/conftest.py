"""Options and settings of the whole suite."""

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
