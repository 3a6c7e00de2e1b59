"""How often `foxing leaderboard for` sees what was done to a photo: clean photos from elsewhere, one damage each.

    python scripts/judge_likeness.py SUITE_FOLDER CLEAN_FOLDER --every 9 [--detector CHECKPOINT]

The damage is the suite's own kinds and severities, with other random numbers, on photos that the suite does not have.
"""

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from folders import holding

from benchmark.cases import Base, asked_item, damaged
from benchmark.materials import opened_suite
from benchmark.suite import Damage, Suite
from degrade.effects import EFFECTS
from degrade.io import picture_files, pixel_digest, read_image
from degrade.types import Image, Mask
from leaderboards.ailing import statistics_of
from leaderboards.fingerprint import Fingerprint, taken
from leaderboards.likeness import place_of, weights
from restore_models.resolve import network_in

SEED = 7


def main() -> None:
    asked = arguments()
    materials = opened_suite(asked.suite)
    found = taken(materials)
    detector = network_in(asked.detector, "auto", -1) if asked.detector else None
    photos = list(picture_files(asked.clean).values())[:: asked.every]
    places: dict[str, dict[str, list[int]]] = {}
    for path in photos:
        for how, defect, place in judged(found, materials.suite, path.stem, read_image(path), detector):
            places.setdefault(how, {}).setdefault(defect, []).append(place)
    for how, by in places.items():
        every = np.concatenate([*by.values()])
        print(
            f"{how}: {len(every)} photos, {len(by)} kinds; true one first {share(every, 1)}, in three {share(every, 3)}"
        )
        for defect, each in sorted(by.items()):
            print(f"  {defect}: {share(np.array(each), 1)}, {share(np.array(each), 3)}")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("suite", type=holding())
    parser.add_argument("clean", type=holding())
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--detector", type=Path)
    return parser.parse_args()


def judged(found: Fingerprint, suite: Suite, name: str, photo: Image, detector: Any) -> Iterator[tuple[str, str, int]]:
    base = Base(name, photo, pixel_digest(photo))
    for damage in damages_of(suite):
        case = damaged(asked_item(SEED, damage, 0, base), photo)
        masks: dict[str, Mask | None] = {"without a mask": None, "with the true mask": case.mask}
        if detector is not None:
            masks["with the detector's mask"] = detector.binary(detector.detect(case.degraded))
        for how, mask in masks.items():
            row = statistics_of(case.degraded, found.side, mask)
            model, sure = found.of(masked=mask is not None)
            likely = weights(model.distances(row[None]), model.cells, sure.temperature)[0]
            yield how, damage.name, place_of(likely, model.cells, damage.name)


def damages_of(suite: Suite) -> list[Damage]:
    effects = {each.__name__ for each in EFFECTS}
    cells = sorted({(item.defect, item.severity) for item in suite.items}, key=str)

    def damage(name: str, severity: int | None) -> Damage:
        if severity == 0:
            return Damage("none", name, 0)
        return Damage("effect" if name in effects else "preset", name, severity)

    return [damage(*cell) for cell in cells]


def share(places: Any, first: int) -> str:
    return f"{np.mean(places < first):.0%}"


if __name__ == "__main__":
    main()
