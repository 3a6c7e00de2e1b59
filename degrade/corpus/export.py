"""A corpus as folders of pictures, or as tar shards for the webdataset library."""

import hashlib
import io
import json
import string
import tarfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from degrade.corpus.build import unfinished
from degrade.corpus.cells import Cells
from degrade.corpus.plan_files import BUILD, CorpusError
from degrade.corpus.reading import PICTURES, Corpus, Pair, versions_of
from degrade.corpus.shard_files import shard_file, shard_names, splits_of
from degrade.corpus.store import Folder, ObjectStore
from degrade.io import write_bytes
from degrade.png import png_bytes, quick_png
from degrade.record import PALETTE
from degrade.textures import NO_TEXTURES, Textures

Form = Literal["folder", "webdataset"]

NOTE = ".foxing-export.json"
"""In the folder of an export: of which corpus it is."""


@dataclass(frozen=True, slots=True)
class Exported:
    """What became of one shard."""

    shard: str
    rows: int
    made: int
    """Rows that were written now; the others were there."""


def export(
    store: Folder | ObjectStore,
    out: Path,
    form: Form = "folder",
    textures: Textures = NO_TEXTURES,
    tick: Callable[[Exported], None] = lambda _: None,
) -> list[Exported]:
    """Write a corpus out again, shard by shard and row by row; what is there, whole, stays.

    A folder has `<split>/<key>/` with clean, degraded, mask and defects as they lie in the corpus, and recipe.json,
    which `foxing degrade replay` takes. A webdataset has one tar for each shard, with the same five files of each
    sample, and the same bytes whenever and wherever it is made.

    Args:
        store: where the corpus is.
        out: the folder to write to.
        form: which of the two.
        textures: the user's scans, where a corpus of recipes alone was made with some.
        tick: told of each shard once it is written.

    Raises:
        CorpusError: there is no corpus, it is damaged, or there is another export in the folder.
        OSError: it cannot be written.
    """
    splits = {split: shard_names(store, split) for split in splits_of(store)}
    if not splits:
        raise CorpusError(f"{store.where}: no corpus; a corpus has shards in data/")
    if store.size(BUILD) is not None and (lacks := unfinished(store)):
        raise CorpusError(f"{store.where}: not finished, it lacks {lacks[0]}; run its build again first")
    _note(store, out, {"form": form}, splits)
    done: list[Exported] = []
    for split, names in splits.items():
        several = None
        for name in names:
            cells = Cells(store, [shard_file(store, f"data/{name}")])
            rows = Corpus(cells, range(len(cells)), textures)
            several = _has_several_recipes(rows) if several is None and len(rows) else several
            named = ((sample_name(pair, several=bool(several)), pair) for pair in rows)
            if form == "folder":
                made = sum(_write_folder(out / split, name, pair) for name, pair in named)
            else:
                made = _write_tar(out / f"{name.removesuffix('.parquet')}.tar", named)
            done.append(Exported(name, len(rows), made))
            tick(done[-1])
    return done


def _note(store: Folder | ObjectStore, out: Path, how: dict[str, str], splits: dict[str, list[str]]) -> None:
    """Take the folder for the export of this corpus, or refuse it.

    Raises:
        CorpusError: it holds something else.
    """
    files = [[name, store.size(f"data/{name}")] for names in splits.values() for name in names]
    build = store.read(BUILD) if store.size(BUILD) is not None else b""
    corpus = hashlib.sha256(build + json.dumps(files).encode()).hexdigest()
    text = json.dumps({"corpus": corpus} | how) + "\n"
    inside = isinstance(store, Folder) and store.root.resolve() in (out.resolve(), *out.resolve().parents)
    if inside:
        raise CorpusError(f"{out}: inside the corpus, which would hold its own export; give a folder beside it")
    if out.is_file():
        raise CorpusError(f"{out}: a file, not a folder; give an empty folder")
    if not (out / NOTE).is_file():
        if out.is_dir() and any(out.iterdir()):
            raise CorpusError(f"{out}: there is something else in it; give an empty folder")
        write_bytes(out / NOTE, text.encode())
    elif (out / NOTE).read_bytes() != text.encode():
        raise CorpusError(f"{out}: holds the export of another corpus, or in another format; give an empty folder")


def _has_several_recipes(rows: Corpus) -> bool:
    """Whether a photo is there with several presets: its rows lie together."""
    first, found = rows[0].key, set()
    for pair in rows:
        if pair.key != first:
            break
        found.add((pair.record["preset"], pair.record["severity"]))
    return len(found) > 1


def sample_name(pair: Pair, *, several: bool) -> str:
    """The name of a sample: the photo's key, and what tells it from the photo's other samples."""
    record = pair.record
    name = pair.key
    if several:
        name += f"+{record['preset']}" + (f"-{record['severity']}" if record["severity"] is not None else "")
    if record["left"] or record["top"]:
        name += f"@{record['left']},{record['top']}"
    return name + (f"#{record['variant']}" if record["variant"] else "")


def _write_folder(root: Path, name: str, pair: Pair) -> int:
    """Write a sample, its recipe last: a folder that has one is whole. How many were written, none or one."""
    folder = root.joinpath(*(safe(part) for part in name.split("/")))
    if (folder / RECIPE).is_file():
        return 0
    folder.mkdir(parents=True, exist_ok=True)
    for file, data in _pictures(pair):
        (folder / file).write_bytes(data)
    write_bytes(folder / RECIPE, _recipe(pair))
    return 1


RECIPE = "recipe.json"


def _write_tar(path: Path, samples: Iterator[tuple[str, Pair]]) -> int:
    """Write the samples of a shard, all or none. How many were written."""
    if path.is_file():
        return 0
    count = 0
    with Folder(str(path.parent)).writing(path.name) as file, tarfile.open(fileobj=file, mode="w") as tar:
        for name, pair in samples:
            key = safe(name, dots=False)
            for end, data in (*_pictures(pair), ("json", _recipe(pair))):
                _add(tar, f"{key}.{end}", data)
            count += 1
    return count


def _add(tar: tarfile.TarFile, name: str, data: bytes) -> None:
    """Add a file that tells nothing of this machine and this hour."""
    about = tarfile.TarInfo(name)
    about.size = len(data)
    tar.addfile(about, io.BytesIO(data))


def _pictures(pair: Pair) -> Iterator[tuple[str, bytes]]:
    """Names and bytes of a sample's pictures: as they lie in the corpus, or as a PNG where the recipe makes them."""
    for column in PICTURES:
        data = None if pair.is_made else pair.file(column)
        if data is not None:
            yield f"{column}.{ending(bytes(data[:12]))}", bytes(data)
        elif pair.is_made:
            made = getattr(pair, column)
            palette = PALETTE if column == "defects" else b""
            yield f"{column}.png", quick_png(made) if made.ndim == 3 else png_bytes(made, palette)


def ending(head: bytes) -> str:
    """What a picture's file is called, by its first bytes."""
    if head[:2] == b"\xff\xd8":
        return "jpg"
    return "webp" if head[8:12] == b"WEBP" else "png"


def _recipe(pair: Pair) -> bytes:
    """The text of recipe.json: the recipe, and its origin, which is all else that the corpus says.

    Raises:
        CorpusError: the recipe is damaged.
    """
    record = pair.record
    try:
        recipe: dict[str, Any] = dict(json.loads(pair.recipe_text or "{}"))
    except (ValueError, TypeError, RecursionError):
        raise CorpusError(f"{pair.key}: a damaged recipe; foxing degrade verify names its row") from None
    origin = {name: value for name, value in record.items() if name != "recipe" and value is not None}
    origin["versions"] = versions_of(record["versions"])
    return (json.dumps(recipe | {"origin": origin}, indent=1, ensure_ascii=False) + "\n").encode()


KEPT = frozenset(string.ascii_letters + string.digits + " _-+=@,()#")
"""Characters that no file system and no program takes for something else; others outside ASCII stay too."""

LONGEST = 150
"""Bytes of a name that stay; what is longer ends in a hash."""

OWN = frozenset({*PICTURES, "recipe"})


def safe(name: str, *, dots: bool = True) -> str:
    """The name as that of one file: no path, no special name, and another for every other name.

    Args:
        name: any text.
        dots: whether dots may stay, but the first; a webdataset ends a key at its first dot.
    """
    kept = KEPT | {"."} if dots else KEPT
    own = name.partition(".")[0] in OWN or not name  # must not meet the files of a sample
    parts = [c if (c in kept or (c > "\x7f" and c.isprintable())) else escaped(c) for c in name]
    if dots and parts and (own or parts[0] == "."):
        parts[0] = escaped(name[0])
    text = "".join(parts) or "%"
    if len(text.encode()) <= LONGEST:
        return text
    digest = hashlib.sha256(name.encode("utf-8", "surrogateescape")).hexdigest()[:16]
    return text.encode()[:LONGEST].decode(errors="ignore") + "~" + digest


def escaped(character: str) -> str:
    """A character as %2F and the like."""
    return "".join(f"%{byte:02X}" for byte in character.encode("utf-8", "surrogateescape"))
