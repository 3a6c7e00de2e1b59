"""A site that the disk has no room for is not half built, and is named."""

import errno
import os
import resource
import signal
from pathlib import Path

import pytest

from foxing import main

Console = pytest.CaptureFixture[str]


def test_a_disk_without_room_names_the_site_and_leaves_nothing_of_it(
    root: Path, tmp_path: Path, capsys: Console
) -> None:
    out = tmp_path / "site"
    before, handler = resource.getrlimit(resource.RLIMIT_FSIZE), signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, before[1]))
        assert main(["leaderboard", "build", str(out), "--entries", str(root)]) == 1
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)
    assert f"{out}: {os.strerror(errno.EFBIG)}; make room" in capsys.readouterr().err
    assert not out.exists()
    assert {path.name for path in tmp_path.iterdir()} == {"entries"}
