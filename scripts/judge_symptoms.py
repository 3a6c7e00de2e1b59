"""What `foxing leaderboard for` calls wrong with clean photos, and how often it sees single effects.

    python scripts/judge_symptoms.py [CLEAN_FOLDER] [--severity 3] [--effects GaussianNoise Scratches ...]

Without a folder: the photographs that come with scikit-image.
"""

import argparse

import numpy as np
from folders import holding

from degrade.effects import EFFECTS
from degrade.io import picture_files, read_image
from degrade.recipe import Recipe
from degrade.severity import at_severity
from degrade.types import Image
from leaderboards.symptoms import SYMPTOMS, symptoms

SHIPPED = ("astronaut", "camera", "chelsea", "coffee", "rocket", "coins", "moon")

TEXTURES = ("page", "text", "retina", "brick", "grass", "gravel", "hubble_deep_field", "immunohistochemistry")

SEED = 11


def main() -> None:
    reader = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reader.add_argument("clean", type=holding(), nargs="?")
    reader.add_argument("--severity", type=int, default=3)
    reader.add_argument("--effects", nargs="*", default=sorted({name for each in SYMPTOMS for name in each.effects}))
    asked = reader.parse_args()
    if asked.clean is None:
        photos = shipped(SHIPPED)
        for name, photo in shipped(TEXTURES).items():
            print(f"{name} (no usual photo): {said(photo) or 'nothing'}")
    else:
        photos = {path.stem: read_image(path) for path in picture_files(asked.clean).values()}
    wrong = {name: said(photo) for name, photo in photos.items()}
    for name, words in wrong.items():
        if words:
            print(f"{name}, clean: {words}")
    print(f"clean: {sum(not words for words in wrong.values())} of {len(wrong)} with nothing wrong")
    for effect in EFFECTS:
        if effect.__name__ in asked.effects:
            right, any_ = [], []
            for photo in photos.values():
                step = at_severity(effect, asked.severity, seed=SEED, short_side=min(photo.shape[:2]))
                shown = [each.symptom for each in symptoms(Recipe((step,)).apply(photo).image)]
                right.append(any(effect.__name__ in each.effects for each in shown))
                any_.append(bool(shown))
            print(
                f"{effect.__name__}: seen as what it is {sum(right)}, as something wrong {sum(any_)} of {len(photos)}"
            )


def said(photo: Image) -> str:
    return "; ".join(f"{each.symptom.key} {each.value:.2f}" for each in symptoms(photo))


def shipped(names: tuple[str, ...]) -> dict[str, Image]:
    from skimage import data  # noqa: PLC0415 - slow

    found = {}
    for name in names:
        picture = np.atleast_3d(getattr(data, name)())[..., :3]
        found[name] = np.ascontiguousarray(np.broadcast_to(picture, (*picture.shape[:2], 3)).astype(np.uint8))
    return found


if __name__ == "__main__":
    main()
