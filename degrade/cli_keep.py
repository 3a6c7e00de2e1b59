"""The commands around a corpus: `verify`, `stats`, `preview`, `export` and `push`."""

import json as json_format
from pathlib import Path
from typing import Any, cast, get_args

from degrade.cli_apply import own_textures
from degrade.cli_build import told
from degrade.console import FailureError, MisuseError, reason, show, tell
from degrade.corpus.card_pictures import png_file
from degrade.corpus.checking import Problem, checked
from degrade.corpus.copies import said_of
from degrade.corpus.export import Form, export
from degrade.corpus.plan_files import CorpusError
from degrade.corpus.preview import preview
from degrade.corpus.push import PushError, push
from degrade.corpus.stats import corpus_stats, counted, entries_in, in_order
from degrade.corpus.store import Folder, ObjectStore, open_store
from degrade.corpus.unread import UNREAD
from degrade.io import MAX_PIXELS, write_bytes
from degrade.sources import open_source


def there(corpus: str) -> Folder | ObjectStore:
    """The store of a corpus.

    Raises:
        MisuseError: there is none.
    """
    store = open_store(corpus)
    with told():
        entries = entries_in(store)
    if not entries:
        raise MisuseError(f"{corpus}: no corpus; foxing degrade build makes one")
    return store


def run_verify(corpus: str, sample: int, source: str, textures: Path | None, json: bool) -> None:
    """Name whatever is wrong with a corpus.

    Raises:
        FailureError: something is.
    """
    store = there(corpus)
    found: list[Problem] = []
    with told():
        photos = open_source(source).reader if source else None
        for problem in checked(store, sample, photos, own_textures(textures)):
            found.append(problem)
            if not json:
                tell(str(problem))
    bad = [problem for problem in found if problem.bad]
    if json:
        data = [
            {"file": each.where, "row": each.row, "key": each.key, "what": each.what, "bad": each.bad} for each in found
        ]
        show(json_format.dumps({"corpus": corpus, "problems": data}, ensure_ascii=False, indent=1))
    if bad:
        raise FailureError(f"{corpus}: {len(bad)} problem{'s' * (len(bad) > 1)}")
    if not json:
        show(f"{corpus}: good")


def run_stats(corpus: str, json: bool) -> None:
    """Count a corpus."""
    with told():
        stats = corpus_stats(there(corpus))
    show(json_format.dumps(stats, ensure_ascii=False, indent=1) if json else as_text(stats))


def as_text(stats: dict[str, Any]) -> str:
    """Counts as lines to read."""
    lines = [f"{stats['rows']} rows"]
    lines += [f"  {name}: {each['rows']} rows, {each['bytes'] / 1e6:.1f} MB" for name, each in stats["splits"].items()]
    lines += ["rows with each effect:"]
    lines += [f"  {effect}: {count}" for effect, count in sorted(stats["effects"].items(), key=lambda each: -each[1])]
    lines += ["rows by the share that damage covers:"]
    lines += [f"  {band(each)}: {each['rows']}" for each in stats["coverage"]]
    rejected = stats["rejected"]
    lines += [f"{rejected['photos']} photos rejected" + (":" if rejected["reasons"] else "")]
    lines += [f"  {reason}: {count}" for reason, count in rejected["reasons"].items()]
    if shared := said_of(stats.get("in_several_splits", {})):
        lines += [shared]
    if unread := rejected.get("unread"):
        lines += [f"of them {counted(unread)} {UNREAD}"]
    return "\n".join(lines)


def band(coverage: dict[str, float]) -> str:
    """A band of coverage in percent."""
    return f"up to {100 * coverage['up_to']:g} %" if coverage["up_to"] else "none"


def run_preview(corpus: str, out: Path) -> None:
    """Draw some rows of a corpus.

    Raises:
        MisuseError: the picture has no name that a PNG can have.
    """
    if out.suffix.lower() != ".png" or out.is_dir():
        raise MisuseError(f"{out}: no name of a PNG; end it in .png")
    store = there(corpus)
    with told():
        write_bytes(out, png_file(preview(store, in_order(entries_in(store)), MAX_PIXELS)))
    show(str(out))


def run_export(corpus: str, out: Path, form: str, textures: Path | None, json: bool) -> None:
    """Write a corpus in another form.

    Raises:
        MisuseError: there is no such form.
    """
    if form not in get_args(Form):
        raise MisuseError(f"--format {form}: none of {', '.join(get_args(Form))}")
    store = there(corpus)
    with told():
        done = export(
            store, out, cast(Form, form), own_textures(textures), lambda each: tell(f"{each.shard}: {each.rows} rows")
        )
    made, rows = sum(each.made for each in done), sum(each.rows for each in done)
    if json:
        data = {"folder": str(out), "format": form, "rows": rows, "made": made, "reused": rows - made}
        show(json_format.dumps(data, ensure_ascii=False, indent=1))
    else:
        show(f"{out}: {made} made, {rows - made} already there")


def run_push(corpus: Path, repository: str, private: bool, dry_run: bool, json: bool) -> None:
    """Send a corpus to the Hub.

    Raises:
        FailureError: it could not be sent.
        MisuseError: it is no finished corpus.
    """
    try:
        sent = push(corpus, repository, private=private, dry_run=dry_run)
    except CorpusError as error:
        raise MisuseError(str(error)) from None
    except (PushError, OSError) as error:
        raise FailureError(reason(error)) from None
    if json:
        files = [{"name": name, "bytes": size} for name, size in sent.files]
        data = {"repository": repository, "url": sent.url, "sent": not dry_run, "bytes": sent.bytes, "files": files}
        show(json_format.dumps(data, ensure_ascii=False, indent=1))
        return
    if dry_run:
        for name, size in sent.files:
            show(f"{size:>12}  {name}")
    where = f"would go to {repository}" if dry_run else f"sent to {sent.url}"
    show(f"{where}: {len(sent.files)} files, {sent.bytes / 1e6:.1f} MB")
