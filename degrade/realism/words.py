"""The statistics by name, in their families, and what it means in words when synthetic photos have more or less."""

from dataclasses import dataclass

FAMILIES: dict[str, str] = {
    "chroma": "colour: cast, toning, how colourful",
    "noise": "grain and noise: how strong, how coarse, how alike in the channels",
    "mscn": "texture as a natural scene has it, at two scales",
    "spectrum": "what is fine and what is coarse",
    "gradient": "edges: how many, how steep",
    "blockiness": "traces of JPEG and of enlarging",
    "tone": "blacks, whites and contrast",
    "defects": "light and dark marks, on patches chosen for them",
}
"""What each family looks at, in words."""


@dataclass(frozen=True, slots=True)
class Statistic:
    """One number measured on a patch."""

    name: str
    family: str
    high: str
    """What is wrong where the synthetic photos have more of it."""

    low: str
    """What is wrong where they have less."""

    topic: str
    """In `degrade.realism.advice`: what to change."""


def _of(family: str, *rows: tuple[str, str, str, str]) -> tuple[Statistic, ...]:
    return tuple(Statistic(name, family, high, low, topic) for name, high, low, topic in rows)


def _pair(name: str, what: str, topic: str) -> tuple[str, str, str, str]:
    return name, f"too much {what}", f"too little {what}", topic


CHROMA = _of(
    "chroma",
    ("mean_a", "too reddish", "too greenish", "red cast"),
    ("mean_b", "too yellow", "too blue, not yellow enough", "yellow cast"),
    ("spread_a", "reds and greens too far apart", "reds and greens too close together", "colourful"),
    ("spread_b", "yellows and blues too far apart", "yellows and blues too close together", "colourful"),
    ("chroma", "too colourful", "not colourful enough", "colourful"),
    ("chroma_top", "the strongest colours too strong", "the strongest colours too weak", "colourful"),
    ("one_hue", "colours too much on one line, as of a toned print", "colours not enough on one line", "one hue"),
    ("yellow_by_tone", "yellow grows too much towards the lights", "yellow grows too little to the lights", "toning"),
    ("light_minus_dark_b", "lights too yellow against the darks", "lights not yellow enough for the darks", "toning"),
    _pair("colour_beside_tone", "colour that tone does not explain", "colourful"),
)

NOISE = _of(
    "noise",
    ("red_with_green", "noise too alike in red and green", "noise too unlike in red and green", "alike noise"),
    ("green_with_blue", "noise too alike in green and blue", "noise too unlike in green and blue", "alike noise"),
    ("red_with_blue", "noise too alike in red and blue", "noise too unlike in red and blue", "alike noise"),
    _pair("flat_noise", "noise in even areas", "grain"),
    _pair("flat_colour_noise", "high-frequency colour noise", "colour noise"),
    ("colour_to_grey_noise", "noise too coloured", "noise not coloured enough", "colour noise"),
    ("noise_along", "noise too coarse along the rows", "noise too fine along the rows", "grain size"),
    ("noise_down", "noise too coarse down the columns", "noise too fine down the columns", "grain size"),
    ("noise_across", "noise too coarse on the diagonal", "noise too fine on the diagonal", "grain size"),
    ("noise_two_apart", "noise too coarse, two pixels apart", "noise too fine, two pixels apart", "grain size"),
    ("colour_noise_size", "colour noise too coarse", "colour noise too fine", "colour noise size"),
    ("noise_tails", "noise with too many outliers", "noise with too few outliers", "impulses"),
    ("dark_noise", "too much noise in the darks against the mid-tones", "too little noise in the darks", "grain tone"),
    (
        "light_noise",
        "too much noise in the lights against the mid-tones",
        "too little noise in the lights",
        "grain tone",
    ),
    _pair("all_noise", "fine detail and noise everywhere", "grain"),
)


def _mscn(scale: str, at: str) -> tuple[tuple[str, str, str, str], ...]:
    rows = [
        (f"{scale}_shape", f"contrast too even {at}", f"contrast too spiky {at}: flat areas beside marks", "texture"),
        (f"{scale}_spread", f"texture too strong {at}", f"texture too weak {at}", "texture"),
    ]
    for name, which in (("beside", "side by side"), ("diagonal", "on the diagonal")):
        rows += [
            (f"{scale}_{name}_shape", f"pixels {which} too even {at}", f"pixels {which} too spiky {at}", "texture"),
            (f"{scale}_{name}_mean", f"pixels {which} too alike {at}", f"pixels {which} too unlike {at}", "softness"),
            (f"{scale}_{name}_unlike", f"too much flicker {which} {at}", f"too little flicker {which} {at}", "grain"),
            (f"{scale}_{name}_alike", f"too much texture {which} {at}", f"too little texture {which} {at}", "texture"),
        ]
    return tuple(rows)


MSCN = _of("mscn", *_mscn("fine", "at full size"), *_mscn("coarse", "at half size"))

SPECTRUM = _of(
    "spectrum",
    _pair("band_32", "light and dark over 32 to 64 pixels", "softness"),
    _pair("band_16", "form of 16 to 32 pixels", "softness"),
    _pair("band_8", "detail of 8 to 16 pixels", "sharpness"),
    _pair("band_4", "detail of 4 to 8 pixels", "sharpness"),
    _pair("band_2", "detail of 2 to 4 pixels", "sharpness"),
    ("slope_coarse", "coarse form falls off too slowly", "coarse form falls off too fast", "sharpness"),
    ("slope_fine", "too rough: the fine end falls too slowly", "too soft: the fine end falls too fast", "sharpness"),
    ("rows_over_columns", "too much fine detail along the rows", "too much fine detail down the columns", "lines"),
    ("peaks", "too regular a pattern, as of a screen", "too little regular pattern", "screen"),
    (
        "fine_colour",
        "too much fine colour against fine grey",
        "too little fine colour against fine grey",
        "colour noise",
    ),
)

GRADIENT = _of(
    "gradient",
    ("edge_10", "even areas too restless", "even areas too smooth", "grain"),
    ("edge_25", "quiet areas too restless", "quiet areas too smooth", "grain"),
    ("edge_50", "too much detail in the middle", "too little detail in the middle", "sharpness"),
    ("edge_75", "edges too strong", "edges too weak", "sharpness"),
    ("edge_90", "strong edges too strong", "strong edges too weak", "sharpness"),
    ("edge_99", "the steepest edges too steep", "the steepest edges too soft", "sharpness"),
    ("edge_contrast", "edges stand out too much from the rest", "edges drown in the rest", "sharpness"),
    ("crispness", "too crisp: the picture changes from pixel to pixel", "too soft from pixel to pixel", "sharpness"),
)

BLOCKINESS = _of(
    "blockiness",
    ("blocks", "JPEG's blocks of 8 pixels too plain", "JPEG's blocks of 8 pixels too faint", "blocks"),
    ("colour_blocks", "JPEG's blocks too plain in colour", "JPEG's blocks too faint in colour", "blocks"),
    ("equal_pixels", "too many neighbours exactly alike", "too few neighbours exactly alike", "blocks"),
    ("doubled_pixels", "too many doubled pixels, as of coarse enlarging", "too few doubled pixels", "enlarging"),
)

TONE = _of(
    "tone",
    ("tone_1", "the deepest blacks too light", "the deepest blacks too dark", "blacks"),
    ("tone_5", "blacks too light", "blacks too dark", "blacks"),
    ("tone_25", "darks too light", "darks too dark", "blacks"),
    ("tone_50", "too light", "too dark", "lightness"),
    ("tone_75", "lights too light", "lights too dark", "whites"),
    ("tone_95", "whites too light", "whites too dark", "whites"),
    ("tone_99", "the brightest whites too light", "the brightest whites too dark", "whites"),
    ("tone_spread", "contrast too strong", "contrast too weak", "contrast"),
    ("burnt", "too much burnt out to white", "too little burnt out to white", "clipping"),
    ("blocked", "too much lost in black", "too little lost in black", "clipping"),
    ("combed", "too many gaps between the grey levels", "too few gaps between the grey levels", "clipping"),
)

DEFECTS = _of(
    "defects",
    *(
        row
        for hat, marks in (("light", "light marks"), ("dark", "dark marks"))
        for row in (
            (f"{hat}_3", f"{marks} of a pixel or two too strong", f"{marks} of a pixel or two too weak", marks),
            (f"{hat}_7", f"{marks} of some five pixels too strong", f"{marks} of some five pixels too weak", marks),
            (f"{hat}_15", f"{marks} of some ten pixels too strong", f"{marks} of some ten pixels too weak", marks),
            (f"{hat}_top", f"the strongest {marks} too strong", f"the strongest {marks} too weak", marks),
            (f"{hat}_count", f"too many {marks}", f"too few {marks}", marks),
            (f"{hat}_size", f"{marks} too large", f"{marks} too small", marks),
            (f"{hat}_length", f"{marks} too long and thin", f"{marks} too round", "mark shape"),
            (f"{hat}_impulses", f"too many single {hat} pixels", f"too few single {hat} pixels", "impulses"),
        )
    ),
)

STATISTICS: tuple[Statistic, ...] = CHROMA + NOISE + MSCN + SPECTRUM + GRADIENT + BLOCKINESS + TONE + DEFECTS
"""All of them, in the order in which they are measured."""
