"""What somebody's `package.module:name` names."""

import importlib
import operator
import sys
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

from degrade.console import one_line


def imported(what: str) -> Any:
    """The thing of that name, looked for beside the working directory too; of a class, an object that it makes.

    Raises:
        ValueError: it is no name, there is no such thing, or its module cannot be imported.
    """
    module, _, path = what.partition(":")
    if not all(part.isidentifier() for part in (*module.split("."), *path.split("."))):
        raise ValueError(f"{what}: no name in Python; write package.module:callable")
    if (here := str(Path.cwd())) not in sys.path:
        sys.path.insert(0, here)
    try:
        with redirect_stdout(sys.stderr):  # results alone go to stdout
            found = operator.attrgetter(path)(importlib.import_module(module))
            return found() if isinstance(found, type) else found
    except ModuleNotFoundError as error:
        raise ValueError(f"{what}: no module {error.name!r} can be imported; check its name and PYTHONPATH") from None
    except AttributeError as error:
        raise ValueError(f"{what}: {one_line(str(error))}; write package.module:callable") from None
    except (Exception, SystemExit) as error:  # anybody's module raises whatever it likes
        raise ValueError(f"{what} cannot be loaded: {one_line(f'{type(error).__name__}: {error}')}") from error
