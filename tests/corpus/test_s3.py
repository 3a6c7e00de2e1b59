"""An S3 server on this machine: a corpus there has the same bytes as in a folder, and is read from there."""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from charts import chart

import degrade
from degrade.corpus.build import finish, made_all, prepared
from degrade.corpus.checking import checked
from degrade.corpus.config import Config
from degrade.corpus.runners import Threads
from degrade.corpus.store import Folder, ObjectStore, open_store
from degrade.io import write_png
from degrade.presets import PRESETS
from degrade.record import FromPipeline
from degrade.sources import open_source

pytestmark = pytest.mark.filterwarnings("ignore")

moto = pytest.importorskip("moto.server", reason="moto is not installed")
s3fs = pytest.importorskip("s3fs", reason="the extra `s3` is not installed")


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The URL of an empty bucket on a server that stops with the test."""
    server = moto.ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    for name, value in (
        ("AWS_ENDPOINT_URL", f"http://{host}:{port}"),
        ("AWS_ACCESS_KEY_ID", "test"),
        ("AWS_SECRET_ACCESS_KEY", "test"),
        ("AWS_DEFAULT_REGION", "us-east-1"),
    ):
        monkeypatch.setenv(name, value)
    s3fs.S3FileSystem.clear_instance_cache()
    s3fs.S3FileSystem(endpoint_url=os.environ["AWS_ENDPOINT_URL"]).mkdir("corpora")
    yield "s3://corpora/mild"
    s3fs.S3FileSystem.clear_instance_cache()
    server.stop()


def build(photos: Path, store: Folder | ObjectStore) -> None:
    config = Config(recipes=(FromPipeline(PRESETS["mild"], "preset"),), seed=3, shard_photos=3)
    plan = prepared(config, open_source(str(photos)), None, store)
    list(made_all(plan, Threads(2), lambda _: None))
    finish(store)


def test_a_corpus_on_s3_equals_one_in_a_folder(bucket: str, tmp_path: Path) -> None:
    for number in range(8):
        write_png(tmp_path / "photos" / f"{number}.png", np.roll(chart(80, 96), 5 * number, axis=1))
    build(tmp_path / "photos", Folder(str(tmp_path / "corpus")))
    remote = open_store(bucket)
    assert isinstance(remote, ObjectStore)
    build(tmp_path / "photos", remote)
    for path in (each for each in (tmp_path / "corpus").rglob("*") if each.is_file()):
        name = path.relative_to(tmp_path / "corpus").as_posix()
        assert hashlib.sha256(remote.read(name)).digest() == hashlib.sha256(path.read_bytes()).digest()
    assert [problem for problem in checked(remote) if problem.bad] == []
    here, there = degrade.open_corpus(str(tmp_path / "corpus")), degrade.open_corpus(bucket)
    assert np.array_equal(here[0].degraded, there[0].degraded)
