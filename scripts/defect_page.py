"""The page of measured defects, as Markdown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """One quantity, measured on real pictures and on those of some effects."""

    section: str
    quantity: str
    unit: str
    sets: dict[str, dict[str, float | int] | None]
    """`real` first, then by effect; None where it could not be measured."""


def table(rows: Sequence[Row], notes: Mapping[str, str]) -> str:
    """The page.

    Args:
        rows: what was measured.
        notes: by section, what the real pictures are.
    """
    parts = [HEAD]
    for section, note in notes.items():
        mine = [row for row in rows if row.section == section]
        made = [name for name in mine[0].sets if name != "real"]
        parts.append(f"\n## {section}\n\nReal: {note}.\n")
        parts.append("| quantity | real | " + " | ".join(f"`{name}`" for name in made) + " |")
        parts.append("|---" * (2 + len(made)) + "|")
        for row in mine:
            cells = " | ".join(cell(row.sets.get(name)) for name in ("real", *made))
            parts.append(f"| {row.quantity}{f' ({row.unit})' if row.unit else ''} | {cells} |")
    return "\n".join([*parts, TAIL, *changes(rows)]) + "\n"


def changes(rows: Sequence[Row]) -> list[str]:
    """The last table: what the effects gave before they were fitted to these data, and what they give now."""
    lines = ["## What was fitted, and what it was before", "", FITTED, ""]
    lines += ["| effect | quantity | real | before | now |", "|---|---|---|---|---|"]
    for row in rows:
        for name in row.sets:
            before = BEFORE.get((name, row.quantity, row.unit))
            if before is not None and row.section not in (SPOTS, FAINT):
                real, now = (value_of(row.sets.get(each)) for each in ("real", name))
                unit = f" ({row.unit})" if row.unit else ""
                lines.append(f"| `{name}` | {row.quantity}{unit} | {real} | {before:.3g} | {now} |")
    return lines


def value_of(measured: dict[str, float | int] | None) -> str:
    return "–" if measured is None else f"{measured['value']:.3g}"


def cell(measured: dict[str, float | int] | None) -> str:
    """A value with its interval, and of how many."""
    if measured is None:
        return "–"
    interval = f"{measured['low']:.3g} to {measured['high']:.3g}"
    return f"**{measured['value']:.3g}** ({interval}), n {measured['n']} / {measured['pictures']}"


SPOTS, FAINT = "Spots on prints", "Creases and cracks, the faint ones too"

BEFORE = {
    ("Scratches", "90th percentile of length", "‰"): 111,
    ("Scratches", "sd of ln length in a picture", ""): 0.542,
    ("Hair", "90th percentile of length", "‰"): 326,
    ("Hair", "sd of ln length in a picture", ""): 0.82,
    ("Dust", "sd of ln diameter in a picture", ""): 0.424,
    ("Creases", "forks per short side of line", ""): 15.3,
    ("Creases", "half-height width", "‰"): 8.45,
    ("Creases", "shoulder at twice the half width", "of the core"): 0.171,
    ("Creases", "90th percentile of length", "‰"): 400,
    ("Craquelure", "90th percentile of length", "‰"): 206,
    ("TornEdges", "roughness exponent", ""): 0.619,
    ("TornEdges", "deviation from a sixteenth's chord", "of its length"): 0.0286,
    ("MissingCorner", "roughness exponent", ""): 0.729,
    ("MissingCorner", "deviation from a sixteenth's chord", "of its length"): 0.0664,
}
"""What this script measured on the effects as they were before this page was first made."""

FITTED = """By hand, one number after the other, with pictures side by side, and on all these data: nothing is held out.
What got worse is here too: the exact masks of lines with finer gaps fall into shorter pieces."""

HEAD = """# Real and synthetic defects, measured alike

Made by `python scripts/measure_defects.py DATA`. Lengths are per mille of the picture's shorter side. In brackets the
95 % interval of resampled pictures; n is values / pictures. The synthetic ones are drawn from the presets `severe`,
`medium` and `marks`, each effect alone, on four photographs."""

TAIL = """
## How to read it

- Scratches: many real layers are grain, blots and frames more than scratches, and little of what hangs together in
  them is one line. Crossing alone does not explain it: ours laid over one another until they cover as much stay at
  0.98 to 0.99 (measured once, apart from this script). The medians of long lines without forks lie close together,
  but these are one in eighteen of the real ones, and asking for no fork favours straight ones. Real is cut
  at 40 %, synthetic at a half.
- Dust on film lies anywhere; spots on prints lie in clusters, because many of them are flakes. `Dust` lies between:
  how much it clusters is a field that presets set.
- Creases: an exact mask has to be cut somewhere, and where decides on lengths: the median of `Creases` is 51 ‰ cut at
  50 %, 74 at 25 %, 132 at 10 % and 227 at 5 % (measured once), so a cut can be found that gives the real 104. It shows
  no agreement. Closing gaps of 2 % in both leaves the real ones longer; drawing ours again with a brush of two pixels,
  about as wide as the real masks, gives `Creases` 93 and `Craquelure` 68 (measured once), and leaves a rest open.
  Profiles need no mask's edge, and are the better comparison.
- Torn edges: the masks end where the paper ends, so the synthetic ones are drawn without a rim. The fringe of fibres
  is an estimate: the only two torn prints here are too coarse to show one.
- Foxing: nothing here shows more than one spot at a known scale, so its clusters could not be compared.
"""
