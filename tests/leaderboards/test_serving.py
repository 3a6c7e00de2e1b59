"""The site on an address of this machine alone: its pages, nothing outside of it, and nothing left behind."""

import http.client
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from foxing import main
from leaderboards import serving
from leaderboards.building import Built
from leaderboards.entry import EntryError
from leaderboards.serving import HOST, serve, server

Console = pytest.CaptureFixture[str]


@pytest.fixture
def address(tmp_path: Path) -> Iterator[tuple[str, int]]:
    """Of a server of a small folder."""
    (tmp_path / "index.html").write_text("<p>here</p>", "utf-8")
    (tmp_path / "data").mkdir()
    with server(tmp_path, 0) as serving_here:
        thread = threading.Thread(target=serving_here.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield str(serving_here.server_address[0]), int(serving_here.server_address[1])
        serving_here.shutdown()
        thread.join()


def asked(address: tuple[str, int], path: str) -> tuple[int, str, bytes]:
    connection = http.client.HTTPConnection(*address, timeout=10)
    connection.request("GET", path, headers={"Connection": "close"})
    answer = connection.getresponse()
    found = answer.status, answer.getheader("Content-Type", ""), answer.read()
    connection.close()
    return found


def test_pages_are_served_to_this_machine_alone(address: tuple[str, int]) -> None:
    assert address[0] == HOST == "127.0.0.1"
    assert asked(address, "/") == (200, "text/html; charset=utf-8", b"<p>here</p>")


def test_no_lists_of_files_and_nothing_outside_are_served(address: tuple[str, int], tmp_path: Path) -> None:
    assert asked(address, "/data/")[0] == 404
    (tmp_path.parent / "secret.txt").write_text("secret")
    assert asked(address, "/../secret.txt")[0] == 404
    assert asked(address, "/%2e%2e/secret.txt")[0] == 404


def test_a_port_that_is_taken_is_said_in_one_line(address: tuple[str, int], small_entries: Path) -> None:
    with pytest.raises(EntryError, match=rf"port {address[1]}: .*; give another with --port"):
        serve(small_entries, address[1], lambda *_: None)


def test_serve_says_the_address_and_leaves_nothing(
    small_entries: Path, monkeypatch: pytest.MonkeyPatch, capsys: Console
) -> None:
    places: list[Path] = []

    def interrupted(here: Built, address: str) -> None:
        places.append(here.out)
        assert address.startswith(f"http://{HOST}:")
        assert (here.out / "index.html").is_file()
        raise KeyboardInterrupt

    monkeypatch.setattr("leaderboards.cli_site.announce", interrupted)
    assert main(["leaderboard", "serve", "--port", "0", "--entries", str(small_entries)]) == 0
    assert "stopped" in capsys.readouterr().err
    assert not places[0].exists()
    assert serving.HOST == "127.0.0.1"
