"""Marks as the source of a preset's module. Format it with ruff behind."""

from collections.abc import Iterator
from typing import Any

from mark_stages import Stages
from print_source import code

from degrade.priors import Group, Prior

ABOUT = '''"""Marks of `old-print`: how often and how much of them was found on 39 real prints by scripts/fit_marks.py.

Counted by eye on those prints are all chances, the weights of kinds and the polarities of dust; what was seen on none
has the chance that Jeffreys gives it. Handled prints bear several kinds of marks, the others none. Fitted are how many
creases, scratches, rubbed places and specks there are, how much has flaked, and how faint the faintest of them are.
From docs/physics.md is the width of creases, from docs/defects.md that of scratches and the size of specks on handled
prints (real layers and film, no hand-drawn masks). All other numbers are guesses, those of `stages` and `losses`.
"""'''


def source(marks: Stages) -> str:
    """The module."""
    body = "\n\n".join(f"{name} = {text(marks[name])}" for name in ("FOXING", "WATER", "HANDLING", "DUST"))
    used = sorted({each.effect.__name__ for step in marks.values() for each in priors(step)})
    laws = [name for name in ("Along", "Choice", "Group", "Integers", "LogUniform", "Uniform") if f"{name}(" in body]
    return (
        f"{ABOUT}\n\nfrom degrade.effects import {', '.join(used)}\n"
        f"from degrade.priors import {', '.join((*laws, 'prior'))}\n\n{body}\n"
    )


def priors(step: Any) -> Iterator[Prior]:
    """All of a prior, a group or several."""
    if isinstance(step, Prior):
        yield step
    else:
        for each in step.members if isinstance(step, Group) else step:
            yield from priors(each)


def text(step: Any) -> str:
    """A step as one would write it, with the latent quantities that it hangs on."""
    if isinstance(step, tuple):
        return f"({', '.join(map(text, step))},)"
    if isinstance(step, Group):
        given = (("p", step.p), ("weights", step.weights), ("name", step.name))
        rest = "".join(f", {name}={code(each)}" for name, each in given if each not in (1, ()))
        return f"Group({step.order!r}, {text(step.members)}{rest})"
    named = {name: getattr(step, name) for name in ("latent", "only_with", "name") if getattr(step, name)}
    words = ({} if step.p == 1 else {"p": step.p}) | step.fields | named
    return f"prior({step.effect.__name__}, {', '.join(f'{name}={code(each)}' for name, each in words.items())})"
