"""How large photos may be: memory that is free, forecasts before a run, smaller tiles where it runs out."""

from pathlib import Path

import pytest
import torch
from small_photos import photo, weights

from foxing import main
from restore_models.memory import free_in_container, free_in_machine, largest
from restore_models.nafnet import NafNet


def test_a_photo_that_took_smaller_tiles_than_asked_for_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def starved(self: NafNet, degraded: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        if degraded.shape[-1] > 300:
            raise torch.OutOfMemoryError
        return degraded

    monkeypatch.setattr(NafNet, "forward", starved)
    source = photo(tmp_path / "wide.png", (32, 320))
    call = ["restore", str(weights(tmp_path / "run")), str(source), str(tmp_path / "out"), "--device", "cpu"]
    assert main(call) == 0
    said = f"foxing: {source}: out of memory; went on with tiles of 96 pixels"
    assert said in capsys.readouterr().err.splitlines()


def test_a_photo_that_needs_more_memory_than_is_free_is_said_before_it_runs(
    photos: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "meminfo").write_text("MemTotal: 9 kB\nMemAvailable:   1 kB\n", "ascii")
    monkeypatch.setattr("restore_models.memory.MEMINFO", tmp_path / "meminfo")
    run = weights(tmp_path / "run")
    assert main(["restore", str(run), str(photos), str(tmp_path / "out"), "--device", "cpu"]) == 0
    told = capsys.readouterr().err.splitlines()
    assert "but only 1.02e-06 GB are free" in told[0]
    assert "--tile 256" in told[0]


def test_free_memory_is_what_linux_and_the_container_say(tmp_path: Path) -> None:
    (tmp_path / "meminfo").write_text("MemTotal: 9 kB\nMemAvailable:   7 kB\n", "ascii")
    assert free_in_machine(tmp_path / "meminfo") == 7168
    assert free_in_machine(tmp_path / "none") is None
    for name, text in {
        "memory.max": "1000",
        "memory.current": "800",
        "memory.stat": "anon 5\ninactive_file 300",
    }.items():
        (tmp_path / name).write_text(text, "ascii")
    assert free_in_container(tmp_path) == 500
    (tmp_path / "memory.max").write_text("max\n", "ascii")
    assert free_in_container(tmp_path) is None


def test_the_largest_photo_is_told_by_the_heads_of_the_files(photos: Path) -> None:
    (photos / "broken.png").write_bytes(b"no picture")
    assert largest(photos.rglob("*.png")) == (44, 60)
    assert largest([photos / "broken.png"]) is None
