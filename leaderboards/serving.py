"""A look at the site on this machine alone: built into a folder that goes away again, and served to a browser here."""

from collections.abc import Callable
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory

from leaderboards.building import Built, build
from leaderboards.entry import EntryError

HOST = "127.0.0.1"
"""Nobody else on the network sees it."""


class Quiet(SimpleHTTPRequestHandler):
    """Files of a folder, without a line for each."""

    protocol_version = "HTTP/1.1"

    extensions_map = SimpleHTTPRequestHandler.extensions_map | {
        ".webp": "image/webp",
        ".html": "text/html; charset=utf-8",
        ".md": "text/markdown; charset=utf-8",
    }

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name in the base class
        """Say nothing."""

    def end_headers(self) -> None:
        """Let no browser keep what the next build changes."""
        self.send_header("Cache-Control", "no-store")
        self.send_header("X-Content-Type-Options", "nosniff")
        super().end_headers()

    def list_directory(self, path: str) -> None:  # type: ignore[override]
        """No lists of files: every folder that is linked to has a page."""
        self.send_error(404, "No such page")


def server(folder: Path, port: int) -> ThreadingHTTPServer:
    """A server of a folder that already listens; 0 takes any free port.

    Raises:
        EntryError: the port is taken, or is none.
    """
    try:
        return ThreadingHTTPServer((HOST, port), partial(Quiet, directory=str(folder)))
    except (OSError, OverflowError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise EntryError(f"port {port}: {why}; give another with --port, 0 for any that is free") from None


def serve(root: Path, port: int, say: Callable[[Built, str], None]) -> None:
    """Build the site of all entries and serve it until somebody interrupts.

    Args:
        root: the folder of all entries.
        port: where to listen.
        say: told what was built and the address.

    Raises:
        EntryError: the port is taken, or an entry cannot be read.
        SuiteError: a file is damaged.
        OSError: the site cannot be written.
    """
    with TemporaryDirectory(prefix="foxing-") as held:
        folder = Path(held).resolve() / "site"
        with server(folder, port) as serving:  # first: it says at once where the port is taken
            found = build(root, folder)
            say(found, f"http://{HOST}:{serving.server_address[1]}/")
            serving.serve_forever(poll_interval=0.2)
