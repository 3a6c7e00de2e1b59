"""Boards of made-up models for tests of pages: as many as one likes, without a run and without files."""

from pathlib import Path

import numpy as np

from benchmark.contestants import FLOOR
from leaderboards.board import Board, Lead
from leaderboards.board_numbers import NONE, CellScore, Estimate
from leaderboards.board_rows import Cost, OfRegion, Row, Worst
from leaderboards.entry import Card, Entry
from leaderboards.passports import Passport
from leaderboards.shelf import Shelf, shelf

PSNR = "psnr/v1?space=rgb&range=255"

METRICS = (PSNR, "ssim/v1?space=rgb", "ms-ssim/v1?scales=5", "gmsd/v1?t=170", "mae/v1?space=rgb", "ciede2000/v1?w=1")

SUITE = "made-up:0123456789abcdef"

FOLDER = "made-up-0123456789abcdef"

NAUGHTY = """<img src=x onerror="alert(1)">'&</script><b>{{ 7 * 7 }}"""
"""A name that must come out as it is."""

KINDS = ("learned", "classical", "demonstration")

BADGES = ("self-reported", "consistent", "re-scored", "re-run")

DEFECTS = (
    "Foxing",
    "Tear",
    "Scratches",
    "FilmGrain",
    "DyeFading",
    "GaussianBlur",
    "Stains",
    "Creases",
    "Mould",
    "Dust",
)


def made_board(models: int = 6, defects: int = 6, name: str = NAUGHTY) -> Board:
    """A board of the untouched photo, last but one, and so many other models; the first is called as asked."""
    source = np.random.default_rng(models)
    errors = np.sort(source.uniform(20, 99, models + 1))
    errors[-1] = 140.0
    names = [FLOOR if place == models - 1 else f"model-{place:04d}" for place in range(models + 1)]
    errors[models - 1] = 100.0
    called = [name, *names[1:]]
    rows = tuple(
        row(place, names[place], called[place], errors[place], DEFECTS[:defects]) for place in range(len(names))
    )
    groups = tuple(tuple(names[start : start + 2]) for start in range(0, len(names), 2))
    few = models < 50
    return Board(
        suite_id=SUITE,
        suite={"name": "made-up", "about": "Made up for tests.", "photos": 24, "items": 240, "metrics": list(METRICS)},
        lead=Lead(PSNR, "whole", "psnr", True, "mean squared error", "relative_error"),
        rows=rows,
        groups=groups,
        columns=tuple(passport(metric, region) for metric in METRICS for region in ("whole", "hole", "outside")),
        cells=tuple(cells(rows, DEFECTS[:defects])) if few else (),
        totals=(),
        pairs=pairs(names, groups) if few else (),
        agreement=tuple({"first": [PSNR, "whole"], "second": [each, "whole"], "tau": 0.8} for each in METRICS[1:]),
        borda=None,
        method={},
        withdrawn=(("gone", NAUGHTY),),
        digest="0" * 64,
    )


def row(place: int, model: str, called: str, error: float, defects: tuple[str, ...]) -> Row:
    """A model that leaves so much of the error."""
    source = np.random.default_rng(place)
    card = Card(
        called,
        "It is made up.",
        "floor" if model == FLOOR else KINDS[place % 3],
        (called,),
        url="javascript:alert(1)" if place == 0 else "https://example.org/model",
        licence=("MIT", "Apache-2.0")[place % 2],
        open_weights=None if model == FLOOR else place % 2 == 0,
        submitted=f"2026-11-{1 + place % 28:02d}",
    )
    decibels = 10 * float(np.log10(100 / error))
    gain, score, seconds = around(decibels, 0.4), around(25 + decibels, 1), float(source.uniform(0.01, 20))
    return Row(
        model=model,
        card=card,
        badge=BADGES[place % 4],
        place=place + 1,
        rank=(max(1, place), place + 2),
        letters="a",
        relative_error=around(error, 5),
        score=score,
        gain_db=gain,
        undamaged=around(-float(source.uniform(0, 3)), 0.2) if place % 3 else NONE,
        by_defect={name: around(100.0 if model == FLOOR else source.uniform(10, 250), 8) for name in defects},
        by_region=tuple(OfRegion(name, name, score, around(error, 6), gain) for name in ("whole", "hole", "outside")),
        by_metric={metric: around(source.uniform(0.5, 1), 0.02) for metric in METRICS},
        best=Worst("Tear", 2, 12.0),
        worst=Worst("Foxing", 4, 130.0),
        failed=int(place % 5 == 4),
        missing=0,
        complete=True,
        seeds=1,
        seed_sd=None,
        cost=Cost(1000 * place, 4000 * place, 12.5 * place, seconds, seconds * 0.9, seconds * 1.2, 10**8, "a CPU", 2),
        pareto=place % 4 == 0,
        unranked="",
    )


def around(value: float, half: float) -> Estimate:
    return Estimate(float(value), float(value) - half, float(value) + half)


def passport(metric: str, region: str) -> Passport:
    higher = not metric.startswith(("gmsd", "mae", "ciede"))
    lead = (metric, region) == (PSNR, "whole")
    return Passport(metric, metric.partition("/")[0], region, region, higher, "an error", 24, 240, 3, 1, "", lead, 0.5)


def cells(rows: tuple[Row, ...], defects: tuple[str, ...]) -> list[CellScore]:
    return [
        CellScore(
            each.model, PSNR, "whole", defect, severity, 24, NONE, around(each.by_defect[defect].value or 0, 5), NONE
        )
        for each in rows
        for defect in defects
        for severity in (1, 3, 5)
    ]


def pairs(names: list[str], groups: tuple[tuple[str, ...], ...]) -> tuple[dict[str, object], ...]:
    return tuple(
        {
            "first": first,
            "second": second,
            "value": -1.0,
            "separable": not any(first in group and second in group for group in groups),
        }
        for place, first in enumerate(names)
        for second in names[place + 1 :]
    )


def made_shelf(models: int = 6, defects: int = 6, name: str = NAUGHTY) -> Shelf:
    """The same as a suite of the site, with entries of which no files exist."""
    found = made_board(models, defects, name)
    return shelf(found, [Entry(Path(each.model), SUITE, each.card, {}, {}, each.badge) for each in found.rows], {})
