"""The presets: named pipelines as data. No function is defined in this package."""

from degrade.pipeline import Pipeline
from degrade.presets.field import COURSEWORK_2021, WAN2020_CODE, WAN2020_PAPER
from degrade.presets.fitted import OLD_PRINT
from degrade.presets.general import MEDIUM, MILD, SEVERE
from degrade.presets.marks import MARKS
from degrade.presets.physical_albumen import ALBUMEN_1880
from degrade.presets.physical_chrome import CHROME_1975
from degrade.presets.physical_gelatin import GELATIN_1930
from degrade.presets.physical_newsprint import NEWSPRINT_1950
from degrade.presets.physical_web import WEB_SCAN

PRESETS: dict[str, Pipeline] = {
    each.name: each
    for each in (
        MILD,
        MEDIUM,
        SEVERE,
        OLD_PRINT,
        ALBUMEN_1880,
        GELATIN_1930,
        CHROME_1975,
        NEWSPRINT_1950,
        WEB_SCAN,
        MARKS,
        WAN2020_CODE,
        WAN2020_PAPER,
        COURSEWORK_2021,
    )
}
"""By name."""
