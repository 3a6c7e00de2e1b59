"""The page of a study: one file that fetches nothing but the pictures beside it, and knows no model's name."""

import base64
import hashlib
import json
from importlib import resources

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from leaderboards.study.key import Key, shown

MINUTE = 8
"""Questions that a rater answers in a minute, about."""


def page(key: Key) -> str:
    """The page as HTML.

    Its policy allows no address but the pictures' own (`file:` for browsers to which a file on disk has no origin),
    and no script or style but the ones inside, by their hashes.
    """
    style, script = inside("page.css"), inside("page.js")
    sources = Environment(autoescape=True, undefined=StrictUndefined).from_string(inside("page.html"))
    policy = (
        f"default-src 'none'; img-src 'self' file:; style-src '{digest(style)}'; script-src '{digest(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )
    longest = max(map(len, key.plans))
    return sources.render(
        policy=Markup(policy),
        style=Markup(style),
        script=Markup(script),
        data=Markup(data(key)),  # cannot end its element
        raters=len(key.plans),
        questions=longest,
        minutes=max(1, round(longest / MINUTE)),
    )


def data(key: Key) -> str:
    """What the page must know, as JSON that cannot end its element."""
    files = {what: name for name, what in key.pictures.items()}
    known = {
        "study": key.study,
        "pairs": {
            pair.key: [files[pair.item, whose] for whose in ("", pair.first, pair.second)]
            for pair in key.pairs.values()
        },
        "plans": [shown(plan) for plan in key.plans],
    }
    return json.dumps(known, separators=(",", ":")).replace("<", "\\u003c")


def inside(name: str) -> str:
    """A file of this package."""
    return resources.files("leaderboards.study").joinpath(name).read_text("utf-8")


def digest(text: str) -> str:
    """The hash by which a policy allows a text."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
