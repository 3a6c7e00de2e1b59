"""Photos and corpora, made once for all tests; tests that change one copy it first."""

import shutil
from pathlib import Path

import cv2
import numpy as np
import pytest
from charts import chart
from corpus_builds import build
from spoilt_corpora import NOISY, PHOTOS, built

from degrade.corpus.runners import Threads
from degrade.effects.foxing import Foxing
from degrade.io import write_png
from degrade.record import FromEffect, FromPipeline


@pytest.fixture(scope="session")
def photos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Fourteen small clean photos, PNG and JPEG, one in a folder of its own."""
    folder = tmp_path_factory.mktemp("photos")
    for number in range(14):
        picture = np.roll(chart(72 + number, 96), 5 * number, axis=1)
        if number % 2:
            cv2.imwrite(str(folder / f"{number:02d}.jpg"), picture[..., ::-1])
        else:
            write_png(folder / ("in ü" if number == 4 else ".") / f"{number:02d}.png", picture)
    return folder


@pytest.fixture(scope="session")
def undisturbed(photos: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A corpus made in one go by one thread."""
    out = tmp_path_factory.mktemp("undisturbed") / "corpus"
    build(photos, out, Threads(1))
    return out


@pytest.fixture(scope="session")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A corpus with its card, two recipes and old photos."""
    where = tmp_path_factory.mktemp("good")
    built(where, PHOTOS, recipes=(FromPipeline(NOISY, "pipeline"), FromEffect(Foxing, 3)), shard_photos=4)
    return where


@pytest.fixture
def folder(good: Path, tmp_path: Path) -> Path:
    """A corpus to spoil."""
    return shutil.copytree(good, tmp_path / "corpus")
