"""Ray: tasks on a cluster of two nodes make the same bytes, also when one of the nodes is lost."""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from charts import chart
from ray_cluster import two_nodes

from degrade.corpus.build import finish, made_all, prepared
from degrade.corpus.config import Config
from degrade.corpus.runners import Ray, Runner, Threads
from degrade.corpus.store import Folder
from degrade.io import write_png
from degrade.presets import PRESETS
from degrade.record import FromPipeline
from degrade.sources import SourceError, open_source

pytestmark = [pytest.mark.ray, pytest.mark.filterwarnings("ignore")]

ray = pytest.importorskip("ray", reason="the extra `ray` is not installed")


@pytest.fixture
def cluster() -> Iterator[Any]:
    with two_nodes() as made:
        yield made


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    for number in range(18):
        write_png(tmp_path / "photos" / f"{number:02d}.png", np.roll(chart(80, 96), 5 * number, axis=1))
    return tmp_path / "photos"


def build(photos: Path, out: Path, runner: Runner, lose: Any = None) -> dict[str, str]:
    """The hash of every file of a corpus; `lose` is called when its first shard is there."""
    store = Folder(str(out))
    preset = FromPipeline(PRESETS["mild"], "preset")
    plan = prepared(Config(recipes=(preset,), seed=3, shard_photos=2), open_source(str(photos)), None, store)
    for number, _ in enumerate(made_all(plan, runner, lambda _: None)):
        if lose and number == 0:
            lose()
    finish(store)
    files = [path for path in sorted(out.rglob("*")) if path.is_file() and path.suffix != ".tmp"]
    return {path.relative_to(out).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_a_cluster_makes_the_same_bytes_and_survives_the_loss_of_a_node(
    cluster: Any, photos: Path, tmp_path: Path
) -> None:
    expected = build(photos, tmp_path / "threads", Threads(2))
    assert build(photos, tmp_path / "ray", Ray(0)) == expected
    node = next(iter(cluster.worker_nodes))
    lossy = build(photos, tmp_path / "lossy", Ray(0), lose=lambda: cluster.remove_node(node, allow_graceful=False))
    assert lossy == expected


def test_what_fails_in_a_task_is_told_as_it_is_elsewhere(cluster: Any, photos: Path, tmp_path: Path) -> None:
    plan = prepared(
        Config(recipes=(FromPipeline(PRESETS["mild"], "preset"),), seed=3, shard_photos=2),
        open_source(str(photos)),
        None,
        Folder(str(tmp_path / "corpus")),
    )
    photos.rename(tmp_path / "away")
    with pytest.raises(SourceError, match=f"^{photos}: gone while it was being read; bring it back and run again$"):
        list(made_all(plan, Ray(0), lambda _: None))
