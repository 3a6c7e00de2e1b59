"""A control: a preset's tones with the marks of another, to tell which of them a detector learned more or less from."""

from dataclasses import replace

from degrade.pipeline import Pipeline
from degrade.presets import PRESETS
from degrade.presets.marks import EDGED
from degrade.priors import Group, Prior
from degrade.types import Defect

TONES, MARKS = "old-print", "marks"

CONTROL = "control"
"""What its corpus and its training are called; they have one seed."""


def control() -> Pipeline:
    """The tones of `old-print` and the marks of `marks`, laid where the former's own marks were first laid."""
    tones, marks = PRESETS[TONES], PRESETS[MARKS]
    own = [is_marking(step) for step in tones.steps]
    kept = tuple(step for step, marking in zip(tones.steps, own, strict=True) if not marking)
    at = own.index(True)  # nothing before it was taken away
    return replace(
        tones,
        name=CONTROL,
        steps=(*kept[:at], *EDGED, *kept[at:]),
        latents=tones.latents | {"mechanical": marks.latents["mechanical"]},
        about=f"{TONES} with the marks of {MARKS}",
    )


def is_marking(step: Prior | Group) -> bool:
    """Whether it, or anything in it, covers the photo."""
    if isinstance(step, Group):
        return any(is_marking(each) for each in step.members)
    return step.effect.defect != Defect.INTACT
