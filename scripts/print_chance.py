"""What chance leaves of a perfect fit: photos just like prints, but for the mean, which is that of a few prints.

There are too few prints to see how much of what tells a fit from others is the fit's fault. So prints are made up whose
statistics are spread as those of the real ones, within photos and between them, and judge a fit that knows everything
of them but their mean, and one that misses them as the real fits do. No picture is made.
"""

from collections.abc import Callable, Sequence
from statistics import fmean, stdev

import numpy as np

from degrade.realism.classifier import Logistic, folds_of, one_thread_each, out_of_fold
from degrade.realism.distance import discrepancy
from degrade.realism.patch import Doubles
from degrade.realism.ranks import area
from degrade.seeds import Stream, stream

KNOWN = (9, 20, 27, 39, 80, 160, 0)
"""Prints that a fit knows; 0 for all that there could be."""

MADE = 70
"""Photos of a fit."""

REPEATS = 24

DRAWN_IN = (0.05, 0.1, 0.2, 0.3, 0.5, 0.7)
"""By how much the spread of few prints may be drawn to that of the patches of one, which many patches tell."""

TRIES, HELD = 12, 8
"""How often prints are held out to choose among these, and how many."""

JITTER = 0.5
"""Of a print that is taken again: its share of the deviation between prints that is new."""

KEPT = (1 - JITTER**2) ** 0.5
"""What is kept of its own."""

World = Callable[[int, Stream], Doubles]
"""Makes up so many prints (prints, patches, statistics), around 0."""

Fit = Callable[[int, Stream], Doubles]
"""Makes photos as a fit does (photos, patches, statistics) that knows so many prints."""


def within(table: Doubles) -> Doubles:
    """The covariance of the patches of one print (prints, patches, statistics)."""
    rest = table - table.mean(axis=1, keepdims=True)
    count, patches = table.shape[:2]
    return np.asarray(np.einsum("npi,npj->ij", rest, rest) / (count * (patches - 1)))


def among(table: Doubles, drawn_in: float) -> Doubles:
    """The covariance of the prints' means, drawn to a multiple of that of the patches of one."""
    found, target = np.cov(table.mean(axis=1).T), within(table)
    target *= np.trace(np.linalg.pinv(target, hermitian=True) @ found) / len(found)
    return np.asarray((1 - drawn_in) * found + drawn_in * target)


def likeliest(table: Doubles) -> float:
    """The one of `DRAWN_IN` under which prints that are held out are likeliest."""
    found = []
    for drawn_in in DRAWN_IN:
        source = stream(1, "prints held out")
        found.append(fmean(_likelihood(table, source, drawn_in) for _ in range(TRIES)))
    return DRAWN_IN[int(np.argmax(found))]


def _likelihood(table: Doubles, source: Stream, drawn_in: float) -> float:
    order = source.shuffled(range(len(table)))
    known, held = table[order[HELD:]], table[order[:HELD]].mean(axis=1)
    spread = among(known, drawn_in) * (1 + 1 / len(known))
    far = held - known.mean(axis=(0, 1))
    squares = np.einsum("ni,ni->n", far, np.linalg.solve(spread, far.T).T)
    return float(-squares.mean() - np.linalg.slogdet(spread)[1]) / 2


def dimensions(table: Doubles, drawn_in: float) -> dict[str, float]:
    """In how many directions prints differ.

    `participation` is that of the covariance as it is (the square of its trace over the trace of its square, without
    bias); `told` is the trace of the covariance between prints over that of all patches, which is what a linear
    classifier of patches sees: the mean of n prints is off by a squared distance of `told` / n.
    """
    found = np.cov(table.mean(axis=1).T)
    count, trace = len(table), float(np.trace(found))
    squares = (count - 1) ** 2 / ((count + 1) * (count - 2)) * (np.trace(found @ found) - trace**2 / (count - 1))
    spread = among(table, drawn_in)
    told_by = np.trace(np.linalg.solve(spread + within(table), spread))
    return {"participation": float(trace**2 / squares), "told": float(told_by)}


def gaussian(table: Doubles, drawn_in: float) -> World:
    """Prints of a normal distribution."""
    far, near = (root(each) for each in (among(table, drawn_in), within(table)))
    patches, columns = table.shape[1:]

    def made_up(count: int, source: Stream) -> Doubles:
        means = source.normals(count, 1, columns) @ far
        return np.asarray(means + source.normals(count, patches, columns) @ near)

    return made_up


def resampled(table: Doubles, drawn_in: float) -> World:
    """The prints themselves, taken again and again, with other patches and a little away from where they are."""
    far = root(among(table, drawn_in)) * JITTER
    means = table.mean(axis=1, keepdims=True)
    prints, patches, columns = table.shape
    rest, places = (table - means) * (patches / (patches - 1)) ** 0.5, (means - means.mean(axis=0)) * KEPT

    def made_up(count: int, source: Stream) -> Doubles:
        taken = (source.units(count) * prints).astype(np.intp)
        cut = (source.units(count, patches) * patches).astype(np.intp)
        return np.asarray(places[taken] + source.normals(count, 1, columns) @ far + rest[taken[:, None], cut])

    return made_up


def root(covariance: Doubles) -> Doubles:
    """What turns independent numbers of variance 1, as rows, into numbers of that covariance."""
    values, vectors = np.linalg.eigh(covariance)
    return np.asarray((vectors * np.sqrt(np.maximum(values, 0))).T)


def perfect(world: World) -> Fit:
    """One that knows everything but the mean of all prints."""

    def made_up(known: int, source: Stream) -> Doubles:
        photos, prints = world(MADE, source), world(max(KNOWN), source)
        return np.asarray(photos + prints[:known].mean(axis=(0, 1)) if known else photos)

    return made_up


def missing(first: Doubles, second: Doubles, known: int) -> Fit:
    """One that misses as two real fits do: what both miss stays, and what they miss differently is chance.

    Args:
        first: what a fit made (photos, patches, statistics), the mean of all prints at 0.
        second: what a fit to as many other prints made.
        known: how many.
    """
    means = [each.mean(axis=(0, 1)) for each in (first, second)]
    both, swing = (means[0] + means[1]) / 2, (means[0] - means[1]) * (known / 2) ** 0.5
    shapes = np.concatenate([each - mean for each, mean in zip((first, second), means, strict=True)])

    def made_up(known: int, source: Stream) -> Doubles:
        photos = shapes[source.shuffled(range(len(shapes)))[:MADE]]
        side = source.choice((-1, 1))
        return np.asarray(photos + both + (side * swing / known**0.5 if known else 0))

    return made_up


def curve(world: World, fit: Fit, judges: int) -> dict[str, dict[str, float]]:
    """Logistic AUC and MMD² by how many prints a fit knows: means, and the deviations of one judgement."""
    found: dict[str, list[tuple[float, float]]] = {str(known): [] for known in KNOWN}
    with one_thread_each():
        for repeat in range(REPEATS):
            real = world(judges, stream(repeat, "prints made up"))
            for known in KNOWN:
                made = fit(known, stream(repeat, "photos made up"))
                found[str(known)].append(told(real, made, repeat))
    return {name: _summary(each) for name, each in found.items()}


def known_by_heart(world: World, judges: int) -> float:
    """Logistic AUC of a perfect fit that is judged by the very prints whose mean it has."""
    found = []
    with one_thread_each():
        for repeat in range(REPEATS):
            real = world(judges, stream(repeat, "prints made up"))
            made = world(MADE, stream(repeat, "photos made up")) + real.mean(axis=(0, 1))
            found.append(told(real, made, repeat)[0])
    return round(fmean(found), 4)


def _summary(found: Sequence[tuple[float, float]]) -> dict[str, float]:
    areas, distances = zip(*found, strict=True)
    numbers = (fmean(areas), stdev(areas), fmean(distances), stdev(distances))
    return dict(zip(("logistic", "logistic_sd", "mmd2", "mmd2_sd"), (round(each, 4) for each in numbers), strict=True))


def told(real: Doubles, made: Doubles, seed: int) -> tuple[float, float]:
    """Logistic AUC and MMD² of two sets (photos, patches, statistics), as the report has them."""
    classes = np.repeat([0, 1], [len(real), len(made)])
    keys = [f"real {at}" for at in range(len(real))], [f"made {at}" for at in range(len(made))]
    folds = folds_of(*keys, stream(seed, "folds of prints made up"))
    judged = out_of_fold(np.concatenate([real, made]), classes, folds, Logistic(), seed)
    far = discrepancy(real.mean(axis=1), made.mean(axis=1), stream(seed, "permutations of prints made up"))
    return area(judged[classes == 0], judged[classes == 1]), far.value
