"""What small models learn in minutes on a CPU: one corpus, equal time for rivals, scores on photos held out.

    make learn                                                       # at most 40 minutes on 2 cores
    python scripts/learn.py ../shared/data --minutes 2 --out out/quick     # whether all of it runs

The folder holds clean/ (clean photos), old/ (real old ones) and old_masks/ (masks drawn on some of those). Whatever
breaks it off, run it again: corpus, trainings and scores go on where they stopped. With `--only detector`, what
report.json there says of the restorers is kept. NAFNet, Pix2Pix and the triplet's own stages (two VAEs and the mapping)
get equal time; the triplet's detector comes on top of that, as does the detector that is scored by itself.
"""

import csv
import json
import os
import platform
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch
from learn_curves import curves
from learn_finds import detector_scores
from learn_page import page
from learn_plan import BATCH, CHECKED, CROP, MARKS, PRESETS, SETTINGS, Plan, asked
from learn_scores import restorer_scores

from degrade.io import picture_files, write_text


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
    sets += ["--set=training.log_every=20", f"--set=training.check_every={CHECKED[name]}", "--set=training.checked=64"]
    long = ["--steps", str(plan.steps)] if plan.steps else ["--max-minutes", str(plan.minutes_of(name))]
    words = [*long, "--size", str(CROP[name]), "--batch", str(BATCH[name])]
    out = plan.out / "runs" / name
    foxing("train", name, "--data", corpus, "--out", out, *words, "--seed", str(plan.seed), "--device", "cpu", *sets)


def scored(plan: Plan, corpus: Path | None, marks: Path, earlier: dict[str, Any]) -> dict[str, Any]:
    """All that can be scored so far; without the corpus of the restorers, what an earlier call wrote of them."""
    runs = {name: plan.out / "runs" / name for name in SETTINGS}
    done = {name: run for name, run in runs.items() if (run / "weights" / "config.json").exists()}
    restorers = {name: run for name, run in done.items() if name != "detector"}
    found = {
        "restorers": earlier.get("restorers"),
        "detectors": [],
        "runs": earlier.get("runs", {}) | {n: record(run) for n, run in done.items() if corpus or n in plan.only},
    }
    if corpus is not None:
        rows = restorer_scores(restorers, corpus, plan.out / "scores", plan.part)
        found["restorers"] = [asdict(row) for row in rows]
    if "detector" in done:
        drawn = [(row["file"], photo_of(plan.data, row)) for row in labelled(plan.data)]
        masks = [(photo, plan.data / "old_masks" / file) for file, photo in drawn]
        found["detectors"] = [asdict(row) for row in detector_scores(done["detector"], marks, masks, plan.part)]
    return found


def earlier_report(plan: Plan) -> dict[str, Any]:
    """What an earlier call into the same folder wrote, if there was one."""
    file = plan.out / "report.json"
    found: dict[str, Any] = json.loads(file.read_text("utf-8")) if file.exists() else {}
    return found


def photo_of(data: Path, row: dict[str, str]) -> Path:
    """The photo of a mask: among the old ones, or beside the mask where it was made smaller."""
    made_smaller = row["photo_file"].endswith(".photo.png")
    return data / ("old_masks" if made_smaller else "old") / row["photo_file"]


def record(run: Path) -> dict[str, Any]:
    """What is worth telling of a training."""
    said = json.loads((run / "weights" / "config.json").read_text("utf-8"))["record"]
    told = {name: said[name] for name in ("stages", "scores", "training", "perceptual")}
    return told | {"settings": [f"{name}={value_of(said['config'], name)}" for name in names_of(run.name)]}


def names_of(model: str) -> list[str]:
    """What is set for a model."""
    return [each.partition("=")[0] for each in SETTINGS[model]]


def value_of(config: dict[str, Any], name: str) -> str:
    """What a run had as a setting, whatever is set by now."""
    found: Any = config
    for part in name.split("."):
        found = found[part]
    return json.dumps(found, separators=(",", ":"))


def machine() -> str:
    """In general words."""
    versions = f"Python {platform.python_version()}, torch {torch.__version__.split('+')[0]}"
    return f"{os.cpu_count()} cores of an {platform.machine()} CPU, without a GPU, {versions}"


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
    earlier = earlier_report(plan)
    alone = plan.only == ("detector",) and "restorers" in earlier
    corpus = None if alone else built(plan, "corpus", PRESETS)
    marks = built(plan, "marks", MARKS)
    with ThreadPoolExecutor(plan.lanes) as lanes:
        longest_first = sorted(plan.only, key=plan.minutes_of, reverse=True)
        data = dict.fromkeys(SETTINGS, corpus or marks) | {"detector": marks}
        waiting = [lanes.submit(trained, plan, data[name], name) for name in longest_first]
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
    report |= scored(plan, corpus, marks, earlier)
    write_text(plan.out / "report.json", json.dumps(report, indent=1) + "\n")
    picture = where.with_name("learned.svg")
    write_text(picture, curves(plan.out / "runs"))
    write_text(where, page(report, picture.name))
    print(f"{where}: written, with {picture.name} and {plan.out / 'report.json'}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
