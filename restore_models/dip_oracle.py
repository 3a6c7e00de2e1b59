"""The deep image prior beside an oracle that sees the clean photo: how much a better stop could gain; see `dip`."""

from dataclasses import dataclass

import numpy as np

from degrade.types import Image, Mask
from restore_models.dip import DeepImagePrior
from restore_models.dip_fitting import Fit, Run, fitting
from restore_models.learning import psnr
from restore_models.network import as_image, as_tensor
from restore_models.restorer import ModelError, checked


@dataclass(frozen=True, slots=True, eq=False)
class WithOracle:
    """A fair result beside the one of an oracle: who has no clean photo could not have known when to stop for it."""

    restored: Image
    """The real thing: what `DeepImagePrior.restore` gives."""

    chosen: int
    """The step that the early stop chose."""

    psnr: float

    oracle_restored: Image
    """The picture nearest to the clean one of all that the fit went through. Never to be ranked with others."""

    oracle_chosen: int
    oracle_psnr: float


def restored_with_oracle(prior: DeepImagePrior, image: Image, clean: Image, mask: Mask | None = None) -> WithOracle:
    """The restored photo and, labelled, the best one on the way to it; the fit goes on to its last step.

    Raises:
        ModelError: the photos are not alike, or too large for one network.
    """
    checked(clean, None)
    job = prior.job(image, mask)
    if image.shape != clean.shape:
        raise ModelError(f"the clean photo is {clean.shape}, not {image.shape} as the degraded one")
    if not prior.whole(job):
        raise ModelError(f"{image.shape[1]} x {image.shape[0]} pixels: too large for the oracle; give a smaller photo")
    target = as_tensor(clean, prior.device)
    height, width = image.shape[:2]
    best, oracle = -np.inf, Fit(target, 0)
    with fitting():
        run = Run([job], prior.config, prior.device)
        while run.steps < run.way.iterations:
            run.advance()
            now = run.averages()[..., :height, :width]
            score = float(psnr(now, target))
            if score > best:
                best, oracle = score, Fit(now, run.steps)
        fair = run.fit(0)
    return WithOracle(
        as_image(fair.picture),
        fair.chosen,
        float(psnr(fair.picture, target)),
        as_image(oracle.picture),
        oracle.chosen,
        best,
    )
