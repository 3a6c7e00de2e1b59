"""The templates of the site: every text escaped, nothing fetched, and the words and figures that all of them use."""

import base64
import hashlib
from functools import lru_cache, partial
from importlib import resources
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from benchmark.charts import stylesheet
from degrade.record import versions
from leaderboards.card import KINDS
from leaderboards.figures import amount, count, estimated, spread, unit_of
from leaderboards.metric_words import settings_of, words_of
from leaderboards.shelf import metric_path
from leaderboards.tabular import rank_text, weights_text


def rendered(template: str, up: str, **context: Any) -> str:
    """A page: `up` is the way to the site's root."""
    return environment().get_template(f"{template}.html.j2").render(up=up, **context)


def site_style() -> str:
    """The one stylesheet; grids of many rows need to know how many columns a heading spans."""
    spans = " ".join(f'.big [colspan="{n}"] {{ grid-column: span {n}; }}' for n in range(2, SPANS))
    return f"{part('site.css')}{stylesheet()}{spans}\n"


SPANS = 121
"""More columns than any group has: there are under sixty effects."""


@lru_cache
def part(name: str) -> str:
    """A file of the site."""
    return resources.files("leaderboards").joinpath("site", name).read_text("utf-8")


def pinned(script: str) -> str:
    """What a content security policy calls a script that it lets run."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"


@lru_cache
def environment() -> Environment:
    """The templates: every text escaped, every name that nobody gave an error."""
    made = Environment(
        loader=PackageLoader("leaderboards", "site/templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    scripts = part("head.js"), part("site.js")
    made.globals |= {
        "policy": POLICY.format(scripts=" ".join(map(pinned, scripts))),
        "first_script": Markup(scripts[0]),
        "module": Markup(scripts[1]),
        "version": versions()["foxing"],
        "metric_path": metric_path,
        "rank_text": rank_text,
        "weights_text": weights_text,
        "unit_of": unit_of,
        "spread": spread,
        "one_digit": partial(estimated, digits=1),
        "settings_of": settings_of,
        "words_of": words_of,
        "kinds": KINDS,
        "badges": BADGE_WORDS,
    }
    made.filters |= {"number": estimated, "count": count, "amount": amount, "web": web}
    return made


POLICY = (
    "default-src 'none'; img-src 'self' data:; style-src 'self'; script-src {scripts}; "
    "base-uri 'none'; form-action 'none'"
)

BADGE_WORDS = {
    "self-reported": "the files are there; nobody has checked them",
    "consistent": "the summary follows from the items, and nothing contradicts anything",
    "re-scored": "random items were scored again from the submitted outputs, and gave the same",
    "re-run": "the model was run again on random items, and gave the same",
}


def web(address: str) -> str:
    """An address that a link may lead to: of the web, or none at all."""
    return address if address.startswith(("https://", "http://")) else ""
