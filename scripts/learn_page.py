"""The page that `make learn` writes, and its table: from the report alone, so that no number is typed by hand."""

from collections.abc import Sequence
from typing import Any

from tables import grid

Row = dict[str, Any]

AUPRC = 0.6
"""To be reached on synthetic pairs."""


def page(report: Row, picture: str) -> str:
    """As Markdown."""
    parts = [
        "# What small models learn in minutes on a CPU",
        f"Made by `{report['command']}` on {report['machine']}; `make learn` does it again. No weights are kept.",
        _setting(report),
        "## Restoration",
        _restorers(report["restorers"]),
        "Means over photos; in brackets what 95 of 100 draws of as many photos, with replacement, lie between. Gains "
        "are against the degraded photo, photo by photo. SSIM has the Gaussian window of Wang et al. 2004. Rows marked "
        "*told* were given the exact mask of the damage, which nobody has of a real photo.",
        *_detectors(report["detectors"]),
        "## Aims",
        grid(("aim", "found", "met"), aims(report)),
        "## Curves",
        f"![Validation scores over minutes of training]({picture})",
        "Scores of the averaged weights on crops of the validation photos, over the minutes since the training began; "
        "the triplet's is that of its last stage, and begins when both VAEs have had their time.",
        *_triplet(report),
        "## What this says, and what it does not",
        _says(report),
    ]
    return "\n\n".join(parts) + "\n"


def _setting(report: Row) -> str:
    restorers = report["restorers"]
    photos = f"{restorers[0]['photos']} photos in {restorers[0]['pairs']} pairs"
    presets = _named(report["presets"])
    lines = [
        f"Clean photos were degraded by the presets {presets}, both of them mixtures of what covers a photo "
        "(scratches, creases, stains, losses) and of what changes all of it (fading, yellowing, blur, noise, JPEG). Of "
        f"the photos 80 % were learned from, 5 % drew the curves, and these scores are of {photos} of 256 px from the "
        "other 15 %. The real photos with masks drawn by hand were kept out of what the triplet's first stage sees. "
        f"The detector that is scored by itself learned from the same photos degraded by {_named(report['marks'])}, "
        "and its synthetic pairs are the held-out photos degraded by that, one of each.",
        grid(("trained", "minutes", "steps of each stage", "batch and crop", "settings"), _trainings(report)),
        "NAFNet, Pix2Pix and the triplet's own stages (both VAEs and the mapping) had equal time; the triplet's "
        "detector came on top. " + _perceptual(report),
    ]
    return "\n\n".join(lines)


def _named(presets: Sequence[str]) -> str:
    return " and ".join(f"`{name}`" for name in presets)


def _trainings(report: Row) -> list[Sequence[str]]:
    found: list[Sequence[str]] = []
    for name, run in report["runs"].items():
        stages, training = run["stages"], run["training"]
        minutes = sum(stage["seconds"] for stage in stages.values()) / 60
        steps = ", ".join(f"{stage} {note['steps']}" for stage, note in stages.items())
        size = f"{training['batch']} of {training['size']} px"
        found.append((name, f"{minutes:.1f}", steps, size, ", ".join(f"`{each}`" for each in run["settings"])))
    return found


def _perceptual(report: Row) -> str:
    triplet = report["runs"].get("triplet")
    return f"The perceptual loss was: {triplet['perceptual']}." if triplet else ""


def _restorers(rows: Sequence[Row]) -> str:
    head = ("restorer", "PSNR in dB", "gain in dB", "better", "SSIM", "gain", "s/MP")
    cells = []
    for row in rows:
        identity = row["name"] == "identity"
        cells.append(
            (
                "identity (the degraded photo)" if identity else f"{row['name']}{', told' if row['told_mask'] else ''}",
                interval(row["psnr"], 2),
                "" if identity else interval(row["psnr_gain"], 2, signed=True),
                "" if identity else f"{row['better']:.0%}",
                interval(row["ssim"], 3),
                "" if identity else interval(row["ssim_gain"], 3, signed=True),
                f"{row['seconds_per_megapixel']:.2g}",
            )
        )
    return grid(head, cells)


def _detectors(rows: Sequence[Row]) -> list[str]:
    if not rows:
        return []
    head = ("on", "photos", "finder", "AUC", "AUPRC", "gain in AUC", "gain in AUPRC", "pooled AUC, AUPRC", "defects")
    cells = []
    for row in rows:
        first = row["name"] == rows[0]["name"]
        gains = ("", "") if first else tuple(interval(row[f"{what}_gain"], 3, signed=True) for what in ("auc", "auprc"))
        scores = interval(row["auc"], 3), interval(row["auprc"], 3)
        pooled = f"{row['pooled_auc']:.3f}, {row['pooled_auprc']:.3f}"
        cells.append((row["on"], str(row["photos"]), row["name"], *scores, *gains, pooled, f"{row['share']:.1%}"))
    said = (
        "Means over photos, gains against the first row photo by photo; *pooled* is over all pixels together. The "
        "detector learned from synthetic damage alone. A defect is a pixel that a mark covers by 30 % or more. One "
        "covered by between 5 and 30 %, as at the soft edges of most marks, counts neither way, and the detector was "
        "told nothing of it; where every pixel counts, it is an intact one. Of real photos, pixels that the annotator "
        "left open do not count. The plain top-hat is the sum of the light and the dark one; the light one alone is "
        "the better rival on real photos."
    )
    return ["## Detection", grid(head, cells), said]


def aims(report: Row) -> list[Sequence[str]]:
    """What was to be reached, what was found, and whether it was."""
    found: list[Sequence[str]] = []
    for name in ("nafnet", "pix2pix"):
        row = next((row for row in report["restorers"] if row["name"] == name), None)
        if row is not None:
            gain = row["psnr_gain"]
            found.append(
                (f"{name} beats the degraded photo", f"{interval(gain, 2, signed=True)} dB", yes(gain["low"] > 0))
            )
    ours = {row["on"]: row for row in report["detectors"] if row["name"] == "detector"}
    for on, row in ours.items():
        if on.startswith("synthetic"):
            pooled = row["pooled_auprc"]
            found.append((f"AUPRC {AUPRC} on {on}, pooled", f"{pooled:.3f}", yes(pooled >= AUPRC)))
    real = next((row for on, row in ours.items() if on.startswith("real")), None)
    if real is not None:
        for what in ("auc", "auprc"):
            mean, gain = real[what]["mean"], real[f"{what}_gain"]
            name = f"mean {what.upper()} on real photos above the plain top-hat's"
            said = f"{mean:.3f}, which is {interval(gain, 3, signed=True)}"
            found.append((name, said, yes(gain["mean"] > 0)))
    return found


def yes(met: bool) -> str:
    return "yes" if met else "no"


def _triplet(report: Row) -> list[str]:
    run = report["runs"].get("triplet")
    if run is None:
        return []
    stages, scores = run["stages"], run["scores"]
    return [
        "## The triplet, and why",
        f"VAE-B, from whose codes the triplet draws every photo, gives even clean validation crops back at only "
        f"{scores['vae-b']:.1f} dB after its {stages['vae-b']['steps']} steps, VAE-A degraded ones at "
        f"{scores['vae-a']:.1f} dB after {stages['vae-a']['steps']}; the mapping, which learns on top of both, reached "
        f"{scores['mapping']:.1f} dB. That first number is the ceiling of the chain: it has no way around the codes, "
        "while NAFNet and Pix2Pix may pass on what is good already. A reproduction of the published model, trained "
        "for 20 epochs at full width, gives 24.3 dB there. What the triplet aims at is what looks right, by "
        "discriminators and a perceptual loss, and photos whose damage no preset knows; PSNR on synthetic pairs does "
        "not measure that.",
    ]


def _says(report: Row) -> str:
    return "\n".join(
        (
            "- Where a gain's interval lies above 0, a model learned from synthetic damage what helps photos that it "
            "has not seen, damaged in the same manner: data, losses and loop work from end to end.",
            "- It does not rank the architectures. They are a fraction of their published sizes, saw small crops for "
            "minutes, and were trained once, with one seed: differences between learned rows may be those of size, "
            "rate or luck.",
            "- Test damage comes from the same presets as the damage learned from. How much of a gain carries over to "
            "real old photos, PSNR cannot say; only the detector was held against real ones, 15 of them, whose masks "
            "one annotator drew: differences below 0.03 AUC mean nothing there.",
            "- Intervals are over photos, not over trainings.",
            "- Pix2Pix has ten times the paper's weight of the L1 term and five times its rate: with the paper's, it "
            "ended below the degraded photo after as many minutes, since its discriminator takes away more than the "
            "U-Net gains. That, sizes and crops were chosen by half a dozen short runs looked at on these same photos, "
            "which flatters the learned rows a little. The masks drawn by hand chose nothing but the preset `marks`, "
            "whose first detector was looked at on them once.",
            "- The detector's layout, batch, rate, losses and variation were chosen by some twenty short runs looked "
            "at on the 11 validation photos alone: under `marks`, under presets that it did not learn from, and under "
            "real dirt laid on. It is taught without the variation that `foxing train` gives by default, for which "
            "minutes are too few.",
        )
    )


def interval(estimate: Row, digits: int, *, signed: bool = False) -> str:
    """The mean and what it lies between."""
    sign = "+" if signed else ""
    mean, low, high = (format(estimate[name], f"{sign}.{digits}f") for name in ("mean", "low", "high"))
    return f"{mean} [{low}, {high}]"
