"""The built-in suites, as data. No function is defined in this file."""

from benchmark.suite import DRAWN, OLD, UNDAMAGED, Damage, Photos, Plan
from degrade.effects import EFFECTS
from degrade.severity import SEVERITIES

SHIPPED = Photos(
    "shipped",
    {  # lossless in the wheel, so that no decoder can differ; the middle 256 x 256 pixels count
        "astronaut": "7605af19ba2b975845037d479d9429d3fbc334ff78c7b51f67f112d50f85ed65",
        "camera": "bf98e824a0e89e0e5fc9883963758bfd21453203a3fb1f22a32c108d939ffac6",
        "chelsea": "2a48da897e30584d1ae09abf8802730963e97735ab7f4ccede25b412ab11e5dd",
        "coffee": "013a8175a6f60538e29aa8bee676f3e4b4c9a4388defc9a81368b20fc7b3fe9c",
    },
    "they come with scikit-image: install foxing[demo]",  # part of the suite's id, like all that is here
    side=256,
)

KODAK = Photos(
    "known",
    {
        "kodim01": "f3f0309aa82da62830b5baa1c6222cd0263529e2f52dc538752204ef34e3e6ee",
        "kodim02": "efb3a142b9fd1213659057e60a23bdc9cb941629196c61d8cd587bb704092a5c",
        "kodim03": "f382c9f19db1032ddea11365b2f78e23ab255e1841435ef615c5c0bb7954cc0d",
        "kodim04": "e8bc6d66578eedbed6d8478a5ed004e63bb3801d1e60b26a531877da77c3f2ba",
        "kodim05": "e0ca3db383cb31b2e890665e09c0399b0a84d4a7d106692fb8c35517aafc4cb8",
        "kodim06": "59d983a73c75219e39793ad3cbbd55da25dc968a344aeb077b9b5c0b000d70f7",
        "kodim07": "913a2babd7ba1bc89216c7664f10f505b2313e81e113b2b2d95190f09a12669c",
        "kodim08": "787d712e7dd5332bf201eeef24c590b409e19e1802bb7de293ded84a63768b7b",
        "kodim09": "711cfad450f4c0032fb007bea531f721dedd8caab9d494d01fa37b9f7b104cbf",
        "kodim10": "8536a6eff5385ff17124514ddbef225460211ece8bc967a13f9127bef13f53cb",
        "kodim11": "a63d9315d4c9fbdecaa9cf95ea6c481a0e3472e8ab3c8b7afa174b876b90bade",
        "kodim12": "dfd9eff8cb44974bcbea9acfe03eef3d68c059fad876679913b0a781c6dc8f71",
        "kodim13": "fa612a130b13e5a250e58df0810dc7ef249087f7e0c13c62102aa961fa1037c7",
        "kodim14": "88dc670efb9ef12a5a75f0b6781f840912d738d434bf7933a10c9f66c3bf68f1",
        "kodim15": "55e07516f03ccc4c1254db958a818dd8c87ba3f3919fbbb4d00b2db3cfe85542",
        "kodim16": "46f26938118cc23081c49f2a92b22cd2a3271acea38a1aba80cc98940b8e2b01",
        "kodim17": "b59939091397b95494c77b73bc62cfef45df645da851adaf77d72f5496c60eb9",
        "kodim18": "6cfe860b5f410d67239f77141b17228341f2d5640d235844c5b128c700d63647",
        "kodim19": "be1ad9833b5eb9dadb8ee9e1c6c5747fa4da991d78275434b198b461d2b5e00f",
        "kodim20": "65a7dc4950dffc7b1c3a4caa4a7c86727b8daba72788bbb338a4cdfa32a23d78",
        "kodim21": "cb12e2a4186d58f12d22e9e91dc027fbf07c760066da2bdcb5ddcfc30c9ae8e7",
        "kodim22": "7aa6307b6d32ebdae6be7fafe2e70902f63f50b3afebcf1da777f7b8f40beb40",
        "kodim23": "84278e4abfd7eb4a9c0170f2ca7cf8ab954bb7c7793eae4253a0aa64a9d15146",
        "kodim24": "3fa80499f14cf6d98cb9877fc59008d693f7a1396e1a7c0f512535bfd6b391df",
    },
    "the 24 pictures of the Kodak Lossless True Color Image Suite as PNG, 768 x 512: r0k.us/graphics/kodak",
)

ANY = Photos("folder", {}, "a folder of clean photos of your own")

CORE = ("psnr", "psnr-y", "ssim", "ms-ssim", "gmsd", "mae", "ciede2000", "luma-spectrum")
"""Own, fast, and without weights."""

DETECTION = ("roc-auc", "auprc", "best-f1", "f1", "tolerant-f1")

NO_HARM = Damage("none", UNDAMAGED, 0)

LEVELS = {"mild": 1, "medium": 3, "severe": 5}
"""The severities of those presets that have one."""

TINY = Plan(
    "tiny",
    "Four photos of 256 pixels, six kinds of damage twice each, and none: a minute on two cores.",
    SHIPPED,
    (
        NO_HARM,
        *(
            Damage("effect", name, severity)
            for name in ("FilmGrain", "DyeFading", "GaussianBlur", "Scratches", "Foxing", "Tear")
            for severity in (2, 4)
        ),
        Damage("preset", "medium", LEVELS["medium"]),
    ),
    CORE,
)

SINCE = ("ContrastStretch", "ReducedJpeg")
"""Effects that came after `ladder` was published: its id, on which scores hang, names those of then."""

LADDER = Plan(
    "ladder",
    "Every effect at severities 1 to 5, and no damage, on the 24 Kodak pictures: what ImageNet-C is to classifiers.",
    KODAK,
    (
        NO_HARM,
        *(
            Damage("effect", each.__name__, severity)
            for each in EFFECTS
            if each.__name__ not in SINCE
            for severity in SEVERITIES
        ),
    ),
    CORE,
)

MIXED = Plan(
    "mixed",
    "Damage as it comes, all together: eight presets, three draws each, on the 24 Kodak pictures.",
    KODAK,
    (
        NO_HARM,
        *(Damage("preset", name, severity, draws=3) for name, severity in LEVELS.items()),
        *(
            Damage("preset", name, None, draws=3)
            for name in ("albumen-1880", "gelatin-1930", "chrome-1975", "newsprint-1950", "web-scan")
        ),
    ),
    CORE,
)

WAN2020 = Plan(
    "wan2020",
    'The protocol of Wan et al. 2020, "Bringing Old Photos Back to Life", section 4: their degradation on photos that '
    "no model has seen (theirs: the DIV2K test set), without masks, by PSNR and SSIM; LPIPS and FID where there are "
    "weights.",
    Photos("folder", {}, "a folder of clean photos; the paper has the DIV2K test set"),
    (Damage("preset", "wan2020-paper", None),),
    ("psnr", "ssim"),
    masks="none",
)

SCRATCH_DETECTION = Plan(
    "scratch-detection",
    "Every mark with an edge on the 24 Kodak pictures, three draws each; the masks are the truth.",
    KODAK,
    (NO_HARM, Damage("preset", "marks", None, draws=3)),
    DETECTION,
    masks="none",
    task="detect",
)

DRAWN_DETECTION = Plan(
    "scratch-detection-drawn",
    "Photos on which somebody drew the damage by hand: 255 a defect, 0 intact, 128 nobody knows.",
    Photos("folder", {}, "a folder of photos whose damage was drawn by hand"),
    (Damage("drawn", DRAWN, None),),
    DETECTION,
    masks="none",
    task="detect",
)
"""What `scratch-detection` is with `--masks`."""

REAL_OLD = Plan(
    "real-old",
    "Real old photos of your own: nobody knows what they were like, so only metrics without a reference count, and "
    "what can be said of all together (foxing benchmark sets).",
    Photos("folder", {}, "a folder of real old photos"),
    (Damage("old", OLD, None),),
    ("niqe-self",),
    masks="none",
)

SUITES: dict[str, Plan] = {each.name: each for each in (TINY, LADDER, MIXED, WAN2020, SCRATCH_DETECTION, REAL_OLD)}
"""By name."""
