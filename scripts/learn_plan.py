"""What `make learn` does: presets, sizes, steps and minutes, and how much of it was asked for."""

import argparse
from dataclasses import dataclass
from pathlib import Path

from restore_models.triplet import MODEL as TRIPLET

PRESETS = ("medium", "severe")
"""Both mix what covers a photo (scratches, creases, stains, losses) with what changes all of it (fading, yellowing,
blur, noise, JPEG)."""

MARKS = ("marks",)
"""For the detector: what has an edge, and often; in the others half of the damaged area is stains that end nowhere."""

SETTINGS: dict[str, tuple[str, ...]] = {
    "nafnet": ("width=16", "encoder=[1,1,2]", "middle=2", "decoder=[1,1,1]", "window=144"),
    "pix2pix": ("width=24", "depth=5", "rate=1e-3", "l1_weight=1000.0"),
    "detector": (
        "rate=3e-3",
        "doubtful=0.05",
        "balance=negatives",
        "beta=10.0",
        "overlap=0.3",
        "mirrored=true",
        "variation.zoom=1.0",
        "variation.grey=0.0",
        "variation.tone=0.0",
        "variation.noise=0.0",
        "variation.blur=0.0",
    ),
    "triplet": ("width=32", "mapping_width=64", "critic_width=16", "blocks=2"),
}
"""Small enough for a thousand steps in minutes of two cores. In so few, Pix2Pix's discriminator takes away more than
the U-Net gains (the validation score falls from step 400 on with the paper's lambda of 100), so lambda is 1000. The
detector has no time for more variation than its preset makes. It is told nothing of the soft rims of marks, its loss
is balanced, and the focal loss counts more than the Dice loss: otherwise it finds as much of `marks`, and less of
damage that it was not shown."""

CROP = {"nafnet": 96, "pix2pix": 64, "detector": 96, "triplet": 64}
"""Pixels: smaller where discriminators take their time too."""

BATCH = {"nafnet": 8, "pix2pix": 8, "detector": 4, "triplet": 8}
"""The detector, whose crops hold thousands of pixels to judge each, learns more of twice the steps."""

CHECKED = {"nafnet": 100, "pix2pix": 100, "detector": 250, "triplet": 100}
"""Steps between looks at the validation photos: half a minute to a minute on an idle machine."""

FULL = 52.0
"""Minutes of training, all models' together, from which on nothing else is made smaller: the detector's and a rival's
take 28 in one lane, the triplet's and the other rival's 24 beside it; corpora and scores have the rest of 40."""

LANES = 2
"""Trainings at once unless something else is asked for, on one core each: networks this small gain little from two."""


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
    steps: int
    """Of each stage, if not 0, however long that takes."""

    seed: int
    lanes: int
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
    parser.add_argument("--steps", type=int, default=0, help="of each stage, instead of minutes: beside other work")
    parser.add_argument("--rivals", type=float, default=8, help="share of NAFNet, of Pix2Pix, of the triplet, each")
    parser.add_argument("--detector", type=float, default=12.4, help="share of the detector")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--lanes", type=int, choices=(1, 2, 3, 4), default=LANES, help="trainings at once")
    typed = parser.parse_args(words)
    command = " ".join(["python scripts/learn.py", *words])
    only = tuple(typed.only or SETTINGS)
    shares = typed.rivals, typed.detector
    plan = Plan(typed.data, typed.out, typed.minutes, only, *shares, typed.steps, typed.seed, typed.lanes, command)
    return plan, typed.page or typed.out / "LEARNED.md"
