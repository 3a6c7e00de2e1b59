"""A corpus touches nothing that is somebody else's, and takes no stranger's record at its word."""

import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from corpus_builds import build, config, contents, foxing

from degrade.corpus.belongings import OWN_FILES, erase, lost_files
from degrade.corpus.build import finish, manifest, prepared, shards_of
from degrade.corpus.plan_files import BUILD, CorpusError, choices_of
from degrade.corpus.push import push
from degrade.corpus.store import Folder, open_store
from degrade.sources import open_source

WORDS = ("--preset", "mild", "--seed", "3", "--shard-photos", "3", "--shares", "60,20,20", "--workers", "1")


@pytest.mark.parametrize("more", [(), ("--overwrite",)])
@pytest.mark.parametrize("inside", ["thesis.txt", "assets/logo.png", "photos/a.jpg", "data/table.csv"])
def test_a_folder_with_anything_in_it_is_left_as_it_is(
    inside: str, more: tuple[str, ...], photos: Path, tmp_path: Path
) -> None:
    out = tmp_path / "mine"
    for name in (inside, "drafts/.letter.tmp", ".note.tmp"):
        (out / name).parent.mkdir(parents=True, exist_ok=True)
        (out / name).write_text("precious")
    before = contents(out)
    run = foxing("build", photos, out, *WORDS, *more)
    assert run.returncode == 2
    assert f"foxing: {out}: there is something else in it (" in run.stderr
    assert contents(out) == before


def test_a_corpus_does_not_begin_in_the_folder_of_its_photos(photos: Path, tmp_path: Path) -> None:
    (tmp_path / "all").mkdir()
    shutil.copytree(photos, tmp_path / "all" / "photos")
    before = contents(tmp_path / "all")
    for source in (tmp_path / "all", tmp_path / "all" / "photos"):
        run = foxing("build", source, tmp_path / "all", *WORDS)
        assert (run.returncode, "(photos/)" in run.stderr) == (2, True)
    assert contents(tmp_path / "all") == before


def test_hidden_files_and_empty_folders_are_no_strangers(photos: Path, undisturbed: Path, tmp_path: Path) -> None:
    out = tmp_path / "clone"
    (out / ".git").mkdir(parents=True)
    (out / ".git" / "config").write_text("of git")
    (out / "lost+found").mkdir()
    build(photos, out)
    assert contents(out) == contents(undisturbed) | {".git/config": contents(out)[".git/config"]}


@pytest.mark.parametrize("stranger", ["LICENSE", "assets/logo.png", "data/more/x.csv", "data/.hidden"])
def test_overwrite_takes_nothing_away_where_somebody_added_a_file(
    stranger: str, undisturbed: Path, tmp_path: Path
) -> None:
    out = tmp_path / "corpus"
    shutil.copytree(undisturbed, out)
    (out / stranger).parent.mkdir(exist_ok=True)
    (out / stranger).write_text("precious")
    before = contents(out)
    with pytest.raises(CorpusError, match=r"something else in it .*; move it away, or give another folder"):
        erase(Folder(str(out)))
    assert contents(out) == before


def test_erasing_takes_away_what_a_corpus_is_made_of_and_no_more(undisturbed: Path, tmp_path: Path) -> None:
    out = tmp_path / "corpus"
    shutil.copytree(undisturbed, out)
    (out / "data" / ".train-00000-of-00003.parquet.left.tmp").write_bytes(b"by a kill")
    (out / ".gitattributes").write_text("mine")
    erase(Folder(str(out)))
    assert list(contents(out)) == [".gitattributes"]


def test_a_place_behind_a_url_is_looked_at_and_begun_anew_as_a_folder_is(photos: Path) -> None:
    system = pytest.importorskip("fsspec").filesystem("memory")
    try:
        for stranger in ("thesis.txt", "mine/thesis.txt"):
            system.pipe_file(f"/belongings/{stranger}", b"precious")
            with pytest.raises(CorpusError, match=rf"something else in it \({stranger[:5]}"):
                build(photos, "memory://belongings")
            system.rm(f"/belongings/{stranger}")
        build(photos, "memory://belongings", seed=9)
        erase(open_store("memory://belongings"))
        assert system.find("/belongings") == []
        build(photos, "memory://belongings")
        system.pipe_file("/belongings/LICENSE", b"precious")
        before = system.find("/belongings", detail=True)
        with pytest.raises(CorpusError, match="LICENSE"):
            erase(open_store("memory://belongings"))
        assert system.find("/belongings", detail=True) == before
    finally:
        system.rm("/belongings", recursive=True)


def test_what_is_lost_is_made_again_and_a_set_licence_stays(photos: Path, undisturbed: Path, tmp_path: Path) -> None:
    out = tmp_path / "corpus"
    shutil.copytree(undisturbed, out)
    card = (out / "README.md").read_text().replace("license: unknown", "license: cc0-1.0")
    (out / "README.md").write_text(card)
    lost = [name for name in OWN_FILES if name not in ("README.md", "stats.json")]
    for path in (*(out / name for name in lost), *(out / "data").glob("train-00000-*")):
        path.unlink()
    assert lost_files(Folder(str(out))) == lost
    assert foxing("build", photos, out, *WORDS).returncode == 0
    push(out, "user/name", private=False, dry_run=True)
    assert (out / "README.md").read_text() == card
    (out / "README.md").write_bytes((undisturbed / "README.md").read_bytes())
    assert contents(out) == contents(undisturbed)


def test_a_card_of_other_entries_is_written_anew(photos: Path, undisturbed: Path, tmp_path: Path) -> None:
    out = tmp_path / "corpus"
    shutil.copytree(undisturbed, out)
    (out / "stats.json").write_text((out / "stats.json").read_text().replace('"rows": 14', '"rows": 13'))
    (out / "README.md").write_text("of other entries")
    build(photos, out)
    assert contents(out) == contents(undisturbed)


def test_jobs_that_share_the_work_may_not_erase_each_others(photos: Path, undisturbed: Path, tmp_path: Path) -> None:
    out = tmp_path / "corpus"
    shutil.copytree(undisturbed, out)
    run = foxing("build", photos, out, *WORDS, "--overwrite", "--num-shards", "2")
    assert (run.returncode, "delete the corpus first" in run.stderr) == (2, True)
    assert contents(out) == contents(undisturbed)


def test_of_two_jobs_that_begin_at_once_with_other_choices_one_is_refused(photos: Path, tmp_path: Path) -> None:
    source = open_source(str(photos))
    for number in range(5):
        store, start = Folder(str(tmp_path / str(number))), Barrier(2)

        def begin(seed: int, store: Folder = store, start: Barrier = start) -> str:
            start.wait()
            try:
                return f"begun with {prepared(config(seed=seed), source, None, store).task.config.seed}"
            except CorpusError as error:
                return str(error)

        with ThreadPoolExecutor(2) as pool:
            said = sorted(pool.map(begin, (1, 2)))
        kept = choices_of(store)["seed"]
        assert said == sorted((f"begun with {kept}", said[0]))
        assert f"begun with seed = {kept}, not {3 - kept}; give another folder" in said[0]


def test_finishing_reads_each_entry_of_the_manifest_a_few_times_however_many_there_are(
    undisturbed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []
    usual = Folder.read

    def noted(store: Folder, name: str) -> bytes:
        read.append(name)
        return usual(store, name)

    monkeypatch.setattr(Folder, "read", noted)
    store = Folder(str(undisturbed))
    entries = finish(store)
    assert len(entries) == len(manifest(store, shards_of(store)))
    assert max(map(read.count, read)) <= 5 < len(entries)


def test_a_file_url_is_a_folder(photos: Path, undisturbed: Path, tmp_path: Path) -> None:
    out = tmp_path / "in ü"
    assert isinstance(open_store(out.as_uri()), Folder)
    build(photos, out.as_uri())
    assert contents(out) == contents(undisturbed)


@pytest.mark.parametrize(
    "record",
    [{}, [], 5, {"shares": "x"}, {"recipes": 5}, {"recipes": [{"preset": 5}]}, {"crop": "x"}, {"photos_per_shard": 0}],
)
def test_a_strangers_record_is_refused_in_one_line(record: Any, undisturbed: Path, tmp_path: Path) -> None:
    out = tmp_path / "corpus"
    shutil.copytree(undisturbed, out)
    whole = json.loads((out / BUILD).read_text())
    (out / BUILD).write_text(json.dumps(whole | record if isinstance(record, dict) and record else record))
    with pytest.raises(CorpusError, match=r"build\.json is missing or damaged"):
        finish(Folder(str(out)))


@pytest.mark.parametrize(
    "change",
    [
        {"rows": "3"},
        {"split": "../.."},
        {"path": "../../elsewhere.parquet"},
        {"coverage": [1]},
        {"effects": []},
        {"rejected": [[1, 2]]},
    ],
)
def test_a_strangers_entry_of_the_manifest_counts_for_nothing(
    change: dict[str, Any], photos: Path, undisturbed: Path, tmp_path: Path
) -> None:
    out = tmp_path / "corpus"
    shutil.copytree(undisturbed, out)
    entry = next((out / ".foxing" / "shards").glob("train-00000*"))
    entry.write_text(json.dumps(json.loads(entry.read_text()) | change))
    with pytest.raises(CorpusError, match="train-00000"):
        finish(Folder(str(out)))
    build(photos, out)
    assert contents(out) == contents(undisturbed)
