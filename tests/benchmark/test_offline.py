"""Whether there is a network, whom the hub is asked for, and which weights were read."""

import os
import socket
import sys
from pathlib import Path
from types import ModuleType

import pytest

from benchmark import offline


def test_the_users_word_on_being_offline_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    assert offline.is_offline()
    monkeypatch.setenv("HF_HUB_OFFLINE", "0")
    assert not offline.is_offline()


def test_behind_a_proxy_it_is_the_proxy_that_must_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTPS_PROXY", "https_proxy", "NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    assert offline.gate() == ("huggingface.co", 443)
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:3128")
    assert offline.gate() == ("127.0.0.1", 3128)
    monkeypatch.setenv("no_proxy", "huggingface.co")
    assert offline.gate() == ("huggingface.co", 443)


def test_a_host_that_answers_is_told_from_one_that_does_not() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert offline.is_reachable("127.0.0.1", port)
    assert not offline.is_reachable("127.0.0.1", port)


def test_offline_the_switch_of_the_hub_is_set_and_put_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HF_HUB_OFFLINE", raising=False)
    hub = ModuleType("huggingface_hub.constants")
    hub.HF_HUB_OFFLINE = False  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "huggingface_hub.constants", hub)
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = server.getsockname()
        with offline.watched(offline=True):
            assert os.environ["HF_HUB_OFFLINE"] == "1"
            assert hub.HF_HUB_OFFLINE
            with pytest.raises(ConnectionError, match="nothing is fetched"):
                socket.create_connection(address)
        with offline.watched(offline=False):
            socket.create_connection(address).close()
    assert "HF_HUB_OFFLINE" not in os.environ
    assert not hub.HF_HUB_OFFLINE


def test_only_weights_that_are_read_inside_are_noted(tmp_path: Path) -> None:
    for name in ("a.pth", "b.pth", "words.txt"):
        (tmp_path / name).write_text("1")
    with offline.watched(offline=False) as files:
        (tmp_path / "a.pth").read_bytes()
        (tmp_path / "words.txt").read_bytes()
    (tmp_path / "b.pth").read_bytes()
    assert list(files) == [str(tmp_path / "a.pth")]
