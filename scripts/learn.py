"""What small models learn in minutes on a CPU: one corpus, equal time for rivals, scores on photos held out.

    make learn                                                       # at most 40 minutes on 2 cores
    python scripts/learn.py ../shared/data --minutes 2 --out out/quick     # whether all of it runs

The folder holds clean/ (clean photos), old/ (real old ones) and old_masks/ (masks drawn on some of those). Whatever
breaks it off, run it again: corpus, trainings and scores go on where they stopped. NAFNet, Pix2Pix and the triplet's
own stages (two VAEs and the mapping) get equal time; the triplet's detector comes on top of that, as does the detector
that is scored by itself.
"""

import argparse
import csv
import json
import os
import platform
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from learn_finds import detector_scores
from learn_page import curves, page
from learn_scores import restorer_scores

from degrade.io import picture_files, write_text
from restore_models.triplet import MODEL as TRIPLET

PRESETS = ("medium", "severe")
"""Both mix what covers a photo (scratches, creases, stains, losses) with what changes all of it (fading, yellowing,
blur, noise, JPEG)."""

MARKS = ("marks",)
"""For the detector: what has an edge, and often; in the others half of the damaged area is stains that end nowhere."""

SETTINGS: dict[str, tuple[str, ...]] = {
    "nafnet": ("width=16", "encoder=[1,1,2]", "middle=2", "decoder=[1,1,1]", "window=144"),
    "pix2pix": ("width=24", "depth=5", "rate=1e-3", "l1_weight=1000.0"),
    "detector": ("width=12",),
    "triplet": ("width=32", "mapping_width=64", "critic_width=16", "blocks=2", "detector.width=12"),
}
"""Small enough for a thousand steps in minutes of two cores. In so few, Pix2Pix's discriminator takes away more than
the U-Net gains (the validation score falls from step 400 on with the paper's lambda of 100), so lambda is 1000."""

CROP = {"nafnet": 96, "pix2pix": 64, "detector": 96, "triplet": 64}
"""Pixels: smaller where discriminators take their time too."""

BATCH = 8

FULL = 50.0
"""Minutes of training, all models' together, from which on nothing else is made smaller."""

LANES = 2
"""Trainings at once, on one core each: networks this small gain little from a second one."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What was asked for."""

    data: Path
    out: Path
    minutes: float
    only: tuple[str, ...]
    rivals: float
    """Share of the time of each of the three rivals, against `detector`."""

    detector: float
    seed: int
    command: str

    def minutes_of(self, name: str) -> float:
        """Of one training; what the triplet's detector takes comes on top of its share."""
        stages = TRIPLET.stages
        whole = sum(each.share for each in stages)
        triplet = self.rivals * whole / sum(each.share for each in stages if each.name != "detector")
        shares = {"nafnet": self.rivals, "pix2pix": self.rivals, "triplet": triplet, "detector": self.detector}
        return round(self.minutes * shares[name] / sum(shares.values()), 3)

    @property
    def part(self) -> float:
        """How much of everything else is done."""
        return min(1.0, self.minutes / FULL)


def foxing(*words: str | Path) -> None:
    """Run a command of Foxing on one core, and leave as it does where it fails."""
    own = os.environ | {"OMP_NUM_THREADS": "1"}
    done = subprocess.run([sys.executable, "-m", "foxing", *map(str, words)], check=False, env=own)
    if done.returncode:
        sys.exit(done.returncode)


def built(plan: Plan, name: str, presets: tuple[str, ...]) -> Path:
    """A corpus. Real old photos that judge the detector are kept out of what the triplet learns from."""
    corpus, listed = plan.out / name, plan.out / "old.txt"
    judges = {Path(row["file"]).stem for row in labelled(plan.data)}
    kept = [path for path in picture_files(plan.data / "old").values() if path.stem not in judges]
    write_text(listed, "".join(f"{path.resolve()}\n" for path in kept))
    words = [word for each in presets for word in ("--preset", each)]
    sizes = ["--size", "256", "--variants", str(max(1, round(4 * plan.part))), "--shares", "80,5,15"]
    foxing("degrade", "build", plan.data / "clean", corpus, *words, *sizes, "--old", listed, "--seed", str(plan.seed))
    return corpus


def labelled(data: Path) -> list[dict[str, str]]:
    """What there is to know of the masks drawn by hand."""
    with (data / "old_masks" / "index.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def trained(plan: Plan, corpus: Path, name: str) -> None:
    """Train a model, or go on, or find that it is trained."""
    sets = [f"--set=model.{each}" for each in SETTINGS[name]]
    sets += ["--set=training.log_every=20", "--set=training.check_every=100", "--set=training.checked=64"]
    words = ["--max-minutes", str(plan.minutes_of(name)), "--size", str(CROP[name]), "--batch", str(BATCH)]
    out = plan.out / "runs" / name
    foxing("train", name, "--data", corpus, "--out", out, *words, "--seed", str(plan.seed), "--device", "cpu", *sets)


def scored(plan: Plan, corpus: Path, marks: Path) -> dict[str, Any]:
    """All that can be scored so far."""
    runs = {name: plan.out / "runs" / name for name in SETTINGS}
    done = {name: run for name, run in runs.items() if (run / "weights" / "config.json").exists()}
    restorers = {name: run for name, run in done.items() if name != "detector"}
    found = {
        "restorers": [asdict(row) for row in restorer_scores(restorers, corpus, plan.out / "scores", plan.part)],
        "detectors": [],
        "runs": {name: record(run) for name, run in done.items()},
    }
    if "detector" in done:
        drawn = [(row["file"], photo_of(plan.data, row)) for row in labelled(plan.data)]
        masks = [(photo, plan.data / "old_masks" / file) for file, photo in drawn]
        found["detectors"] = [asdict(row) for row in detector_scores(done["detector"], marks, masks, plan.part)]
    return found


def photo_of(data: Path, row: dict[str, str]) -> Path:
    """The photo of a mask: among the old ones, or beside the mask where it was made smaller."""
    made_smaller = row["photo_file"].endswith(".photo.png")
    return data / ("old_masks" if made_smaller else "old") / row["photo_file"]


def record(run: Path) -> dict[str, Any]:
    """What is worth telling of a training."""
    said = json.loads((run / "weights" / "config.json").read_text("utf-8"))["record"]
    told = {name: said[name] for name in ("stages", "scores", "training", "perceptual")}
    return told | {"settings": list(SETTINGS[run.name])}


def machine() -> str:
    """In general words."""
    versions = f"Python {platform.python_version()}, torch {torch.__version__.split('+')[0]}"
    return f"{os.cpu_count()} cores of an {platform.machine()} CPU, without a GPU, {versions}"


def asked(words: list[str]) -> tuple[Plan, Path]:
    """What was typed; and where the page goes."""
    parser = argparse.ArgumentParser(description="Train small models for minutes, and score them on photos held out.")
    parser.add_argument("data", type=Path, help="the folder with clean/, old/ and old_masks/")
    parser.add_argument("--out", type=Path, default=Path("out/learn"))
    parser.add_argument("--page", type=Path, help="the table as Markdown (OUT/LEARNED.md)")
    parser.add_argument(
        "--minutes",
        type=float,
        default=FULL,
        help="of all trainings together, two of which run at once; the rest shrinks with it",
    )
    parser.add_argument("--only", action="append", choices=list(SETTINGS), help="train this alone; may be repeated")
    parser.add_argument("--rivals", type=float, default=8, help="share of NAFNet, of Pix2Pix, of the triplet, each")
    parser.add_argument("--detector", type=float, default=5, help="share of the detector")
    parser.add_argument("--seed", type=int, default=0)
    typed = parser.parse_args(words)
    command = " ".join(["python scripts/learn.py", *words])
    only = tuple(typed.only or SETTINGS)
    plan = Plan(typed.data, typed.out, typed.minutes, only, typed.rivals, typed.detector, typed.seed, command)
    return plan, typed.page or typed.out / "LEARNED.md"


def main(words: list[str]) -> int:
    """Do what is missing, and write report.json, the page and the curves beside it."""
    plan, where = asked(words)
    lacking = [name for name in ("clean", "old", "old_masks/index.csv") if not (plan.data / name).exists()]
    if lacking:
        print(
            f"learn: {plan.data}: no {', '.join(lacking)}; make learn DATA=FOLDER says where they are", file=sys.stderr
        )
        return 2
    plan.out.mkdir(parents=True, exist_ok=True)
    corpus, marks = built(plan, "corpus", PRESETS), built(plan, "marks", MARKS)
    with ThreadPoolExecutor(LANES) as lanes:
        longest_first = sorted(plan.only, key=plan.minutes_of, reverse=True)
        waiting = [lanes.submit(trained, plan, marks if n == "detector" else corpus, n) for n in longest_first]
        for each in waiting:
            each.result()
    report = {
        "command": plan.command,
        "machine": machine(),
        "presets": list(PRESETS),
        "marks": list(MARKS),
        "seed": plan.seed,
    }
    report["minutes"] = {name: plan.minutes_of(name) for name in SETTINGS}
    report |= scored(plan, corpus, marks)
    write_text(plan.out / "report.json", json.dumps(report, indent=1) + "\n")
    picture = where.with_name("learned.svg")
    write_text(picture, curves(plan.out / "runs"))
    write_text(where, page(report, picture.name))
    print(f"{where}: written, with {picture.name} and {plan.out / 'report.json'}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
