"""Sources that are broken in part or gone: each bad photo is named with its reason, and the rest is there."""

import csv
import json
import shutil
from pathlib import Path

import pytest
from corpus_builds import build, config, contents, foxing, rows
from small_corpus import Dictionary
from typer.testing import CliRunner

from degrade.cli import app
from degrade.console import FailureError
from degrade.corpus.build import made_all, prepared
from degrade.corpus.plan_files import CorpusError
from degrade.corpus.runners import Threads
from degrade.corpus.store import Folder
from degrade.sources import SourceError, open_source


def test_a_source_that_is_gone_is_a_failure(photos: Path, tmp_path: Path) -> None:
    store = Folder(str(tmp_path / "corpus"))
    plan = prepared(config(), open_source(str(photos)), None, store)
    away = photos.with_name("away")
    photos.rename(away)
    try:
        with pytest.raises(Exception, match="photos"):
            list(made_all(plan, Threads(1), lambda _: None))
    finally:
        away.rename(photos)
    assert not list((tmp_path / "corpus" / "data").glob("*.parquet"))


def test_a_corpus_is_not_taken_up_with_the_photos_of_another(photos: Path, undisturbed: Path, tmp_path: Path) -> None:
    out = tmp_path / "corpus"
    shutil.copytree(undisturbed, out)
    (tmp_path / photos.name).mkdir()  # a source of the same name
    shutil.copy(photos / "01.jpg", tmp_path / photos.name / "another.jpg")
    build(tmp_path / photos.name, out)  # all is there, and nothing is asked for
    next((out / "data").glob("train-*")).unlink()
    with pytest.raises(CorpusError, match=r"none of its photos is in .* now; bring them back, or name"):
        build(tmp_path / photos.name, out)
    build(photos, out)
    assert contents(out) == contents(undisturbed)


class Gone(Dictionary):
    """A source that is gone once its keys are known."""

    def read(self, key: str) -> bytes:
        raise SourceError(f"{self.name}: gone while it was being read; bring it back and run again")


@pytest.mark.parametrize("more", [(), ("--dry-run",)])
def test_a_source_that_goes_meanwhile_is_a_failure_with_one_remedy(
    more: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("degrade.cli_build.opened", lambda _: (Gone("folder photos", {"a.png": b""}), None))
    words = ["build", "photos", str(tmp_path / "corpus"), "--preset", "mild", "--workers", "1", *more]
    run = CliRunner().invoke(app, words)
    said = "folder photos: gone while it was being read; bring it back and run again"
    assert (type(run.exception), str(run.exception)) == (FailureError, said)


def test_broken_photos_are_named_and_the_rest_is_there(photos: Path, tmp_path: Path) -> None:
    mixed = tmp_path / "mixed"
    mixed.mkdir()
    for path in photos.glob("*.*g"):
        (mixed / path.name).write_bytes(path.read_bytes())
    (mixed / "cut.png").write_bytes((photos / "00.png").read_bytes()[:300])
    (mixed / "text.jpg").write_text("no picture")
    (mixed / "empty.png").write_bytes(b"")
    words = ["build", mixed, tmp_path / "corpus", "--preset", "mild"]
    run = foxing(*words, "--json")
    assert run.returncode == 0
    assert {each["key"] for each in json.loads(run.stdout)["rejected"]} == {"cut.png", "text.jpg", "empty.png"}
    table = list(csv.DictReader((tmp_path / "corpus" / "rejected.csv").read_text().splitlines()))
    assert {row["key"] for row in table} == {"cut.png", "text.jpg", "empty.png"}
    assert {row["key"] for row in rows(tmp_path / "corpus", "key")} == {path.name for path in photos.glob("*.*g")}
    assert foxing(*words, "--strict").returncode == 1


def test_what_was_turned_away_unread_is_counted_and_named(photos: Path, tmp_path: Path) -> None:
    mixed = shutil.copytree(photos, tmp_path / "photos")
    (mixed / "nowhere.jpg").symlink_to("away.jpg")
    (mixed / "round").symlink_to(".")
    out = tmp_path / "corpus"
    for index in range(2):
        words = ("--preset", "mild", "--json", "--num-shards", "2", "--shard-index", str(index))
        job = json.loads(foxing("build", mixed, out, *words).stdout)
        assert (job["part"], job["parts"]) == (index, 2)
    said = json.loads(foxing("merge", out, "--json").stdout)
    table = list(csv.DictReader((out / "rejected.csv").read_text().splitlines()))
    assert {row["key"] for row in table} == {"nowhere.jpg", "round"} == {each["key"] for each in said["rejected"]}
    assert json.loads(foxing("stats", out, "--json").stdout)["rejected"]["photos"] == 2


def test_a_source_that_turns_away_many_names_some_and_counts_the_others(photos: Path, tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    shutil.copy(photos / "01.jpg", tmp_path / "photos")
    for number in range(30):
        (tmp_path / f"photos/{number:02d}.png").symlink_to("nowhere")
    run = foxing("build", tmp_path / "photos", tmp_path / "corpus", "--preset", "mild")
    assert run.returncode == 0
    assert run.stderr.count("a link to nothing") == 20
    assert "foxing: and 10 more, all of them in rejected.csv\n" in run.stderr
    assert (tmp_path / "corpus/rejected.csv").read_text().count("a link to nothing") == 30


def test_a_corpus_without_a_row_is_a_failure(photos: Path, tmp_path: Path) -> None:
    run = foxing("build", photos, tmp_path / "corpus", "--preset", "mild", "--size", "5000")
    assert run.returncode == 1
    assert run.stderr.endswith("no photo gave a row; see rejected.csv\n")
