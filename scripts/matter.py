"""Does it matter which preset a model learns from? The same small models, three presets, three seeds, foreign damage.

    make matter                                                    # 76 minutes on 2 cores that had other jobs too
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
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from learn import labelled, machine, photo_of
from matter_damage import overlaid
from matter_page import page
from matter_scores import Natural, detector_scores, kept, restorer_scores

from degrade.corpus.reading import open_corpus
from degrade.io import picture_files, write_text
from restore_models.hand_labels import LabelledFile

PRESETS = ("wan2020-code", "wan2020-paper", "old-print")

MODELS: dict[str, tuple[str, ...]] = {
    "detector": ("width=10", "growth=2.0", "halved=false"),
    "nafnet": ("width=12", "encoder=[1,1,1]", "middle=1", "decoder=[1,1,1]", "window=144"),
}

BATCH, CROP, LANES = 8, 80, 2

LAID, OLD = 40, 24
"""Photos under real dirt, and real old prints, that are tried."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What was asked for."""

    data: Path
    out: Path
    steps: int
    seeds: int
    presets: tuple[str, ...]

    def run(self, model: str, preset: str, seed: int) -> Path:
        """The folder of a training."""
        return self.out / "runs" / f"{model}-{preset}-{seed}"

    def corpus(self, preset: str, seed: int) -> Path:
        """The folder of a corpus."""
        return self.out / "corpora" / f"{preset}-{seed}"


def foxing(*words: str | Path) -> None:
    """Run a command of Foxing on one core."""
    done = subprocess.run(
        [sys.executable, "-m", "foxing", *map(str, words)], check=False, env=os.environ | {"OMP_NUM_THREADS": "1"}
    )
    if done.returncode:
        raise SystemExit(done.returncode)


def trained(plan: Plan, model: str, preset: str, seed: int) -> None:
    """A model, or go on, or find that it is trained."""
    sets = [f"--set=model.{each}" for each in MODELS[model]]
    sets += ["--set=training.log_every=50", "--set=training.check_every=250", "--set=training.checked=32"]
    words = ["--steps", str(plan.steps), "--size", str(CROP), "--batch", str(BATCH), "--seed", str(seed)]
    out = plan.run(model, preset, seed)
    foxing("train", model, "--data", plan.corpus(preset, seed), "--out", out, *words, "--device", "cpu", *sets)


def built(plan: Plan, preset: str, seed: int) -> None:
    """A corpus; its photos are split by their names, alike for all presets and seeds."""
    words = ["--preset", preset, "--size", "256", "--variants", "2", "--shares", "80,5,15", "--seed", str(seed)]
    foxing("degrade", "build", plan.data / "clean", plan.corpus(preset, seed), *words)


def held_out(plan: Plan) -> tuple[list[Path], list[Path]]:
    """Clean photos that no corpus has for learning, and those that all have."""
    files = picture_files(plan.data / "clean")
    splits = []
    for preset in plan.presets:
        for seed in range(plan.seeds):
            rows = open_corpus(plan.corpus(preset, seed), "test")
            splits.append({str(pair.record["key"]) for pair in rows})
    test = set.intersection(*splits)
    learned = set(files) - set.union(*splits)
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
    for preset in plan.presets:
        for seed in range(plan.seeds):
            for model in MODELS:
                run = plan.run(model, preset, seed)
                by = (run / "weights" / "config.json").read_text("utf-8")
                print(f"matter: scoring {run.name}", file=sys.stderr)
                ask = detector_scores if model == "detector" else restorer_scores
                rest = (drawn, laid) if model == "detector" else (laid, old, clean)
                scores[run.name] = kept(folder / f"{run.name}.json", by, lambda a=ask, r=run, x=rest: a(r, *x))
    return {"scores": scores, "laid": len(laid), "drawn": len(drawn), "old": len(old), "learned": len(learned)}


def strange_clean(clean: Natural, photos: list[Path]) -> float:
    """What other clean photos have: nothing can be asked to have less."""
    from matter_scores import OLD_SIDE, fitted, read_image  # noqa: PLC0415

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
    parser.add_argument("--steps", type=int, default=500)
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
    pairs = [(preset, seed) for seed in range(plan.seeds) for preset in plan.presets]
    with ThreadPoolExecutor(LANES) as lanes:
        for each in [lanes.submit(built, plan, *pair) for pair in pairs]:
            each.result()
        for each in [lanes.submit(trained, plan, model, *pair) for pair in pairs for model in MODELS]:
            each.result()
    report = {
        "command": " ".join(["python scripts/matter.py", *words]),
        "machine": machine(),
        "steps": plan.steps,
        "seeds": plan.seeds,
        "presets": list(plan.presets),
        "models": {name: list(sets) for name, sets in MODELS.items()},
        "batch": BATCH,
        "crop": CROP,
    } | scored(plan)
    where.parent.mkdir(parents=True, exist_ok=True)
    write_text(where.with_suffix(".json"), json.dumps(report, indent=1) + "\n")
    write_text(where, page(report))
    print(f"{where}: written, with {where.with_suffix('.json').name}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
