"""Presets whose numbers were fitted to scans of real prints (scripts/fit_presets.py; how well: docs/realism.md).

Fitted are the numbers in `fitted_grey`, `fitted_warm`, `fitted_yellowed` and `fitted_colour`, the shares of these kinds
too, as far as those files do not say otherwise; marks, water and dust by scripts/fit_marks.py (`fitted_marks`). Not
fitted are the latent quantities below: of these, 39 prints say too little.
"""

from degrade.pipeline import Pipeline
from degrade.presets.fitted_colour import COLOUR_PRINT, COLOUR_SCAN, COLOUR_SHARE
from degrade.presets.fitted_grey import GREY_PRINT, GREY_SCAN, GREY_SHARE
from degrade.presets.fitted_marks import DUST, FOXING, HANDLING, WATER
from degrade.presets.fitted_warm import WARM_PRINT, WARM_SCAN, WARM_SHARE
from degrade.presets.fitted_yellowed import YELLOWED_PRINT, YELLOWED_SCAN, YELLOWED_SHARE
from degrade.priors import Group, Latent

SHARES = (GREY_SHARE, WARM_SHARE, YELLOWED_SHARE, COLOUR_SHARE)

OLD_PRINT = Pipeline(
    "old-print",
    (
        Group("one_of", (GREY_PRINT, WARM_PRINT, YELLOWED_PRINT, COLOUR_PRINT), weights=SHARES, name="print"),
        FOXING,
        *WATER,
        *HANDLING,
        DUST,
        # by its name it chooses the kind that was chosen above
        Group("one_of", (GREY_SCAN, WARM_SCAN, YELLOWED_SCAN, COLOUR_SCAN), weights=SHARES, name="print"),
    ),
    {
        "age": Latent(1.5, 1.6),  # soft, faded and yellow come together
        "scan": Latent(),  # both sides of a smaller copy have one share
        "thumbnail": Latent(),
        "copy": Latent(),
        "chemical": Latent(1.8, 2.6, follows="age", correlation=0.6),
        "mechanical": Latent(1.8, 2.6, follows="age", correlation=0.2),
        "water": Latent(1.5, 1.5, p=0.1),
    },
    "An old print as it is found on the web, in four kinds: grey, hardly tinted, yellowed, or in fading colours; each "
    "was taken, printed, aged, scanned and saved in its own way. Fitted to scans of 39 real prints.",
)
