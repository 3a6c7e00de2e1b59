"""What a person at the console hears: results on stdout, all else on stderr, and a mistake in one line."""

import errno

import typer


class MisuseError(Exception):
    """Something asked for that makes no sense: exit code 2."""


class FailureError(Exception):
    """Something that went wrong at run time: exit code 1."""


def refuse_idle(*choices: tuple[str, object, object, str]) -> None:
    """Refuse an option that was given and would change nothing.

    Args:
        choices: the option; whether it was given; whether it changes anything here; and when it does, in words.

    Raises:
        MisuseError: names the first.
    """
    for option, given, counts, when in choices:
        if given and not counts:
            raise MisuseError(f"{option}: would change nothing here; {when}")


def show(text: str) -> None:
    """Print a result."""
    typer.echo(printable(text))


def tell(text: str) -> None:
    """Say one line beside the result."""
    typer.echo(harmless(f"foxing: {one_line(printable(text))}"), err=True)


def one_line(text: str) -> str:
    """The text without line breaks."""
    return " ".join(text.split())


def harmless(text: str) -> str:
    """A stranger's text without what a terminal would obey."""
    return "".join(each if each.isprintable() else "?" for each in text)


def printable(text: str) -> str:
    """The text with what is no UTF-8, as file names may be, written out."""
    return text.encode("utf-8", "backslashreplace").decode()


def reason(error: BaseException) -> str:
    """What an error says, without the quotes of `KeyError` and the number of `OSError`."""
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename}: {error.strerror}" if error.filename else error.strerror
    return str(error.args[0]) if isinstance(error, KeyError) and error.args else str(error) or type(error).__name__


NO_PLACE = (errno.ENOTDIR, errno.EEXIST, errno.EISDIR, errno.ENAMETOOLONG)
"""What the system says of names under which nothing can be written."""


def remedy(error: OSError) -> str:
    """What helps against what the system says."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return "make room, then run the same command again to go on"
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return "get the right to write there, or name another folder"
    if error.errno in (*NO_PLACE, errno.ENOENT):
        return "name another file or folder"
    return "run the same command again to go on"
