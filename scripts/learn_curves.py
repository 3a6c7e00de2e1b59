"""The curves of the page that `make learn` writes: validation scores over minutes of training, as SVG."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

Row = dict[str, Any]

Curve = list[tuple[float, float]]
"""Minutes and scores."""


def read_curves(runs: Path) -> dict[str, dict[str, Curve]]:
    """Validation scores of each model, by what is scored; of the triplet those of its last stage."""
    found: dict[str, dict[str, Curve]] = {"psnr": {}, "auprc": {}}
    for name, stage, kind in (
        ("nafnet", "nafnet", "psnr"),
        ("pix2pix", "pix2pix", "psnr"),
        ("triplet", "mapping", "psnr"),
        ("detector", "detector", "auprc"),
    ):
        file = runs / name / "metrics.jsonl"
        if not file.exists():
            continue
        lines = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
        earlier = ended(lines, "vae-a") + ended(lines, "vae-b")
        checks = [line for line in lines if line["stage"] == stage and line.get(kind) is not None]
        if checks:
            found[kind][name] = [((earlier + line["seconds"]) / 60, line[kind]) for line in checks]
    return found


def ended(lines: Sequence[Row], stage: str) -> float:
    """The seconds that a stage took."""
    return max((line["seconds"] for line in lines if line["stage"] == stage), default=0.0)


COLOURS = {"nafnet": "#1b6ca8", "pix2pix": "#c0392b", "triplet": "#2e8b57", "detector": "#7d3c98"}

WIDE, HIGH, LEFT, TOP = 330, 190, 50, 30


def curves(runs: Path) -> str:
    """As SVG: PSNR of the restorers, and AUPRC of the detector."""
    found = read_curves(runs)
    panels = [_panel(LEFT, "PSNR in dB", found["psnr"]), _panel(2 * LEFT + WIDE + 20, "AUPRC", found["auprc"])]
    size = f'width="{2 * (LEFT + WIDE) + 40}" height="{TOP + HIGH + 45}"'
    style = 'font-family="sans-serif" font-size="11"'
    ground = '<rect width="100%" height="100%" fill="white"/>'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size} {style}>\n{ground}\n' + "\n".join(panels) + "\n</svg>\n"


def _panel(left: float, title: str, lines: dict[str, Curve]) -> str:
    points = [point for curve in lines.values() for point in curve]
    if not points:
        return f'<text x="{left}" y="{TOP - 10}">{title}: nothing trained</text>'
    longest = max(minutes for minutes, _ in points)
    low, high = (pick(score for _, score in points) for pick in (min, max))
    high = high if high > low else low + 1

    def place(minutes: float, score: float) -> str:
        return f"{left + WIDE * minutes / longest:.1f},{TOP + HIGH * (high - score) / (high - low):.1f}"

    drawn = [f'<rect x="{left}" y="{TOP}" width="{WIDE}" height="{HIGH}" fill="none" stroke="#999"/>']
    drawn.append(f'<text x="{left}" y="{TOP - 10}">{title}</text>')
    drawn += [
        f'<text x="{left - 5}" y="{y}" text-anchor="end">{value:.2f}</text>'
        for y, value in ((TOP + 9, high), (TOP + HIGH, low))
    ]
    drawn.append(f'<text x="{left + WIDE}" y="{TOP + HIGH + 15}" text-anchor="end">{longest:.1f} minutes</text>')
    for number, (name, curve) in enumerate(lines.items()):
        path = " ".join(place(*point) for point in curve)
        drawn.append(f'<polyline points="{path}" fill="none" stroke="{COLOURS[name]}" stroke-width="1.8"/>')
        drawn.append(f'<text x="{left + 80 * number}" y="{TOP + HIGH + 35}" fill="{COLOURS[name]}">{name}</text>')
    return "\n".join(drawn)
