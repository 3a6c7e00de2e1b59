"""Photos that cannot be read just now are no bad photos: they are tried again, then later, and many end the build."""

import errno
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from charts import chart
from corpus_builds import contents, foxing, rows
from small_corpus import PHOTOS, Dictionary, built
from typer.testing import CliRunner

from degrade.cli import app
from degrade.corpus.build import finish, made_all, prepared
from degrade.corpus.checking import Problem, checked
from degrade.corpus.config import Config
from degrade.corpus.online import OnlinePairs
from degrade.corpus.runners import Threads
from degrade.corpus.shards import IN_A_ROW, entry_in
from degrade.corpus.stats import corpus_stats, entries_in
from degrade.corpus.store import Folder
from degrade.io import PassingError, UnreadError
from degrade.png import png_bytes
from degrade.presets import PRESETS
from degrade.record import FromPipeline
from degrade.sources import SourceError


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("degrade.patience.PAUSES", (0.0, 0.0, 0.0))


class Shaky(Dictionary):
    """Photos of which some fail, each so many times, or are not there."""

    def read(self, key: str) -> bytes:
        left = FAILS.get(key, 0)
        if left > 0:
            FAILS[key] = left - 1
            raise PassingError(f"{key}: cannot be read just now (Input/output error); try again")
        if left < 0:
            raise UnreadError(f"{key}: no such file; bring it back, or take it off the list")
        return self.files[key]


FAILS: dict[str, int] = {}

SHAKY = Shaky("folder photos", {key: data for key, data in PHOTOS.files.items() if key.startswith("photo")})

MANY = Shaky("folder photos", {f"{number:02d}.png": png_bytes(chart(32, 20 + number)) for number in range(40)})


@pytest.fixture(autouse=True)
def _fails() -> Iterator[None]:
    FAILS.clear()
    yield
    FAILS.clear()


def finished(out: Path, photos: Dictionary = SHAKY, **choices: Any) -> dict[str, str]:
    finish(built(out, photos, None, **choices).store)
    return contents(out)


def test_a_photo_that_fails_a_few_times_is_as_any_other(tmp_path: Path) -> None:
    whole = finished(tmp_path / "a")
    FAILS.update({"photo 3.png": 3, "photo 5.png": 1})
    assert finished(tmp_path / "b") == whole


def test_a_photo_that_fails_every_time_is_left_for_the_next_run_and_stops_nothing(tmp_path: Path) -> None:
    whole = finished(tmp_path / "a")
    out = tmp_path / "b"
    FAILS["photo 3.png"] = 1000
    finished(out)
    assert {row["key"] for row in rows(out, "key")} == set(SHAKY.files) - {"photo 3.png"}
    small = built(out, SHAKY, None)
    assert [made.unread for made in small.entries if made.unread] == [("photo 3.png",)]
    assert "photo 3.png: cannot be read just now (Input/output error)" in (out / "rejected.csv").read_text()
    assert corpus_stats(small.store)["rejected"]["unread"] == 1
    assert "Of these, 1 photo could not be read when this was made." in (out / "README.md").read_text()
    said = "1 photo could not be read, and may be good; run the same build again to try once more"
    assert Problem("", said, bad=False) in list(checked(small.store))
    FAILS.clear()
    assert finished(out) == whole


def test_a_photo_that_is_gone_counts_as_unread_and_comes_back_with_it(tmp_path: Path) -> None:
    whole = finished(tmp_path / "a")
    out = tmp_path / "b"
    FAILS["photo 0.png"] = -1
    lacking = finished(out)
    assert finished(out) == lacking  # nothing is made again for a photo that is still gone
    FAILS.clear()
    assert finished(out) == whole


def test_what_is_missing_is_made_before_what_lacked_photos(tmp_path: Path) -> None:
    FAILS["photo 0.png"] = -1
    small = built(tmp_path, SHAKY, None)
    FAILS.clear()
    lacking = next(made for made in small.entries if made.unread)
    other = next(made for made in reversed(small.entries) if not made.unread)
    (tmp_path / other.path).unlink()
    recipes = (FromPipeline(PRESETS["severe"], "preset"),)
    config = Config(seed=3, shares=(0.5, 0.25, 0.25), shard_photos=2, recipes=recipes)
    plan = prepared(config, SHAKY, None, small.store)
    order = [made.path for made in made_all(plan, Threads(1), lambda _: None)]
    assert order == [other.path, lacking.path]


def test_many_photos_that_fail_in_a_row_end_the_build_and_none_of_their_shard_is_kept(tmp_path: Path) -> None:
    whole = finished(tmp_path / "a", MANY, shares=(1, 0, 0), shard_photos=20)
    FAILS.update(dict.fromkeys(list(MANY.files)[22:], 1000))
    said = rf"^{IN_A_ROW} photos in a row, the last of them 37\.png: cannot be read just now \(Input/output error\); .*"
    with pytest.raises(SourceError, match=said):
        built(tmp_path / "b", MANY, None, shares=(1, 0, 0), shard_photos=20)
    assert len(list((tmp_path / "b/data").iterdir())) == 1
    FAILS.clear()
    assert finished(tmp_path / "b", MANY, shares=(1, 0, 0), shard_photos=20) == whole


@pytest.mark.parametrize("how", [-1, 1000])
def test_a_source_of_which_nothing_can_be_read_any_more_ends_the_build_however_small_its_shards(
    how: int, tmp_path: Path
) -> None:
    class Leaving(Shaky):
        def read(self, key: str) -> bytes:
            if key == "05.png":
                FAILS.update(dict.fromkeys(self.files, how))
            return super().read(key)

    photos = Leaving("folder photos", MANY.files)
    with pytest.raises(
        SourceError, match=r"^no photo can be read any more, of \d+ tried all over the source \(05.png: "
    ):
        built(tmp_path / "b", photos, None, shares=(1, 0, 0), shard_photos=1)
    FAILS.clear()
    assert finished(tmp_path / "b", MANY, shares=(1, 0, 0), shard_photos=1) == finished(
        tmp_path / "a", MANY, shares=(1, 0, 0), shard_photos=1
    )


def test_half_of_the_photos_taken_away_on_purpose_stop_nothing(tmp_path: Path) -> None:
    FAILS.update(dict.fromkeys(list(MANY.files)[:20], -1))
    small = built(tmp_path, MANY, None, shares=(1, 0, 0), shard_photos=10)
    assert [len(made.unread) for made in small.entries] == [10, 10, 0, 0]


def test_an_entry_of_an_older_version_has_no_unread_photos_and_is_written_as_it_was() -> None:
    old = (
        '{"bytes":9,"coverage":[],"effects":{},"index":0,"path":"data/train-00000-of-00001.parquet","photos":1,'
        '"rejected":[["a.png","no picture"]],"rows":1,"sha256":"","split":"train"}\n'
    )
    made = entry_in(old.encode())
    assert made is not None
    assert (made.unread, made.digests, made.to_json()) == ((), "", old)


def test_the_command_counts_them_apart_and_says_what_to_do(photos: Path, tmp_path: Path) -> None:
    mixed, out = shutil.copytree(photos, tmp_path / "photos"), tmp_path / "corpus"
    listed = "\n".join([*(path.name for path in sorted(mixed.glob("*.*g"))), "gone.png"])
    (mixed / "list.txt").write_text(listed)
    words = ["build", mixed / "list.txt", out, "--preset", "mild"]
    run = foxing(*words)
    assert run.returncode == 0
    assert "foxing: not read: gone.png: no such file; bring it back, or take it off the list\n" in run.stderr
    assert run.stderr.endswith(
        "1 photo could not be read, and may be good; run the same build again to try once more\n"
    )
    assert run.stdout.endswith("0 reused, 0 rejected, 1 not read\n")
    assert foxing(*words, "--strict").returncode == 1
    shutil.copy(photos / "00.png", mixed / "gone.png")
    said = json.loads(foxing(*words, "--json").stdout)
    assert (said["unread"], said["rejected"]) == ([], [])
    assert "gone.png" in {row["key"] for row in rows(out, "key")}


def test_a_photo_that_is_no_longer_in_its_archive_is_unread(photos: Path, tmp_path: Path) -> None:
    out, archive = tmp_path / "corpus", tmp_path / "photos.zip"
    shutil.make_archive(str(tmp_path / "photos"), "zip", photos)
    words = ["build", str(archive), str(out), "--preset", "mild", "--shard-photos", "3", "--workers", "1"]
    runner = CliRunner()
    assert runner.invoke(app, words).exit_code == 0
    less = shutil.copytree(photos, tmp_path / "less")
    (less / "00.png").unlink()
    shutil.make_archive(str(tmp_path / "photos"), "zip", less)
    for path in (out / "data").iterdir():
        path.unlink()
    assert runner.invoke(app, words).exit_code == 0
    assert [key for made in entries_in(Folder(str(out))) for key in made.unread] == ["00.png"]


def test_an_error_of_the_system_in_the_making_is_no_fault_of_the_photo(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("degrade.corpus.rows.replayed_sample", _full)
    with pytest.raises(SourceError, match=r"photos in a row, the last of them 15\.png: Too many open files"):
        built(tmp_path, MANY, None, shares=(1, 0, 0), shard_photos=20)


def _full(*_: object) -> None:
    raise OSError(errno.EMFILE, "Too many open files")


def test_a_photo_that_fails_a_few_times_breaks_no_training_off() -> None:
    pairs = OnlinePairs(SHAKY, PRESETS["mild"], seed=3)
    FAILS[pairs.keys[0]] = 3
    assert pairs[0]["clean"].ndim == 3
