"""A fitted pipeline as source: one file of degrade/presets for each kind of print. Format it with ruff behind."""

from collections.abc import Iterator
from dataclasses import MISSING, fields, is_dataclass
from typing import Any

from print_kinds import KINDS

from degrade.pipeline import Pipeline
from degrade.priors import Group, Prior

WORDS = {
    "grey": "that are stored without colour",
    "warm": "that are hardly tinted",
    "yellowed": "that have turned yellow or brown",
    "colour": "that have hues of their own",
}

NOT_FITTED = (
    "Not fitted are the films, the vignette's shape, the unevenness of fading and light, and where the grids of two\n"
    "JPEGs lie."
)


def source(pipeline: Pipeline) -> dict[str, str]:
    """Names of files and what they hold."""
    prints, scans = (step for step in pipeline.steps if isinstance(step, Group) and step.name == "print")
    return {
        f"fitted_{kind}.py": file(kind, share, taken, scanned)
        for kind, share, taken, scanned in zip(KINDS, prints.weights, groups(prints), groups(scans), strict=True)
    }


def groups(group: Group) -> Iterator[Group]:
    """Its members, all of which are groups."""
    return (member for member in group.members if isinstance(member, Group))


def file(kind: str, share: float, taken: Group, scanned: Group) -> str:
    """One kind."""
    used = sorted({each.effect.__name__ for group in (taken, scanned) for each in priors(group)})
    body = f"{kind.upper()}_SHARE = {share}\n\n"
    body += f"{kind.upper()}_PRINT = {code(taken)}\n\n{kind.upper()}_SCAN = {code(scanned)}\n"
    laws = sorted(
        name for name in ("Along", "Choice", "Group", "Integers", "LogUniform", "Uniform") if f"{name}(" in body
    )
    about = f"Prints {WORDS[kind]}, and their scans: fitted to real ones by scripts/fit_presets.py."
    head = f'"""{about}\n\n{NOT_FITTED}\n"""\n\n'
    imports = (
        f"from degrade.effects import {', '.join(used)}\nfrom degrade.priors import {', '.join((*laws, 'prior'))}\n"
    )
    return f"{head}{imports}\n{body}"


def priors(group: Group) -> Iterator[Prior]:
    """All of a group."""
    for member in group.members:
        if isinstance(member, Prior):
            yield member
        else:
            yield from priors(member)


def code(value: Any) -> str:
    """A value as one would write it."""
    if isinstance(value, Prior):
        words: dict[str, Any] = {} if value.p == 1 else {"p": value.p}
        words |= value.fields | ({"name": value.name} if value.name else {})
        return f"prior({value.effect.__name__}, {', '.join(f'{name}={code(each)}' for name, each in words.items())})"
    if isinstance(value, Group):
        words = {"p": value.p} if value.p != 1 else {}
        words |= {"weights": value.weights} if value.weights else {}
        rest = "".join(f", {name}={code(each)}" for name, each in (words | {"name": value.name}).items())
        return f"Group({value.order!r}, {code(value.members)}{rest})"
    if isinstance(value, tuple):
        return f"({', '.join(map(code, value))}{',' * (len(value) == 1)})"
    if is_dataclass(value):
        given = [(each, getattr(value, each.name)) for each in fields(value)]
        named = ("" if each.default is MISSING else f"{each.name}=" for each, it in given if it != each.default)
        values = (code(it) for each, it in given if it != each.default)
        return f"{type(value).__name__}({', '.join(map(''.join, zip(named, values, strict=True)))})"
    return repr(value)
