"""The report: the gap beside its references, as plain data, as lines to read, and as what its page needs."""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from statistics import median
from typing import Any

import numpy as np

from degrade.realism.features import ByNetwork, by_network, by_network_in_halves, rows
from degrade.realism.gap import TREES, Gap, Say, Trees, gap, halves
from degrade.realism.measuring import Measured
from degrade.realism.ranks import Estimate
from degrade.realism.tells import Tell
from degrade.record import versions

SYNTHETIC, CLEAN, REAL = "synthetic against real", "clean against real", "real against real"


@dataclass(frozen=True, slots=True, eq=False)
class Side:
    """One set of photos."""

    name: str
    """The place as it was typed."""

    photos: tuple[Measured, ...]
    largest: int
    """Shorter side to which larger photos were made smaller; 0 for none."""

    left_out: int = 0
    """Photos that could not be read, or are smaller than a patch."""

    @property
    def shorter_side(self) -> int:
        """The median in pixels, before photos were made smaller."""
        return round(median(min(photo.size) for photo in self.photos))


@dataclass(frozen=True, slots=True, eq=False)
class Report:
    """What one run found."""

    real: Side
    synthetic: Side
    clean: Side | None
    main: Gap
    references: tuple[Gap, ...]
    """Real against real, and clean against real where there are clean photos."""

    seed: int
    network: str = ""
    """Whose features were compared too; nothing where none were."""

    by_network: tuple[ByNetwork, ...] = ()
    """Of the same comparisons."""

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """All comparisons, the one that was asked for first."""
        return (self.main, *self.references)

    @property
    def warnings(self) -> tuple[str, ...]:
        """What else than age may tell the sets apart, or keep them from being told apart."""
        sides = {"real": self.real, "synthetic": self.synthetic} | ({"clean": self.clean} if self.clean else {})
        pictures = {name: {_picture(photo) for photo in side.photos} for name, side in sides.items()}
        found = [
            f"{name} photos that are copies of others: {copies} of {len(side.photos)}; they say nothing new: "
            "leave them out"
            for name, side in sides.items()
            if (copies := len(side.photos) - len(pictures[name]))
        ]
        found += [
            f"{name} photos that are real ones too, to the pixel: {shared}; these tell nothing apart, check the folders"
            for name in ("synthetic", "clean")
            if (shared := len(pictures.get(name, set()) & pictures["real"]))
        ]
        ours, theirs = sorted(side.shorter_side for side in (self.real, self.synthetic))
        if theirs > 1.5 * ours and ours < (self.real.largest or theirs):
            sizes = f"{self.real.shorter_side} pixels on the shorter side, synthetic ones {self.synthetic.shorter_side}"
            found.append(f"real photos have {sizes} (medians): part of the gap is their size; bring both to one size")
        return tuple(found)


def _picture(photo: Measured) -> tuple[tuple[int, ...], bytes]:
    """What copies of one picture have alike."""
    return photo.size, photo.shown.tobytes() + photo.detail.tobytes()


def reported(  # noqa: PLR0913, PLR0917 - three sets, and how they are compared
    real: Side, synthetic: Side, clean: Side | None, seed: int, say: Say, trees: Trees = TREES, network: str = ""
) -> Report:
    """Compare synthetic photos with real ones, and the references with them.

    Args:
        real: real old photos.
        synthetic: degraded ones.
        clean: what those were made from, or photos like it.
        seed: of folds, forests, halves and resamplings.
        say: told what is done next.
        trees: of the forests; those of halves have fewer.
        network: whose features the photos have; nothing where they have none.

    Raises:
        ValueError: its features cannot be compared.
    """
    say(f"comparing {len(synthetic.photos)} synthetic photos with {len(real.photos)} real ones")
    main = gap(SYNTHETIC, real.photos, synthetic.photos, seed, trees)
    say("comparing halves of the real ones")
    references = [halves(REAL, real.photos, seed, Trees(-(-trees.every // 3), -(-trees.family // 4)))]
    if clean is not None:
        say(f"comparing {len(clean.photos)} clean ones with the real ones")
        references.append(gap(CLEAN, real.photos, clean.photos, seed, trees))
    distances = _by_network(real, synthetic, clean, seed, network) if network else ()
    return Report(real, synthetic, clean, main, tuple(references), seed, network, distances)


def _by_network(real: Side, synthetic: Side, clean: Side | None, seed: int, network: str) -> tuple[ByNetwork, ...]:
    sides = [side for side in (real, synthetic, clean) if side]
    found = rows([photo.features for side in sides for photo in side.photos if photo.features is not None], network)
    ends = np.cumsum([len(side.photos) for side in sides])
    ours, *others = np.split(found, ends[:-1])
    titles = (SYNTHETIC, CLEAN)
    first, *rest = (by_network(title, ours, each) for title, each in zip(titles, others, strict=False))
    return (first, by_network_in_halves(REAL, ours, seed), *rest)


def as_data(report: Report) -> dict[str, Any]:
    """The report for programs; numbers to four places."""
    sides = {"real": report.real, "synthetic": report.synthetic, "clean": report.clean}
    return {
        "sides": {name: _side_data(side) for name, side in sides.items() if side is not None},
        "seed": report.seed,
        "largest": report.real.largest,
        "warnings": list(report.warnings),
        "comparisons": [_gap_data(each) for each in report.gaps],
        "network": {"features": report.network, "comparisons": [each.as_data() for each in report.by_network]},
        "versions": versions() | {"scikit-learn": version("scikit-learn")},
    }


def _side_data(side: Side) -> dict[str, Any]:
    return {
        "where": side.name,
        "photos": len(side.photos),
        "left_out": side.left_out,
        "shorter_side": side.shorter_side,
        "keys": [photo.key for photo in side.photos],
    }


def _gap_data(each: Gap) -> dict[str, Any]:
    return {
        "title": each.title,
        "photos": list(each.photos),
        "forest": _estimate_data(each.forest),
        "logistic": _estimate_data(each.logistic),
        "mmd2": {"value": round(each.discrepancy.value, 4), "p": round(each.discrepancy.p, 4)},
        "families": [
            {
                "name": family.name,
                "forest": _estimate_data(family.forest),
                "logistic": _estimate_data(family.logistic),
                "best_statistic": round(family.best, 4),
                "apart": round(family.apart, 4),
                "diversity": round(family.diversity, 4),
            }
            for family in each.families
        ],
        "tells": [
            {
                "statistic": tell.name,
                "family": tell.family,
                "words": tell.words,
                "sign": 1 if tell.area > 0.5 else -1,
                "auc": round(tell.area, 4),
                "apart": round(tell.apart, 4),
                "real": [round(value, 4) for value in tell.first],
                "other": [round(value, 4) for value in tell.second],
                "change": tell.advice,
            }
            for tell in each.tells
        ],
    }


def _estimate_data(estimate: Estimate) -> dict[str, float]:
    return {
        "auc": round(estimate.value, 4),
        "low": round(max(0.0, estimate.low), 4),
        "high": round(min(1.0, estimate.high), 4),
    }


def as_text(report: Report) -> str:
    """The report as lines to read."""
    lines = [f"{'':24}{'forest AUC':>22}{'logistic AUC':>22}{'MMD^2':>8}{'p':>8}"]
    lines += [
        f"{each.title:24}{_interval(each.forest):>22}{_interval(each.logistic):>22}"
        f"{each.discrepancy.value:8.2f}{each.discrepancy.p:8.3f}"
        for each in report.gaps
    ]
    lines += ["", f"{'forest AUC by family':24}" + "".join(f"{each.title.split()[0]:>11}" for each in report.gaps)]
    lines[-1] += f"{'apart':>11}{'diversity':>11}"
    by_family = [{family.name: family for family in each.families} for each in report.gaps]
    for family in report.main.families:
        areas = "".join(f"{each[family.name].forest.value:11.2f}" for each in by_family)
        lines.append(f"  {family.name:22}{areas}{family.apart:11.1f}{family.diversity:11.2f}")
    if report.network:
        lines += ["", f"{f'by {report.network}':24}{'KID':>11}{'95 %':>24}{'FID':>11}{'photos':>14}"]
        lines += [
            f"  {each.title:22}{each.kernel.value:11.4g}{each.interval:>24}{each.frechet:11.4g}"
            f"{f'{each.photos[1]} and {each.photos[0]}':>14}"
            for each in report.by_network
        ]
    lines += ["", *_tells(report.main.tells)]
    return "\n".join([*lines, *(f"mind: {each}" for each in report.warnings)])


def _tells(found: Sequence[Tell]) -> list[str]:
    if not found:
        return ["nothing stands out, statistic by statistic"]
    lines = ["what gives the synthetic photos away, the worst first (AUC alone; means apart in standard deviations):"]
    for tell in found:
        lines += [
            f"  {tell.strength:.2f}{tell.apart:6.1f}  {tell.words} ({tell.family}: {tell.name})",
            f"{'':14}{tell.advice}",
        ]
    return lines


def _interval(estimate: Estimate) -> str:
    low, high = max(0.0, estimate.low), min(1.0, estimate.high)
    return f"{estimate.value:.3f} [{low:.2f}, {high:.2f}]"
