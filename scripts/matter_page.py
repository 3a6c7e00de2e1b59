"""The page of the experiment: means over photos and seeds, differences between presets, with intervals."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from tables import grid

DRAWS = 10_000

QUESTIONS = {
    "detector": {
        "real-auc": ("AUC, real photos", 3, True),
        "real-auprc": ("AUPRC, real photos", 3, True),
        "laid-auc": ("AUC, real dirt laid on", 3, True),
        "laid-auprc": ("AUPRC, real dirt laid on", 3, True),
    },
    "nafnet": {
        "laid-gain": ("gain in dB, real dirt laid on", 2, True),
        "old-strangeness": ("strangeness of restored old prints", 3, False),
    },
}
"""What is asked of which model: in words, digits, and whether more is better."""

Table = np.ndarray
"""(seeds, photos)."""


def page(report: Mapping[str, Any]) -> str:
    """All of it."""
    presets = report["presets"]
    sizes = {name: LENGTH.format(**small) for name, small in report["models"].items()}
    said = {"digests": ", ".join(f"`{digest}`" for digest in report["digests"].values())}
    parts = [OPENING.format(**{**report, **sizes, **said}, names=", ".join(f"`{name}`" for name in presets))]
    for model, questions in QUESTIONS.items():
        for question, (title, digits, more) in questions.items():
            tables = {preset: table(report, model, preset, question) for preset in presets}
            parts.append(
                f"### {title} ({'more' if more else 'less'} is better)\n\n"
                + levels(report, model, question, tables, digits)
            )
            parts.append(differences(tables, digits))
    parts.append(CLOSING.format(clean=report["scores"]["clean"]["old-strangeness"]["mean"]))
    parts += [MARKS, marks(report["marks"])]
    return "\n\n".join(parts) + "\n"


def table(report: Mapping[str, Any], model: str, preset: str, question: str) -> Table:
    """The values of a preset's models."""
    rows = [report["scores"][f"{model}-{preset}-{seed}"][question] for seed in range(report["seeds"])]
    return np.array([[row[key] for key in sorted(row)] for row in rows])


def levels(report: Mapping[str, Any], model: str, question: str, tables: Mapping[str, Table], digits: int) -> str:
    """Each preset's mean, and that of each seed; first what needs no training."""
    floor = report["scores"][f"{model} untrained"][question]
    name = "the light top-hat" if model == "detector" else "the untouched photo"
    rows = [[name, interval(np.array([[floor[key] for key in sorted(floor)]]), digits), ""]]
    for preset, values in tables.items():
        rows.append(
            [f"`{preset}`", interval(values, digits), ", ".join(f"{each:.{digits}f}" for each in values.mean(axis=1))]
        )
    for preset in report["once"] if model == "detector" else ():
        values = np.array([list(report["scores"][f"{model}-{preset}-0"][question].values())])
        rows.append([ONCE.get(preset, f"`{preset}`, one seed"), interval(values, digits), ""])
    return grid(("learned from", "mean over photos and seeds", "by seed"), rows)


def differences(tables: Mapping[str, Table], digits: int) -> str:
    """The last preset against each other, photo by photo."""
    *others, last = tables
    rows = [[f"`{last}` - `{other}`", interval(tables[last] - tables[other], digits, "+")] for other in others]
    return grid(("difference", "mean"), rows)


def marks(sets: Mapping[str, Mapping[str, Any]]) -> str:
    """What each preset's marks are like, and those that judge."""
    rows = [[name, f"{each['area']:.1%}", f"{each['photos']:.0%}", *likeness(each)] for name, each in sets.items()]
    return grid(HEADS, rows)


def likeness(each: Mapping[str, Any]) -> list[str]:
    """All but how many there are."""
    if "kinds" not in each:
        return [""] * (len(HEADS) - 3)
    unseen = "" if each["unseen"] is None else f"{each['unseen']:.0%}"
    many = [f"{kind} {share:.0%}" for kind, share in each["kinds"].items() if share >= FEW]
    return [
        f"{each['width']:.0f}",
        f"{each['lighter']:.0%}",
        f"{each['contrast']:.0f}",
        f"{each['stand out']:.0%}",
        unseen,
        ", ".join(f"{score:.2f}" for score in each["top-hat"]),
        ", ".join(many),
    ]


FEW = 0.03
"""Share of the marks' area below which a kind is not named."""

HEADS = (
    "marks of",
    "area",
    "photos with some",
    "width in px",
    "lighter than around",
    "contrast in levels",
    "stand out",
    "change less than 8 levels",
    "AUC, AUPRC of the light top-hat",
    "kinds by area",
)


def interval(values: Table, digits: int, sign: str = "") -> str:
    """The mean, and between what it lies in 95 of 100 draws of as many photos and as many seeds, with replacement."""
    draw = np.random.default_rng(0)
    seeds, photos = values.shape
    found = [
        values[np.ix_(draw.integers(0, seeds, seeds), draw.integers(0, photos, photos))].mean() for _ in range(DRAWS)
    ]
    low, high = np.percentile(found, (2.5, 97.5))
    return f"{values.mean():{sign}.{digits}f} [{low:{sign}.{digits}f}, {high:{sign}.{digits}f}]"


ONCE = {"control": "`old-print` with the marks of `marks`, one seed"}

LENGTH = "{steps} steps of {batch} crops of {crop} px"

OPENING = """# Does it matter which preset a model learns from?

Made by `{command}` on {machine}; `make matter` does it again.

The same small detector ({detector}) and the same small NAFNet
({nafnet}) learned from the same clean photos, degraded by
{names} (pipelines {digests});
{seeds} times each, with other damage and other beginnings.
They are tried on what none of the presets made:

- {drawn} real photos whose damage was drawn by hand; what the annotator left open does not count;
- {laid} clean photos that nothing was learned from, under real dust, hair and scratches that another code path laid on
  after it had softened, faded and grained them (scripts/matter_damage.py);
- {old} real old prints, of which nobody has a clean version: *strangeness* is how far the restored photo lies from
  clean photos by statistics of noise, texture, spectrum and edges, in standard deviations. It is in the manner of
  NIQE, and not NIQE.

The released chain of degradations, `wan2020-code`, makes no marks at all: what a detector has from it, it has from
empty masks, and its rows are there to show that.

In brackets is what 95 of 100 draws of photos and of seeds, both with replacement, lie between. Three seeds are few:
their part of an interval is rough. A detector that learned once, with one seed, from the tones of `old-print` under
the marks of `marks`, and another from `marks` itself, are a control: which of the two, tones or
marks, makes the difference."""

MARKS = """### What there was to find

The photos that nothing was learned from, their middles degraded once by each preset, beside those that judge; `marks`
is the preset made for detectors. *Contrast* is the median of how far a mark's pixel is from the mean of the intact ones
around, in a window of 31 px; it *stands out* where that is twice their standard deviation or more. *Change* is against
the same without the marks, which nobody has of real photos."""

CLOSING = """Other clean photos have a strangeness of {clean:.3f}: less than that is not asked for."""
