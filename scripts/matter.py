"""Does it matter which preset a model learns from? The same small models, three presets, three seeds, foreign damage.

    make matter                                                    # 50 minutes of one core, shared by 2
    python scripts/matter.py ../shared/data --steps 20 --seeds 1   # whether all of it runs

A small detector and a small NAFNet learn from the same clean photos, degraded by one preset each. They are tried on
what none of the presets made: real photos with masks drawn by hand, clean photos under real dirt that another code
path laid on (matter_damage.py), and real old prints without a reference. Whatever breaks it off, run it again.
"""

import argparse
import csv
import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

from learn import labelled, machine, photo_of
from matter_control import CONTROL, MARKS, TONES, control
from matter_damage import overlaid
from matter_marks import marks
from matter_page import page
from matter_scores import OLD_SIDE, Natural, detector_scores, kept, restorer_scores

from degrade.corpus.reading import open_corpus
from degrade.io import picture_files, read_image, write_text
from degrade.pipeline_file import digest, to_toml
from degrade.presets import PRESETS as PIPELINES
from degrade.realism.measuring import fitted
from restore_models.hand_labels import LabelledFile

PRESETS = ("wan2020-code", "wan2020-paper", "old-print")


@dataclass(frozen=True, slots=True)
class Small:
    """A small model, and how it learns."""

    steps: int
    batch: int
    crop: int
    sets: tuple[str, ...]


MODELS = {
    "detector": Small(
        1500,
        4,
        96,
        (
            "rate=3e-3",
            "variation.zoom=1.2",
            "variation.grey=0.0",
            "variation.tone=0.0",
            "variation.noise=0.0",
            "variation.blur=0.0",
        ),
    ),
    "nafnet": Small(700, 4, 80, ("width=12", "encoder=[1,1,1]", "middle=1", "decoder=[1,1,1]", "window=144")),
}
"""The detector as in learn_plan.py: tones, noise and sharpness are not varied, so that the preset alone decides what is
learned. How long was chosen by what an hour of two cores has room for."""

LANES = 2
"""Trainings at once, on one core each."""

LAID, OLD = 40, 24
"""Photos under real dirt, and real old prints, that are tried."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What was asked for."""

    data: Path
    out: Path
    steps: int
    """Of each training, if not 0."""

    seeds: int
    presets: tuple[str, ...]

    def run(self, model: str, preset: str, seed: int) -> Path:
        """The folder of a training."""
        return self.out / "runs" / f"{model}-{preset}-{seed}"

    def corpus(self, preset: str, seed: int) -> Path:
        """The folder of a corpus."""
        return self.out / "corpora" / f"{preset}-{seed}"


def once(plan: Plan) -> tuple[str, ...]:
    """From what a detector alone learns, and with one seed: the control, and what it has its marks from."""
    return tuple(each for each in (CONTROL, MARKS) if TONES in plan.presets and each not in plan.presets)


def corpora(plan: Plan) -> list[tuple[str, int]]:
    """Preset and seed of each."""
    pairs = [(preset, seed) for seed in range(plan.seeds) for preset in plan.presets]
    return pairs + [(name, 0) for name in once(plan)]


def trainings(plan: Plan) -> list[tuple[str, str, int]]:
    """Model, preset and seed of each."""
    return [
        (model, preset, seed)
        for preset, seed in corpora(plan)
        for model in MODELS
        if model == "detector" or preset in plan.presets
    ]


def foxing(*words: str | Path) -> None:
    """Run a command of Foxing on one core."""
    done = subprocess.run(
        [sys.executable, "-m", "foxing", *map(str, words)], check=False, env=os.environ | {"OMP_NUM_THREADS": "1"}
    )
    if done.returncode:
        raise SystemExit(done.returncode)


def trained(plan: Plan, model: str, preset: str, seed: int) -> None:
    """A model, or go on, or find that it is trained."""
    small = MODELS[model]
    sets = [f"--set=model.{each}" for each in small.sets]
    sets += ["--set=training.log_every=50", "--set=training.check_every=250", "--set=training.checked=32"]
    words = ["--steps", str(plan.steps or small.steps), "--size", str(small.crop), "--batch", str(small.batch)]
    words += ["--seed", str(seed), "--device", "cpu", *sets]
    foxing("train", model, "--data", plan.corpus(preset, seed), "--out", plan.run(model, preset, seed), *words)


def built(plan: Plan, preset: str, seed: int) -> None:
    """A corpus; its photos are split by their names, alike for all presets and seeds."""
    chosen = ["--preset", preset]
    if preset == CONTROL:
        file = plan.out / f"{CONTROL}.toml"
        write_text(file, to_toml(control()))
        chosen = ["--pipeline", str(file)]
    words = [*chosen, "--size", "256", "--variants", "2", "--shares", "80,5,15", "--seed", str(seed)]
    foxing("degrade", "build", plan.data / "clean", plan.corpus(preset, seed), *words)


def held_out(plan: Plan) -> tuple[list[Path], list[Path]]:
    """Clean photos that no corpus has for learning, and those that all have."""
    files = picture_files(plan.data / "clean")
    splits = []
    for preset, seed in corpora(plan):
        rows = open_corpus(plan.corpus(preset, seed), "test")
        splits.append({str(pair.record["key"]) for pair in rows})
    test = set.intersection(*splits)
    learned = set(files).difference(*splits)
    return [files[key] for key in sorted(test) if key in files], [files[key] for key in sorted(learned)]


def scored(plan: Plan) -> dict[str, Any]:
    """All scores, photo by photo."""
    test, learned = held_out(plan)
    laid = overlaid(test[:LAID], plan.data / "textures" / "scratch", seed=0)
    laid = [each for each in laid if each.labelled.truth.any() and not each.labelled.truth.all()]
    drawn = [
        LabelledFile(Path(row["file"]).stem, photo_of(plan.data, row), plan.data / "old_masks" / row["file"]).read()
        for row in labelled(plan.data)
    ]
    old = prints(plan.data)[:OLD]
    clean = Natural.of(learned[:100])
    folder = plan.out / "scores"
    folder.mkdir(parents=True, exist_ok=True)
    scores: dict[str, Any] = {
        "detector untrained": kept(folder / "top-hat.json", "1", lambda: detector_scores(None, drawn, laid)),
        "nafnet untrained": kept(folder / "identity.json", "1", lambda: restorer_scores(None, laid, old, clean)),
        "clean": {"old-strangeness": {"mean": strange_clean(clean, test[:OLD])}},
    }
    for training in trainings(plan):
        run = plan.run(*training)
        by = (run / "weights" / "config.json").read_text("utf-8")
        print(f"matter: scoring {run.name}", file=sys.stderr)
        ask = detector_scores if training[0] == "detector" else restorer_scores
        rest = (drawn, laid) if training[0] == "detector" else (laid, old, clean)
        scores[run.name] = kept(folder / f"{run.name}.json", by, partial(ask, run, *rest))
    found = marks((*plan.presets, MARKS), test, laid, drawn)
    many = {"laid": len(laid), "drawn": len(drawn), "old": len(old), "learned": len(learned)}
    return {"scores": scores, "marks": found, **many}


def strange_clean(clean: Natural, photos: list[Path]) -> float:
    """What other clean photos have: nothing can be asked to have less."""
    found = [clean.strangeness(fitted(read_image(path), OLD_SIDE), path.stem) for path in photos]
    return sum(found) / len(found)


def prints(data: Path) -> list[Path]:
    """Real old prints."""
    with (data / "old" / "SOURCES.csv").open(encoding="utf-8", newline="") as file:
        return [data / "old" / row["file"] for row in csv.DictReader(file) if row["kind"] == "print"]


def asked(words: list[str]) -> tuple[Plan, Path]:
    """What was typed; and where the page goes."""
    parser = argparse.ArgumentParser(description="Whether the preset that a model learns from matters.")
    parser.add_argument("data", type=Path, help="the folder with clean/, old/, old_masks/ and textures/")
    parser.add_argument("--out", type=Path, default=Path("out/matter"))
    parser.add_argument("--page", type=Path, help="the tables as Markdown (OUT/MATTER.md), beside it matter.json")
    parser.add_argument("--steps", type=int, default=0, help="of each training, for a quick look")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--preset", action="append")
    typed = parser.parse_args(words)
    plan = Plan(typed.data, typed.out, typed.steps, typed.seeds, tuple(typed.preset or PRESETS))
    return plan, typed.page or typed.out / "MATTER.md"


def main(words: list[str]) -> int:
    """Do what is missing, and write the page."""
    plan, where = asked(words)
    lacking = [
        name for name in ("clean", "old", "old_masks/index.csv", "textures/scratch") if not (plan.data / name).exists()
    ]
    if lacking:
        print(f"matter: {plan.data}: no {', '.join(lacking)}; make matter DATA=FOLDER", file=sys.stderr)
        return 2
    with ThreadPoolExecutor(LANES) as lanes:
        for each in [lanes.submit(built, plan, *each) for each in corpora(plan)]:
            each.result()
        for each in [lanes.submit(trained, plan, *each) for each in trainings(plan)]:
            each.result()
    report = {
        "command": " ".join(["python scripts/matter.py", *words]),
        "machine": machine(),
        "seeds": plan.seeds,
        "presets": list(plan.presets),
        "once": list(once(plan)),
        "digests": {name: digest(PIPELINES[name]) for name in plan.presets},
        "models": {name: asdict(small) | {"steps": plan.steps or small.steps} for name, small in MODELS.items()},
    } | scored(plan)
    where.parent.mkdir(parents=True, exist_ok=True)
    write_text(where.with_suffix(".json"), json.dumps(report, indent=1) + "\n")
    write_text(where, page(report))
    print(f"{where}: written, with {where.with_suffix('.json').name}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
