"""What a person at the console hears: results on stdout, all else on stderr, and a mistake in one line."""

import typer


class MisuseError(Exception):
    """Something asked for that makes no sense: exit code 2."""


class FailureError(Exception):
    """Something that went wrong at run time: exit code 1."""


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
