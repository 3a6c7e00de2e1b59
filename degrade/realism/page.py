"""The report's page: one HTML file with its style and its pictures inside, for a person who has never seen it."""

import base64
import io
from collections.abc import Sequence
from html import escape
from importlib import resources

from PIL import Image as Pillow

from degrade.realism.gap import FamilyGap, Gap
from degrade.realism.measuring import Measured
from degrade.realism.ranks import Estimate
from degrade.realism.report import CLEAN, REAL, SYNTHETIC, Report, as_data
from degrade.realism.tells import Tell
from degrade.realism.words import FAMILIES
from degrade.seeds import stream
from degrade.types import Image

SHOWN = 8
"""Photos in a row."""

DETAILS = 10

TITLES = {SYNTHETIC: "Synthetic", CLEAN: "Clean, untouched", REAL: "Real, one half against the other"}


def page(report: Report) -> str:
    """The whole page."""
    style = resources.files("degrade.realism").joinpath("page.css").read_text("utf-8")
    body = [
        _opening(report),
        _section("What gives it away", TELLS_SAY, _tells(report.main.tells)),
        _section("By family", FAMILIES_SAY, _families(report)),
        _section("By a network", NETWORK_SAYS, _by_network(report)) if report.network else "",
        _section("Photo beside photo", PHOTOS_SAY, _photos(report)),
        _section("Marks at the same scale", DETAILS_SAY, _details(report)),
        _section("How to read this", "", "".join(f"<p>{escape(each)}</p>" for each in READING)),
        _closing(report),
    ]
    return f"{HEAD}<style>{style}</style></head>\n<body><main>{''.join(body)}</main></body></html>\n"


HEAD = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark"><title>Foxing: the gap report</title><link rel="icon" href="data:,">
"""

TELLS_SAY = (
    "The statistics by which the two sets differ most, the worst first: of those that tell about as often, the one "
    "whose means lie farthest apart. The bars reach from the lower to the upper quartile of the photos, with the "
    "median marked: where the two lie over each other, nothing is given away."
)

FAMILIES_SAY = (
    "The same test with one kind of statistic at a time: 0.5 is chance, 1 is told apart every time. Apart is how far "
    "the means lie from each other, in standard deviations, by the statistic that differs most: it ranks families that "
    "tell about as often, where mscn and a few others that answer to whatever changes a picture count three quarters, "
    "and noise in colour nothing where one set is grey. Diversity is how much the synthetic photos vary among "
    "themselves, where the real ones have 1: under 0.7 they are too alike."
)

NETWORK_SAYS = (
    "How far the photos lie apart by the features that a network has of them. KID is around 0 for sets of one kind, "
    "however many photos there are. FID never is, and the fewer photos, the larger it is: the halves have half as "
    "many, so compare FID only with that of other sets of as many photos. Numbers by different networks do not compare."
)

PHOTOS_SAY = "Real photos, and the synthetic ones that the forest found easiest and hardest to tell from them."

DETAILS_SAY = "Of photos drawn by chance, the patch of 128 pixels where most stands out: real above, synthetic below."

READING = (
    "A classifier learns from 12 patches of each photo of one part of both sets, and is then asked about photos that "
    "it has not seen. Its AUC is how often it is right when it is shown one of each: 0.5 is guessing, 1 is never "
    "wrong. The interval is what drawing other photos of the same kind would give, 19 times of 20. It is not certain "
    "that a person sees what it sees.",
    "MMD² is another measure of the distance between the two sets, around 0 for sets of one kind; p is how often "
    "photos dealt out at random lie as far apart. AUC has no room left near 1; MMD² still shows progress there.",
    "Real photos in two halves show what the test says where there is nothing to tell: about 0.5, the mean of several "
    "halvings; the interval is that of one, wide because half the photos are few.",
    "The test sees every difference: other subjects, sizes and file formats count as much as age. Compare with the "
    "line of the clean photos: damage that works brings the AUC down from there.",
    "Defects are measured where most stands out, by one rule for all photos; elsewhere they would hardly ever be met.",
)


def _opening(report: Report) -> str:
    rows = "".join(_row(each) for each in report.gaps)
    head = "<tr><th></th><th>AUC, forest</th><th>AUC, logistic</th><th>MMD²</th><th>p</th><th>photos</th></tr>"
    warnings = "".join(f"<p class='warning'>{escape(each)}</p>" for each in report.warnings)
    return (
        f"<header><p class='mark'>Foxing</p><h1>{escape(verdict(report.main))}</h1><p>{escape(_summary(report))}</p>"
        f"{warnings}<div class='wide'><table><thead>{head}</thead><tbody>{rows}</tbody></table></div></header>"
    )


def verdict(gap: Gap) -> str:
    """How well the photos pass, in a sentence."""
    value = gap.forest.value
    if gap.forest.low <= 0.5:
        return "These synthetic photos can hardly be told from the real ones"
    degree = "at a glance" if value > 0.95 else "easily" if value > 0.85 else "often" if value > 0.7 else "sometimes"
    return f"These synthetic photos can be told from the real ones {degree}"


def _summary(report: Report) -> str:
    said = [f"Shown one of each, a random forest finds the synthetic one {_times(report.main)}"]
    said += [f"an untouched clean photo {_times(each)}" for each in report.references if each.title == CLEAN]
    said += [
        f"and it tells two halves of the real ones {_times(each)}" for each in report.references if each.title == REAL
    ]
    return f"{'; '.join(said)}. 50 would be guessing."


def _times(gap: Gap) -> str:
    return f"{round(100 * gap.forest.value)} times of 100"


def _row(gap: Gap) -> str:
    cells = (
        _interval(gap.forest),
        _interval(gap.logistic),
        f"{gap.discrepancy.value:.2f}",
        f"{gap.discrepancy.p:.3f}",
        f"<span>{gap.photos[1]} against {gap.photos[0]}</span>",
    )
    kind = " class='main'" if gap.title == SYNTHETIC else ""
    return f"<tr{kind}><th scope='row'>{escape(TITLES[gap.title])}</th>{''.join(f'<td>{c}</td>' for c in cells)}</tr>"


def _interval(estimate: Estimate) -> str:
    low, high = max(0.0, estimate.low), min(1.0, estimate.high)
    return f"<b>{estimate.value:.2f}</b> <small>{low:.2f} to {high:.2f}</small>"


def _section(title: str, says: str, inside: str) -> str:
    about = f"<p>{escape(says)}</p>" if says else ""
    return f"<section><h2>{escape(title)}</h2>{about}{inside}</section>"


def _tells(tells: Sequence[Tell]) -> str:
    if not tells:
        return "<p>Nothing stands out, statistic by statistic.</p>"
    return f"<ol class='tells'>{''.join(_tell(each) for each in tells)}</ol>"


def _tell(tell: Tell) -> str:
    words = tell.words[0].upper() + tell.words[1:]
    return (
        f"<li><div><h3>{escape(words)}</h3><p><small>{escape(tell.family)}, {escape(tell.name)}: alone it tells "
        f"{tell.strength:.0%}, {tell.apart:.1f} deviations apart</small></p><p>{escape(tell.advice)}</p></div>"
        f"{_bars(tell)}</li>"
    )


def _bars(tell: Tell) -> str:
    """The quartiles of both sets on one scale."""
    low, high = min(tell.first[0], tell.second[0]), max(tell.first[2], tell.second[2])
    scale = 100 / (high - low) if high > low else 0.0
    drawn = []
    for top, kind, values in ((4, "real", tell.first), (22, "synthetic", tell.second)):
        left, middle, right = ((value - low) * scale for value in values)
        drawn.append(
            f"<rect class='{kind}' x='{left:.1f}%' y='{top}' width='{max(right - left, 0.5):.1f}%' height='10'/>"
            f"<rect class='median' x='{min(middle, 99.4):.1f}%' y='{top - 2}' width='2' height='14'/>"
        )
    says = f"medians: real {tell.first[1]:.3g}, synthetic {tell.second[1]:.3g}"
    return (
        f"<figure><svg role='img' aria-label='{escape(says)}' width='100%' height='36'>{''.join(drawn)}</svg>"
        f"<figcaption><i class='real'></i>real {tell.first[1]:.3g} <i class='synthetic'></i>synthetic "
        f"{tell.second[1]:.3g}</figcaption></figure>"
    )


def _families(report: Report) -> str:
    by_name = [{family.name: family for family in each.families} for each in report.gaps]
    titles = "".join(f"<th>{escape(TITLES[each.title])}</th>" for each in report.gaps)
    head = f"<tr><th>family</th>{titles}<th>apart</th><th>diversity</th></tr>"
    rows = "".join(_family(each, [names[each.name] for names in by_name]) for each in report.main.families)
    return f"<div class='wide'><table><thead>{head}</thead><tbody>{rows}</tbody></table></div>"


def _family(family: FamilyGap, beside: Sequence[FamilyGap]) -> str:
    cells = "".join(
        f"<td><b>{each.forest.value:.2f}</b><meter min='0.5' max='1' value='{each.forest.value:.3f}'></meter></td>"
        for each in beside
    )
    spread = f"<td{' class=narrow' if family.diversity < 0.7 else ''}>{family.diversity:.2f}</td>"
    head = f"<th scope='row'>{escape(family.name)} <small>{escape(FAMILIES[family.name])}</small></th>"
    return f"<tr>{head}{cells}<td>{family.apart:.1f}</td>{spread}</tr>"


def _by_network(report: Report) -> str:
    rows = "".join(
        f"<tr><th scope='row'>{escape(TITLES[each.title])}</th><td><b>{each.kernel.value:.4g}</b> "
        f"<small>{escape(each.interval)}</small></td><td>{each.frechet:.4g}</td>"
        f"<td>{each.photos[1]} against {each.photos[0]}</td></tr>"
        for each in report.by_network
    )
    head = f"<tr><th>{escape(report.network)}</th><th>KID</th><th>FID</th><th>photos</th></tr>"
    return f"<div class='wide'><table><thead>{head}</thead><tbody>{rows}</tbody></table></div>"


def _photos(report: Report) -> str:
    real, synthetic = report.real.photos, report.synthetic.photos
    likeness = report.main.likeness[len(real) :]
    order = sorted(range(len(synthetic)), key=lambda each: (-likeness[each], each))
    rows = (
        ("Real", _some(real, SHOWN, report.seed)),
        ("Synthetic, easiest to tell", [synthetic[each] for each in order[:SHOWN]]),
        ("Synthetic, hardest to tell", [synthetic[each] for each in order[::-1][:SHOWN]]),
    )
    return "".join(f"<h3>{title}</h3><div class='row'>{_pictures(photos)}</div>" for title, photos in rows)


def _details(report: Report) -> str:
    rows = (("Real", report.real), ("Synthetic", report.synthetic))
    return "".join(
        f"<h3>{title}</h3><div class='row details'>{''.join(_picture(each.detail, each.key) for each in photos)}</div>"
        for title, photos in ((name, _some(side.photos, DETAILS, report.seed + 1)) for name, side in rows)
    )


def _some(photos: Sequence[Measured], count: int, seed: int) -> list[Measured]:
    return stream(seed, "realism", "shown").shuffled(photos)[:count]


def _pictures(photos: Sequence[Measured]) -> str:
    return "".join(_picture(photo.shown, photo.key) for photo in photos)


def _picture(image: Image, name: str) -> str:
    written = io.BytesIO()
    Pillow.fromarray(image).save(written, "WEBP", quality=88, method=2)
    data = base64.b64encode(written.getvalue()).decode()
    said = escape(name.encode("utf-8", "backslashreplace").decode(), quote=True)
    size = f"width='{image.shape[1]}' height='{image.shape[0]}'"
    return f"<img src='data:image/webp;base64,{data}' {size} alt='{said}' title='{said}'>"


def _closing(report: Report) -> str:
    data = as_data(report)
    sides = (f"{name}: {side['where']}, {side['photos']} photos" for name, side in data["sides"].items())
    made = ", ".join(f"{name} {number}" for name, number in data["versions"].items())
    shrunk = f"shorter side at most {report.real.largest} pixels, " if report.real.largest else ""
    said = f"{'; '.join(sides)}; {shrunk}seed {report.seed}. Made with {made}."
    return f"<footer><p>{escape(said.encode('utf-8', 'backslashreplace').decode())}</p></footer>"
