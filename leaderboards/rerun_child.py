"""The other process of a re-run: it gives up what it does not need, and only then opens the model and asks it.

It speaks by files alone, which the process that started it reads with care: a pipe of Python objects would let the
model run code there.
"""

import json
import sys
from pathlib import Path

from leaderboards.confinement import confine

JOB, CONFINED, ANSWERS = "job.json", "confined.txt", "answers.json"


def main(folder: Path) -> None:
    """Answer the questions in a folder."""
    job = json.loads((folder / JOB).read_text("utf-8"))
    held = confine(job["seconds"], job["memory"])
    (folder / CONFINED).write_text(held, "utf-8")

    from benchmark.attempts import Question, in_process  # noqa: PLC0415 - they start threads
    from benchmark.contestants import Opening, entry_of  # noqa: PLC0415
    from degrade.console import one_line  # noqa: PLC0415
    from degrade.io import read_image, write_png  # noqa: PLC0415
    from restore_models.restorer import ModelError  # noqa: PLC0415

    try:
        model = in_process(entry_of(job["what"]), job["task"], Opening(job["device"], job["tile"], 0.0))
    except ModelError as error:
        (folder / ANSWERS).write_text(json.dumps({"problem": one_line(str(error))}), "utf-8")
        return
    answers = []
    for number, each in enumerate(job["questions"]):
        image = read_image(folder / f"{number}-image.png")
        mask = read_image(folder / f"{number}-mask.png")[..., 0] if each["mask"] else None
        attempt = model.attempt(Question(each["item"], image, mask, each["seed"]))
        if attempt.status == "ok":
            write_png(folder / f"{number}-output.png", attempt.output)
        answers.append({"status": attempt.status, "error": attempt.error, "threshold": float(attempt.threshold)})
        (folder / ANSWERS).write_text(json.dumps({"answers": answers}), "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
