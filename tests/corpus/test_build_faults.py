"""What gets in the way of a corpus: nothing half-written is taken for whole, and the next run ends it."""

import errno
import os
import resource
import shutil
from pathlib import Path

import pytest
from corpus_builds import build, config, contents, foxing

from degrade.cli_build import told
from degrade.console import FailureError
from degrade.corpus.build import made_all, prepared
from degrade.corpus.checking import checked
from degrade.corpus.export import export
from degrade.corpus.plan_files import CorpusError
from degrade.corpus.runners import Threads
from degrade.corpus.store import Folder
from degrade.sources import open_source


def test_what_is_missing_or_cut_short_is_made_again(photos: Path, undisturbed: Path, tmp_path: Path) -> None:
    out = tmp_path / "corpus"
    build(photos, out)
    first, second = sorted((out / "data").glob("*.parquet"))[:2]
    first.unlink()
    second.write_bytes(second.read_bytes()[:-100])
    third = sorted((out / ".foxing" / "shards").glob("*.json"))[2]
    third.unlink()
    (out / "data" / ".train-0.parquet.x.tmp").write_bytes(b"left by a kill")
    Folder(str(out)).sweep()
    build(photos, out)
    assert contents(out) == contents(undisturbed)


def test_two_builds_in_one_place_do_not_get_in_each_others_way(photos: Path, undisturbed: Path, tmp_path: Path) -> None:
    out = tmp_path / "corpus"
    words = ["build", photos, out, "--preset", "mild", "--seed", "3", "--shard-photos", "3", "--shares", "60,20,20"]
    with Folder(str(out)).claimed(alone=True):
        for more in ([], ["--shard-index", "0", "--num-shards", "2"]):
            run = foxing(*words, *more)
            said = "another build is at work there; wait until it ends; run the same command again to go on"
            assert (run.returncode, run.stderr) == (1, f"foxing: {out}: {said}\n")
    with Folder(str(out)).claimed(alone=False), Folder(str(out)).claimed(alone=False):
        assert foxing(*words).returncode == 1
    assert foxing(*words).returncode == 0
    assert contents(out) == contents(undisturbed)


def test_overwrite_begins_anew_and_never_in_a_strangers_folder(photos: Path, undisturbed: Path, tmp_path: Path) -> None:
    out = tmp_path / "corpus"
    build(photos, out, seed=9)
    words = ("--preset", "mild", "--seed", "3", "--shard-photos", "3", "--shares", "60,20,20", "--overwrite")
    assert foxing("build", photos, out, *words).returncode == 0
    assert contents(out) == contents(undisturbed)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("precious")
    run = foxing("build", photos, tmp_path / "mine", *words)
    assert run.returncode == 2
    assert "there is something else in it (thesis.txt)" in run.stderr
    assert (tmp_path / "mine" / "thesis.txt").read_text() == "precious"


def _small_files_only() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (30_000, 30_000))


def test_a_full_disk_is_a_failure_that_the_next_run_mends(photos: Path, undisturbed: Path, tmp_path: Path) -> None:
    out = tmp_path / "corpus"
    words = ["build", photos, out, "--preset", "mild", "--seed", "3", "--shard-photos", "3", "--shares", "60,20,20"]
    run = foxing(*words, preexec_fn=_small_files_only, env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1"})
    assert run.returncode == 1
    assert f"foxing: {out}/" in run.stderr  # a system says that there is no room, and not where
    assert "make room, then run the same command again to go on" in run.stderr
    assert not list((out / "data").glob("*.parquet"))
    assert foxing(*words).returncode == 0
    assert contents(out) == contents(undisturbed)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (PermissionError(errno.EACCES, "Permission denied", "x"), "x: Permission denied; check its permissions"),
        (OSError(errno.EDQUOT, "Disk quota exceeded", "x"), "x: Disk quota exceeded; make room, then run the same "),
        (OSError(errno.EIO, "Input/output error", "x"), "x: Input/output error; run the same command again to go on"),
    ],
)
def test_what_a_system_refuses_has_its_remedy(error: OSError, said: str) -> None:
    with pytest.raises(FailureError, match=f"^{said}"), told():
        raise error


def test_nothing_unfinished_is_taken_for_whole(photos: Path, undisturbed: Path, tmp_path: Path) -> None:
    datasets = pytest.importorskip("datasets")
    store = Folder(str(tmp_path / "corpus"))
    plan = prepared(config(), open_source(str(photos)), None, store)
    made = list(made_all(plan, Threads(1), lambda _: None))
    with pytest.raises(FileNotFoundError, match="build-again"):
        datasets.load_dataset(store.where, cache_dir=str(tmp_path / "cache"))
    assert [problem.where for problem in checked(store) if problem.bad] == ["README.md"]
    for each in made:
        if each.split == "test":
            store.remove(each.path)
    with pytest.raises(CorpusError, match="not finished, it lacks data/test-00000"):
        export(store, tmp_path / "export")
    build(photos, tmp_path / "corpus")
    assert contents(tmp_path / "corpus") == contents(undisturbed)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        (".foxing/build.json", ".foxing/build.json is missing or damaged; copy it back, or build with --overwrite"),
        (".foxing/keys.gz", ".foxing/keys.gz is missing or damaged; copy it back, or build with --overwrite"),
    ],
)
def test_a_damaged_record_is_one_line(name: str, message: str, photos: Path, undisturbed: Path, tmp_path: Path) -> None:
    out = shutil.copytree(undisturbed, tmp_path / "corpus")
    (out / name).write_bytes((out / name).read_bytes()[:30])
    words = ("--preset", "mild", "--seed", "3", "--shard-photos", "3", "--shares", "60,20,20")
    for run in (foxing("verify", out), foxing("merge", out), foxing("build", photos, out, *words)):
        assert run.returncode == 2
        assert message in run.stderr
        assert run.stderr.count("\n") == 1
    assert foxing("build", photos, out, *words, "--overwrite").returncode == 0
    assert contents(out) == contents(undisturbed)


def test_a_shard_whose_entry_is_damaged_is_made_again(photos: Path, undisturbed: Path, tmp_path: Path) -> None:
    out = shutil.copytree(undisturbed, tmp_path / "corpus")
    for number, path in enumerate(sorted((out / ".foxing" / "shards").glob("*.json"))[:4]):
        path.write_bytes((b"", b"{", b"{}", b"\xff")[number])
    assert foxing("stats", out).returncode == 0
    build(photos, out)
    assert contents(out) == contents(undisturbed)


def test_a_file_in_the_place_of_the_corpus_is_misuse(photos: Path, tmp_path: Path) -> None:
    (tmp_path / "corpus").write_text("mine", "utf-8")
    (tmp_path / "link").symlink_to("nowhere")
    for name, what in (("corpus", "a file"), ("link", "a link to nothing, or a device")):
        run = foxing("build", photos, tmp_path / name, "--preset", "mild")
        said = f"foxing: {tmp_path / name}: {what}, not a folder; give a folder for the corpus\n"
        assert (run.returncode, run.stderr) == (2, said)


@pytest.mark.parametrize("words", [("stats",), ("verify",), ("merge",), ("build", "photos")])
def test_a_place_that_cannot_be_reached_is_one_line(words: tuple[str, ...], photos: Path) -> None:
    place = [str(photos) if word == "photos" else word for word in words]
    run = foxing(*place, "nosuch://bucket/corpus", *(("--preset", "mild") if "build" in words else ()))
    assert run.returncode == 1
    assert run.stderr.startswith("foxing: nosuch://bucket/corpus: Protocol not known: nosuch")
    assert run.stderr.count("\n") == 1
