"""Outputs that an entry brings are scored again: whatever was swapped, left out or tampered with is caught."""

import json
import shutil
import struct
import zlib
from pathlib import Path

import pytest
from tampering import better, change, refused, verify

from leaderboards.entry import CHECKED
from leaderboards.reading import read_entry

Console = pytest.CaptureFixture[str]


def test_a_tampered_number_with_all_that_follows_is_caught_by_the_outputs(
    entry: Path, small_run: Path, capsys: Console
) -> None:
    change(entry, better)
    assert verify(entry) == 0
    words = (entry, "--level", 3, "--suite", small_run / "suite", "--outputs", small_run / "outputs")
    refused(capsys, "by psnr (whole): says", *words)
    assert read_entry(entry).badge == "consistent"
    assert json.loads((entry / CHECKED).read_text("utf-8"))["failed"] != []


def test_honest_outputs_are_scored_again(entry: Path, small_run: Path, capsys: Console) -> None:
    shutil.copytree(small_run / "outputs" / "median", entry / "outputs")
    assert verify(entry, "--level", 3, "--suite", small_run / "suite") == 0
    assert "re-scored" in capsys.readouterr().out
    checked = json.loads((entry / CHECKED).read_text("utf-8"))
    assert len(checked["items"]) == 9
    assert read_entry(entry).badge == "re-scored"
    assert verify(entry.parent / "identity", "--level", 3, "--suite", small_run / "suite") == 0


def test_a_swapped_output_is_caught(entry: Path, small_run: Path, capsys: Console) -> None:
    outputs = Path(shutil.copytree(small_run / "outputs" / "median", entry / "outputs"))
    shutil.copy(outputs / "Scratches-4" / "photo0.png", outputs / "GaussianNoise-3" / "photo0.png")
    said = "GaussianNoise-3/photo0: the output that was handed in is not the one that was scored"
    refused(capsys, said, entry, "--level", 3, "--suite", small_run / "suite")


def test_a_missing_output_is_caught_and_no_outputs_are_nobody_s_fault(
    entry: Path, small_run: Path, capsys: Console
) -> None:
    words = (entry, "--level", 3, "--suite", small_run / "suite")
    refused(capsys, "level 3 was not checked: no outputs", *words)
    assert json.loads((entry / CHECKED).read_text("utf-8"))["failed"] == []
    outputs = Path(shutil.copytree(small_run / "outputs" / "median", entry / "outputs"))
    (outputs / "none" / "photo1.png").unlink()
    refused(capsys, "none/photo1: no output", *words)


def test_an_output_that_unpacks_to_more_than_its_photo_is_not_unpacked(
    entry: Path, small_run: Path, capsys: Console
) -> None:
    outputs = Path(shutil.copytree(small_run / "outputs" / "median", entry / "outputs"))
    (outputs / "none" / "photo1.png").write_bytes(bomb(30_000, 30_000))
    refused(capsys, "30000 x 30000 = 900.0 megapixels", entry, "--level", 3, "--suite", small_run / "suite")


def bomb(width: int, height: int) -> bytes:
    """A PNG of few bytes that says it is large."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = zlib.compress(bytes(10_000), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
