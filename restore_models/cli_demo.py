"""The work behind `foxing demo`: photographs degraded, a corpus of them, and, where torch is there, two tiny models."""

from importlib.util import find_spec
from pathlib import Path

from degrade.cli_gallery import make_demo
from degrade.console import tell
from degrade.demo import CORPUS
from degrade.gallery_page import Beside

RESTORERS = Beside("restorers.html", "Restorers", "What classical restorers and two tiny trained ones make of a photo.")


def trains() -> bool:
    """Whether what models need is installed."""
    return all(find_spec(name) for name in ("torch", "pyarrow", "isal", "safetensors"))


def demonstrated(out: Path, beside: tuple[Beside, ...]) -> tuple[Path, dict[str, Path]]:
    """Write the gallery, a corpus and, where torch is there, what restorers do; the page, and trainings by model.

    Raises:
        MisuseError: there are no photos to show it on.
    """
    page = make_demo(out, beside)
    if not trains():
        tell("no torch, so no models are trained and scored: pip install 'foxing[models,leaderboards]' brings it")
        return page, {}
    import torch  # noqa: PLC0415 - an extra

    from restore_models.cli_watching import watching  # noqa: PLC0415 - needs torch
    from restore_models.demo import SMALL, write_restorers  # noqa: PLC0415

    tell("training two tiny models, to show that everything runs: under a minute")
    torch.set_num_threads(1)  # networks this small are no quicker on several cores, and much slower on busy ones
    with watching() as watcher:
        write_restorers(out, out / CORPUS, watcher)
    return page, {name: out / "runs" / name for name in SMALL}
