import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from small_corpus import built

from degrade.corpus.build import finish
from degrade.corpus.plan_files import CorpusError
from degrade.corpus.push import STALE, PushError, push

pytest.importorskip("pyarrow")
hub = pytest.importorskip("huggingface_hub")


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    where = tmp_path_factory.mktemp("push") / "corpus"
    finish(built(where).store)
    (where / "data" / ".train-00000.parquet.x.tmp").write_bytes(b"half")
    return where


class Hub:
    """Takes what is sent and sends nothing."""

    def __init__(self, refuses: Exception | None = None) -> None:
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.refuses = refuses

    def create_repo(self, repo_id: str, **given: Any) -> Any:
        self.calls.append(("create", {"repo_id": repo_id, **given}))
        if self.refuses:
            raise self.refuses
        return hub.RepoUrl(f"https://huggingface.co/datasets/{repo_id}")

    def upload_folder(self, **given: Any) -> None:
        self.calls.append(("upload", given))


class RefusalError(Exception):
    """An answer of the Hub's that is a no."""

    response = "403"


@pytest.fixture
def online(monkeypatch: pytest.MonkeyPatch) -> Hub:
    there = Hub()
    monkeypatch.setattr(hub, "HfApi", lambda: there)
    monkeypatch.setattr(hub.constants, "HF_HUB_OFFLINE", False)
    monkeypatch.setattr(hub, "get_token", lambda: "token")
    return there


def test_the_whole_corpus_is_sent_but_what_is_half_written(corpus: Path, online: Hub) -> None:
    pushed = push(corpus, "user/name", private=True, dry_run=False)
    (_, made), (_, sent) = online.calls
    assert made == {"repo_id": "user/name", "repo_type": "dataset", "private": True, "exist_ok": True}
    assert sent["folder_path"] == corpus
    assert sent["delete_patterns"] == STALE
    assert pushed.url == "https://huggingface.co/datasets/user/name"
    names = [name for name, _ in pushed.files]
    kept = list(
        hub.utils.filter_repo_objects(
            (path.relative_to(corpus).as_posix() for path in corpus.rglob("*") if path.is_file()),
            ignore_patterns=sent["ignore_patterns"],
        )
    )
    assert sorted(kept) == names
    assert {"README.md", "rejected.csv", ".foxing/build.json", "assets/coverage.png"} <= set(names)
    assert not any(name.endswith(".tmp") for name in names)


def test_a_dry_run_asks_nobody_and_lists_sizes(corpus: Path, online: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub, "get_token", lambda: None)
    pushed = push(corpus, "user/name", private=False, dry_run=True)
    assert online.calls == []
    assert pushed.url == ""
    assert pushed.bytes == sum(path.stat().st_size for path in corpus.rglob("*") if path.is_file()) - len(b"half")


def test_what_a_clone_from_the_hub_has_beside_the_corpus_is_not_listed(corpus: Path, tmp_path: Path) -> None:
    clone = shutil.copytree(corpus, tmp_path / "clone")
    for folder in (".git/refs", ".cache/huggingface"):
        (clone / folder).mkdir(parents=True)
        (clone / folder / "main").write_text("x")
    assert push(clone, "user/name", private=False, dry_run=True) == push(
        corpus, "user/name", private=False, dry_run=True
    )


def test_what_stands_in_the_way_is_one_clear_line(corpus: Path, online: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    def said() -> str:
        with pytest.raises(PushError) as caught:
            push(corpus, "user/name", private=False, dry_run=False)
        assert "\n" not in str(caught.value)
        return str(caught.value)

    online.refuses = ConnectionError("no route\nto host")
    assert said() == "user/name: no route to host; check the connection, and run it again"
    online.refuses = RefusalError("403: you have no rights")
    assert said() == "user/name: 403: you have no rights"
    monkeypatch.setattr(hub, "get_token", lambda: None)
    assert "hf auth login" in said()
    monkeypatch.setattr(hub.constants, "HF_HUB_OFFLINE", True)
    assert "HF_HUB_OFFLINE" in said()
    monkeypatch.setitem(sys.modules, "huggingface_hub", None)
    assert "pip install" in said()


@pytest.mark.parametrize("name", ["", "name", "a/b/c", "bad name/x", "user/", "https://huggingface.co/user/name"])
def test_a_name_that_the_hub_has_not_is_refused_before_anything_is_sent(name: str, corpus: Path, online: Hub) -> None:
    with pytest.raises(CorpusError, match="no name of a dataset on the Hub; write it as user/name"):
        push(corpus, name, private=False, dry_run=True)
    assert online.calls == []


def test_an_unfinished_corpus_is_not_sent(tmp_path: Path, online: Hub) -> None:
    with pytest.raises(CorpusError, match="no corpus"):
        push(tmp_path, "user/name", private=False, dry_run=True)
    made = built(tmp_path / "corpus")
    with pytest.raises(PushError, match=r"README\.md"):
        push(tmp_path / "corpus", "user/name", private=False, dry_run=True)
    finish(made.store)
    made.store.remove(made.entries[0].path)
    with pytest.raises(PushError, match=made.entries[0].path):
        push(tmp_path / "corpus", "user/name", private=False, dry_run=False)
    assert online.calls == []


def test_the_command_says_so_in_one_line_where_it_is_offline(corpus: Path) -> None:
    words = [sys.executable, "-m", "foxing", "degrade", "push", str(corpus), "user/name"]
    away = os.environ | {"HF_HUB_OFFLINE": "1", "HF_TOKEN": "hf_none"}
    run = subprocess.run(words, capture_output=True, text=True, check=False, env=away)
    assert (run.returncode, run.stderr) == (1, "foxing: HF_HUB_OFFLINE is set, so nothing can be pushed; unset it\n")
    run = subprocess.run([*words, "--dry-run"], capture_output=True, text=True, check=False, env=away)
    assert run.stdout.splitlines()[-1].startswith("would go to user/name: ")
