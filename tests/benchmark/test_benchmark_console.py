import csv
import json
from pathlib import Path

import pytest
import torch
from small_suites import small_suite, write_photos
from torch import Tensor, nn

from benchmark.contestants import Opening, entry_of
from benchmark.cost import cost, macs, measured
from benchmark.reporting import interval, markdown, row
from degrade.io import read_image, write_png
from foxing import main

TOML = """name = "mine"
photos = "clean"
metrics = ["psnr", "mae"]
[[damage]]
effect = "GaussianNoise"
severities = [3, 5]
"""


@pytest.fixture
def runs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    suite = small_suite(tmp_path).folder
    assert main(["benchmark", "run", "--suite", str(suite), "--model", "median", "--out", str(tmp_path / "runs")]) == 0
    capsys.readouterr()
    return tmp_path / "runs"


def test_a_suite_of_ones_own_is_made_run_and_run_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_photos(tmp_path / "clean")
    (tmp_path / "mine.toml").write_text(TOML, "utf-8")
    words = ["benchmark", "run", "--suite", str(tmp_path / "mine.toml"), "--model", "median"]
    assert main([*words, "--out", str(tmp_path / "runs"), "--json"]) == 0
    first = json.loads(capsys.readouterr().out)
    assert first["status"] == {"identity": {"ok": 9}, "median": {"ok": 9}}
    assert not (tmp_path / "runs" / "suite" / "degraded").exists()
    assert main([*words, "--out", str(tmp_path / "runs")]) == 0
    said = capsys.readouterr()
    assert "median: all there" in said.err
    assert "Standings by psnr, 9 items of 3 photos" in said.out
    (tmp_path / "mine.toml").write_text(TOML.replace("[3, 5]", "[4]"), "utf-8")
    assert main([*words, "--out", str(tmp_path / "runs")]) == 2
    assert "give another --out" in capsys.readouterr().err


def test_make_says_the_id_and_commits_to_a_private_split(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_photos(tmp_path / "clean")
    (tmp_path / "mine.toml").write_text(TOML, "utf-8")
    ids = []
    for name, words in (("public", []), ("private", ["--secret", str(tmp_path / "secret.json")])):
        out = tmp_path / name
        assert main(["benchmark", "make", str(tmp_path / "mine.toml"), str(out), "--json", *words]) == 0
        ids.append(json.loads(capsys.readouterr().out))
        lines = [json.loads(line) for line in (out / "metadata.jsonl").read_text("utf-8").splitlines()]
        assert all(
            (out / line["degraded_file_name"]).is_file() and (out / line["clean_file_name"]).is_file() for line in lines
        )
    assert ids[0]["suite_id"] != ids[1]["suite_id"]
    assert ids[0]["commitment"] == ""
    assert len(ids[1]["commitment"]) == 64
    secret = json.loads((tmp_path / "secret.json").read_text("utf-8"))
    assert secret["salt"] not in (tmp_path / "private" / "items.json").read_text("utf-8")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["make", "tinny", "out"], "no suite 'tinny'; did you mean tiny?"),
        (["make", "ladder", "out"], "suite ladder needs photos: give --photos DIR"),
        (["make", "ladder", "out", "--photos", "nowhere"], "--photos nowhere: no such folder"),
        (["run", "--suite", "tiny", "--model", "median", "--out", "out", "--retry", "never"], "--retry never: none of"),
        (["run", "--suite", "tiny", "--model", "m", "--out", "o", "--shard-index", "2"], "--num-shards 1: parts count"),
        (["merge", "nowhere"], "no sweep in it"),
        (["report", "nowhere"], "nowhere: no finished sweep"),
        (["export", "nowhere", "out.csv"], "nowhere: no finished sweep"),
        (["replay", "nowhere", "a", "b"], "nowhere: no finished sweep"),
    ],
)
def test_a_mistake_is_one_line_and_the_exit_code_2(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], words: list[str], said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["benchmark", *words]) == 2
    err = capsys.readouterr().err
    assert said in err
    assert err.count("\n") == 1


def test_a_model_that_is_not_there_leaves_no_trace(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    suite, out = small_suite(tmp_path).folder, tmp_path / "runs"
    words = ["benchmark", "run", "--suite", str(suite), "--out", str(out), "--model"]
    assert main([*words, "no.module:here"]) == 2
    assert "no module 'no' can be imported" in capsys.readouterr().err
    assert not (out / "run.json").exists()
    assert main([*words, "median"]) == 0


def test_a_failing_model_is_told_and_counted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    suite = small_suite(tmp_path).folder
    words = ["benchmark", "run", "--suite", str(suite), "--model", "bad@misbehaving:raises"]
    assert main([*words, "--out", str(tmp_path / "runs")]) == 1
    said = capsys.readouterr()
    assert "bad on GaussianNoise-3/photo0: error: RuntimeError: no luck today" in said.err
    assert "bad: 12 error of 12 items; they count as the untouched photo" in said.err
    assert said.err.endswith(
        "bad failed on all 12 items, first on GaussianNoise-3/photo0: error: RuntimeError: no luck today\n"
    )


def test_parts_are_merged(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    suite, out = small_suite(tmp_path).folder, tmp_path / "runs"
    words = ["benchmark", "run", "--suite", str(suite), "--model", "median", "--out", str(out), "--num-shards", "2"]
    assert main([*words, "--shard-index", "0"]) == 0
    assert main(["benchmark", "merge", str(out), "--suite", str(suite)]) == 2
    assert "answers missing" in capsys.readouterr().err
    assert main([*words, "--shard-index", "1"]) == 0
    assert "part 1 of 2 is done" in capsys.readouterr().out
    assert main(["benchmark", "merge", str(out), "--suite", str(suite), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["status"]["median"] == {"ok": 12}


def test_a_report_shows_every_model_and_the_same_as_markdown(runs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["benchmark", "report", str(runs), "--markdown", str(runs / "report.md")]) == 0
    said = capsys.readouterr()
    text = (runs / "report.md").read_text("utf-8")
    for name in ("identity", "median", "GaussianNoise", "psnr"):
        assert name in said.out
        assert name in text
    assert "small:" in text
    assert main(["benchmark", "report", str(runs), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == json.loads((runs / "summary.json").read_text("utf-8"))


def test_an_export_has_every_row(runs: Path, tmp_path: Path) -> None:
    assert main(["benchmark", "export", str(runs), str(tmp_path / "items.csv")]) == 0
    with (tmp_path / "items.csv").open(encoding="utf-8") as file:
        rows = [*csv.DictReader(file)]
    assert len(rows) == json.loads((runs / "run.json").read_text("utf-8"))["rows"]
    assert {row["status"] for row in rows} == {"ok"}


def test_a_replay_gives_the_same_and_shows_it(runs: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["benchmark", "replay", str(runs), "GaussianNoise-3/photo1", "median", "--suite", str(tmp_path / "suite")]
    assert main([*words, "--out", str(tmp_path / "replay"), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["same_output"]
    assert all(each["then"] == each["now"] for each in found["values"])
    assert {path.name for path in (tmp_path / "replay").iterdir()} == {
        f"{name}.png" for name in ("clean", "degraded", "difference", "mask", "output")
    }
    assert main([*words[:3], "GaussianNoise-3/photo9", *words[4:]]) == 2
    assert "did you mean GaussianNoise-3/photo" in capsys.readouterr().err


def test_a_doctor_forecasts_and_names_what_is_sick(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    suite = small_suite(tmp_path).folder
    words = ["benchmark", "doctor", "--suite", str(suite), "--json", "--model"]
    assert main([*words, "median"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [(each["model"], each["well"]) for each in found["models"]] == [("identity", True), ("median", True)]
    assert main([*words, "misbehaving:wrong_size"]) == 1
    assert "shape: gave (39, 48, 3)" in capsys.readouterr().err


def test_a_doctor_goes_on_where_a_metric_cannot_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    photos, plan = write_photos(tmp_path / "clean"), tmp_path / "mine.toml"
    plan.write_text(TOML, "utf-8")
    words = ["benchmark", "doctor", "--suite", str(plan), "--photos", str(photos), "--model", "median"]
    assert main([*words, "--metric", "pyiqa-none", "--metric", "ssimm", "--json"]) == 1
    said = capsys.readouterr()
    found = json.loads(said.out)
    able = {each["name"]: each["problem"] for each in found["metrics"]}
    assert list(able) == ["psnr", "mae", "pyiqa-none", "ssimm"]
    assert able["psnr"] == able["mae"] == ""
    assert able["ssimm"] == "suite mine: no metric 'ssimm'; did you mean ssim?"
    assert all(each["well"] for each in found["models"])
    assert "pyiqa-none: " in said.err
    assert ", and 1 more" in said.err
    assert main([*words, "--metric", "ssim"]) == 0
    assert "3 of 3 metrics can run" in capsys.readouterr().out


def test_multiply_adds_are_those_counted_by_hand() -> None:
    class Network(nn.Module):
        grid = 4
        device = torch.device("cpu")

        def __init__(self) -> None:
            super().__init__()
            self.first = nn.Conv2d(4, 8, 3, padding=1)
            self.second = nn.Conv2d(8, 3, 1)

        def forward(self, degraded: Tensor, mask: Tensor) -> Tensor:
            found: Tensor = self.second(self.first(torch.cat([degraded, mask], 1)))
            return found

    assert macs(Network(), 30) == 4 * 8 * 9 + 8 * 3


def test_a_cost_has_times_and_memory_and_no_parameters_where_there_are_none() -> None:
    found = measured(entry_of("median"), "restore", Opening(), 64)
    assert found.parameters is None
    assert found.seconds_low is not None
    assert found.seconds_per_megapixel is not None
    assert 0 < found.seconds_low <= found.seconds_per_megapixel


def test_a_model_that_fails_costs_nobody_knows_what() -> None:
    found = cost(entry_of("misbehaving:raises"), "restore", Opening(), 32)
    assert found["seconds_per_megapixel"] is None
    assert "no luck today" in found["error"]


def test_an_interval_is_shown_where_there_is_one() -> None:
    assert interval({"value": 1.25, "low": 1.0, "high": 1.5}, 1) == "1.2 [1.0, 1.5]"
    assert interval({"value": 1.25, "low": None, "high": None}, 2) == "1.25"
    assert interval(None, 2) == "-"
    assert row(("a|b", "c")) == "| a\\|b | c |"
    assert "small:1" in markdown([], {"suite_id": "small:1"})


def test_a_suite_with_a_wrong_picture_stops_the_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = small_suite(tmp_path)
    path = made.path("photos", "photo0")
    write_png(path, 255 - read_image(path))
    words = ["benchmark", "run", "--suite", str(made.folder), "--model", "median", "--out", str(tmp_path / "runs")]
    assert main(words) == 2
    assert "photo0.png: its pixels are not those of suite small:" in capsys.readouterr().err
