"""Small studies for tests, and raters that answer as they were told."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from small_suites import photo

from degrade.io import write_png
from leaderboards.study.answers import FORMAT, Sheet, given_of
from leaderboards.study.bradley_terry import chances
from leaderboards.study.design import UNTOUCHED, Load, Pair, plans
from leaderboards.study.key import Key

NAMES = ("alphamodel", "betamodel", "gammamodel")
"""Of studies with pictures."""

MODELS = ("a", "b", "c", "d")
"""Of studies without."""

Choose = Callable[[Pair], int]
"""0 for the first of a pair, 1 for a tie, 2 for the second."""


def restored_folders(root: Path, photos: int = 6) -> list[str]:
    """Folders of photos by model, and what names them on the console."""
    words = []
    for number in range(photos):
        write_png(root / "degraded" / f"photo{number}.png", photo(number, 64, 80))
    for place, name in enumerate(NAMES):
        for number in range(photos):
            picture = photo(number, 64, 80)
            picture[: 8 * (place + 1)] = 255 - picture[: 8 * (place + 1)]
            write_png(root / name / f"photo{number}.png", picture)
        words += ["--model", f"{name}={root / name}"]
    return ["--degraded", str(root / "degraded"), *words]


def made_key(models: tuple[str, ...], photos: int, raters: int, load: Load) -> Key:
    """A study without pictures."""
    pairs = [
        Pair(f"{photo}-{one}-{other}", "pair", str(photo), f"photo{photo}", models[one], models[other])
        for photo in range(photos)
        for one in range(len(models))
        for other in range(one + 1, len(models))
    ]
    pairs += [Pair(f"trap-{photo}", "trap", str(photo), f"photo{photo}", UNTOUCHED, "ruined") for photo in range(8)]
    of = {pair.key: pair for pair in pairs}
    return Key("study", "small:0", 0, models, of, tuple(plans("study", pairs, raters, load)), {})


def answered(key: Key, rater: int, choose: Choose, trap: Choose | None = None, session: str = "") -> dict[str, Any]:
    """What a rater hands in."""
    given = []
    for place, each in enumerate(key.plans[rater - 1]):
        pair = key.pairs[each.pair]
        right = 0 if pair.first == UNTOUCHED else 2
        outcome = choose(pair) if pair.kind == "pair" else trap(pair) if trap else right
        answer = "tie" if outcome == 1 else "left" if (outcome == 0) != each.swapped else "right"
        given.append({"trial": place, "pair": each.pair, "swapped": each.swapped, "answer": answer, "seconds": 2.5})
    head = {"format": FORMAT, "study": key.study, "rater": rater, "session": session or f"{rater:016x}"}
    return head | {"consent": True, "began": "", "ended": "", "answers": given}


def handed_in(folder: Path, data: Mapping[str, Any], name: str = "") -> Path:
    """The file of a rater."""
    path = folder / (name or f"answers-{data['rater']}.json")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(data), "utf-8")
    return path


def by_truth(key: Key, scores: Mapping[str, float], ties: float, rng: np.random.Generator) -> Choose:
    """A rater who follows Davidson's model with these scores."""

    def choose(pair: Pair) -> int:
        likely = chances(np.array([scores[pair.first], scores[pair.second]]), np.array(ties))[0]
        return int(rng.choice(3, p=likely))

    return choose


def sheet_of(key: Key, data: dict[str, Any]) -> Sheet:
    """What a rater handed in, as it is read."""
    return Sheet("", data["rater"], data["session"], given_of(data["answers"], key, data["rater"], ""))
