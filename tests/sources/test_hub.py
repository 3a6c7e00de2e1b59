"""Datasets on the Hub give their pictures as they are needed, and offline from the cache."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from small_pictures import picture
from small_tables import Rows, write

from degrade.sources import SourceError
from degrade.sources.hub import hub_source

fsspec = pytest.importorskip("fsspec")


@pytest.fixture
def hub(tmp_path: Path) -> Any:
    """A hub in memory."""
    system = fsspec.filesystem("memory")
    rows: Rows = [(f"{n}.png", picture(n)) for n in range(10)]
    for name, part in (("train-00000-of-00002", rows[:5]), ("train-00001-of-00002", rows[5:]), ("test-0", rows[:1])):
        write(tmp_path / "one.parquet", part)
        system.pipe(f"/datasets/me/test-photos/data/{name}.parquet", (tmp_path / "one.parquet").read_bytes())
    yield Rooted(system)
    system.rm("/datasets", recursive=True)


class Rooted:
    """The memory file system with paths as the Hub's has them, without a leading slash."""

    def __init__(self, system: Any) -> None:
        self.system = system
        self.opened: list[str] = []

    def open(self, path: str, mode: str) -> Any:
        self.opened.append(path)
        return self.system.open("/" + path, mode)

    def find(self, path: str) -> list[str]:
        return [found.lstrip("/") for found in self.system.find("/" + path)]


def test_a_dataset_on_the_hub_is_read_as_it_is_needed(hub: Any) -> None:
    source = hub_source("me/test-photos", "train", "image", hub)
    assert source.name == "hub me/test-photos train"
    assert list(source.keys()) == [f"{n}.png" for n in range(10)]
    hub.opened.clear()
    assert [source.read(f"{n}.png") for n in range(5)] == [picture(n) for n in range(5)]
    assert hub.opened == ["datasets/me/test-photos/data/train-00000-of-00002.parquet"] * 2  # one for each row group
    with pytest.raises(SourceError, match="no split 'old'; use --split with one of: test, train"):
        hub_source("me/test-photos", "old", "image", hub)
    for name in ("../etc", "a/b/c", "a/..", "https://x"):
        with pytest.raises(SourceError, match="write it as user/name"):
            hub_source(name, "train", "image", hub)
    with pytest.raises(SourceError, match="no parquet files"):
        hub_source("me/nothing", "train", "image", hub)


def test_the_parquet_copy_that_the_hub_keeps_will_do(hub: Any, tmp_path: Path) -> None:
    write(tmp_path / "two.parquet", [("a.png", picture(1))])
    place = "/datasets/me/zipped@refs/convert/parquet/default/train/0000.parquet"
    hub.system.pipe(place, (tmp_path / "two.parquet").read_bytes())
    assert list(hub_source("me/zipped", "train", "image", hub).keys()) == ["a.png"]


def test_a_connection_that_fails_is_tried_again_and_then_stops_the_work(
    hub: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("time.sleep", lambda _: None)
    source = hub_source("me/test-photos", "train", "image", hub)
    failures = [ConnectionError("reset"), ConnectionError("reset")]
    working = hub.open

    def shaky(path: str, mode: str) -> Any:
        if failures:
            raise failures.pop()
        return working(path, mode)

    monkeypatch.setattr(hub, "open", shaky)
    assert source.read("7.png") == picture(7)
    failures += [ConnectionError("reset")] * 3
    with pytest.raises(SourceError, match=r"does not answer \(reset\); check the connection"):
        source.read("1.png")


OFFLINE = """
import sys
from degrade.sources import SourceError, open_source
try:
    source = open_source("", hub="me/photos")
except SourceError as error:
    sys.exit(str(error))
print(*source.keys(), len(source.read(source.keys()[0])))
"""


def offline(home: Path) -> subprocess.CompletedProcess[str]:
    env = os.environ | {"HF_HUB_OFFLINE": "1", "HF_HOME": str(home)}
    return subprocess.run([sys.executable, "-c", OFFLINE], capture_output=True, text=True, env=env, check=False)


def test_offline_the_copy_in_the_cache_is_read_and_without_one_there_is_one_line(tmp_path: Path) -> None:
    pytest.importorskip("huggingface_hub")
    without = offline(tmp_path)
    assert without.returncode == 1
    assert without.stderr.startswith("me/photos: HF_HUB_OFFLINE is set and the cache has no copy")
    assert without.stderr.count("\n") == 1
    place, commit = tmp_path / "hub/datasets--me--photos", "0" * 40
    write(place / f"snapshots/{commit}/data/train-00000-of-00001.parquet", [("a.png", picture(1))])
    (place / "refs").mkdir()
    (place / "refs/main").write_text(commit)
    assert offline(tmp_path).stdout.split() == ["a.png", str(len(picture(1)))]


MISSING = """
import sys
sys.modules["pyarrow"] = sys.modules["pyarrow.parquet"] = sys.modules["huggingface_hub"] = None
from degrade.sources import SourceError, open_source
for where, hub in ((sys.argv[1], ""), ("", "me/photos")):
    try:
        open_source(where, hub)
    except SourceError as error:
        print(error)
"""


def test_without_the_extra_there_is_one_line_that_names_it(tmp_path: Path) -> None:
    write(tmp_path / "p.parquet", [("a.png", picture(1))])
    done = subprocess.run(
        [sys.executable, "-c", MISSING, str(tmp_path / "p.parquet")], capture_output=True, text=True, check=True
    )
    assert [line.endswith("pip install 'foxing[corpus]'") for line in done.stdout.splitlines()] == [True, True]
