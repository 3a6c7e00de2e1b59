"""A user's own suite: a dozen lines of TOML."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from benchmark.suite import DRAWN, MASKS, TASKS, UNDAMAGED, Damage, Photos, Plan, SuiteError, one_of
from benchmark.suites import ANY, CORE, DETECTION, KODAK, LEVELS, NO_HARM, SHIPPED, SUITES
from degrade.console import one_line, reason
from degrade.pipeline_file import read_pipeline
from degrade.presets import PRESETS
from degrade.recipe import BY_NAME, nearest
from degrade.severity import SEVERITIES
from restore_models.configs import read_toml

KNOWN = ("name", "about", "photos", "masks", "drawn_masks", "task", "metrics", "seed", "no_harm", "damage")
KINDS = ("effect", "preset", "pipeline")
KNOWN_OF_DAMAGE = (*KINDS, "severity", "severities", "draws")

MOST_DRAWS, MOST_LETTERS = 1000, 64
"""Of one damage on a photo; of a suite's name, which is that of a folder, too."""

PLACES: dict[str, Photos] = {"shipped": SHIPPED, "kodak": KODAK}


class Asked(NamedTuple):
    """What a name or a file stands for."""

    plan: Plan
    photos: Path | None = None
    """The folder that the file names."""

    masks: Path | None = None
    """Of masks that were drawn by hand, likewise."""


def plan_of(what: str) -> Asked:
    """The plan that a name or a TOML file stands for, and the folders that the file names.

    Raises:
        SuiteError: there is none, or it makes no sense.
    """
    if what in SUITES:
        return Asked(SUITES[what])
    path = Path(what)
    if path.suffix.lower() != ".toml":
        hint = nearest(what, SUITES) or f"; there are {', '.join(SUITES)}, folders that make wrote, and TOML files"
        raise SuiteError(f"no suite {what!r}{hint}")
    return read_plan(path)


def read_plan(path: Path) -> Asked:
    """The plan in a TOML file, and its folders.

    Raises:
        SuiteError: it cannot be read, a name is unknown (the nearest is proposed), or a value makes no sense.
    """
    try:
        data = read_toml(path)
    except ValueError as error:
        raise SuiteError(str(error)) from None
    where = str(path)
    only(data, KNOWN, where)
    drawn = str(data.get("drawn_masks", ""))
    task = one_of(str(data.get("task", "detect" if drawn else "restore")), TASKS, f"{where}: task")
    masks = one_of(str(data.get("masks", "given" if task == "restore" else "none")), MASKS, f"{where}: masks")
    photos = str(data.get("photos", ""))
    harmless = data.get("no_harm", not drawn)
    if not isinstance(harmless, bool):
        raise SuiteError(f"{where}: no_harm is {harmless!r}; give true or false, without quotes")
    damages = [*([NO_HARM] if harmless else []), *damages_of(data, path)]
    damages += [Damage("drawn", DRAWN, None)] if drawn else []
    plan = Plan(
        name=a_name(data.get("name", path.stem), where),
        about=str(data.get("about", "")),
        photos=PLACES.get(photos, ANY),
        damages=tuple(damages),
        metrics=metrics_of(data, task, where),
        seed=a_number(data.get("seed", 2020), f"{where}: seed"),
        masks="given" if masks == "given" else "none",
        task="detect" if task == "detect" else "restore",
    )
    place = path.parent / photos if photos and photos not in PLACES else None
    return Asked(plan, place, path.parent / drawn if drawn else None)


def metrics_of(data: Mapping[str, Any], task: str, where: str) -> tuple[str, ...]:
    """The names of the metrics; those of the core where none are given."""
    given = data.get("metrics", list(CORE if task == "restore" else DETECTION))
    if not isinstance(given, list) or not given:
        raise SuiteError(f"{where}: metrics is a list of names")
    for twice in {str(each) for each in given if given.count(each) > 1}:
        raise SuiteError(f"{where}: metric {twice} comes twice; name it once")
    return tuple(map(str, given))


def damages_of(data: Mapping[str, Any], path: Path) -> Iterator[Damage]:
    """The damages of the tables [[damage]].

    Raises:
        SuiteError: one makes no sense.
    """
    tables = data.get("damage", [])
    if not isinstance(tables, list) or not all(isinstance(each, dict) for each in tables):
        raise SuiteError(f"{path}: damage is written as [[damage]] with effect, preset or pipeline")
    for number, table in enumerate(tables, 1):
        where = f"{path}: damage {number}"
        only(table, KNOWN_OF_DAMAGE, where)
        kinds = [kind for kind in KINDS if kind in table]
        if len(kinds) != 1:
            raise SuiteError(f"{where}: give one of {', '.join(KINDS)}")
        yield from damages_in(table, kinds[0], path, where)


def damages_in(table: Mapping[str, Any], kind: str, path: Path, where: str) -> Iterator[Damage]:
    """The damages of one table: an effect has one for each severity."""
    name, draws = str(table[kind]), a_number(table.get("draws", 1), f"{where}: draws")
    if draws > MOST_DRAWS:
        raise SuiteError(f"{where}: {draws} draws, over the limit of {MOST_DRAWS}; give fewer, and more photos")
    if kind != "effect" and "severities" in table:
        raise SuiteError(f"{where}: severities are of an effect; a {kind} has one severity, or none")
    if kind == "effect":
        one_of(name, BY_NAME, f"{where}: no effect")
        given = table.get("severities", [table["severity"]] if "severity" in table else list(SEVERITIES))
        for severity in given if isinstance(given, list) else [given]:
            if type(severity) is not int or severity not in SEVERITIES:
                raise SuiteError(f"{where}: severity {severity!r}, none of 1, 2, 3, 4, 5")
            yield Damage("effect", name, severity, draws)
    elif kind == "preset":
        one_of(name, PRESETS, f"{where}: no preset")
        yield Damage("preset", name, level_of(table, LEVELS.get(name), where), draws)
    else:
        file = path.parent / name
        try:
            label = read_pipeline(file).name
        except (ValueError, OSError) as error:
            raise SuiteError(f"{where}: {one_line(reason(error))}") from None
        yield Damage("pipeline", label, level_of(table, None, where), draws, str(file))


def level_of(table: Mapping[str, Any], usual: int | None, where: str) -> int | None:
    """The severity under which a preset or a pipeline stands, where it has one."""
    return a_number(table["severity"], f"{where}: severity") if "severity" in table else usual


def only(table: Mapping[str, Any], known: tuple[str, ...], where: str) -> None:
    """Refuse keys of a table that mean nothing here.

    Raises:
        SuiteError: there is one; the nearest right one is proposed.
    """
    for key in table:
        one_of(key, known, f"{where}: no setting")


def a_number(value: object, where: str) -> int:
    """A whole number that is not negative.

    Raises:
        SuiteError: it is none.
    """
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise SuiteError(f"{where} is {value!r}; give a whole number, 0 or more")
    return value


def a_name(value: object, where: str) -> str:
    """A name that can stand in an id and in a path.

    Raises:
        SuiteError: it cannot, or it is that of a built-in suite.
    """
    name = str(value)
    if len(name) > MOST_LETTERS:
        raise SuiteError(f"{where}: name of {len(name)} letters, over the limit of {MOST_LETTERS}; give a shorter one")
    if not name or not all(each.isalnum() or each in "-_." for each in name) or name.startswith("."):
        raise SuiteError(f"{where}: name {name!r}; letters, digits, - and _ will do")
    if name in SUITES or name == UNDAMAGED:
        raise SuiteError(f"{where}: {name} is a built-in suite; give yours another name")
    return name
