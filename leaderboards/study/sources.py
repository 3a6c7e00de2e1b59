"""What a study shows, as it lies there: outputs that a sweep kept, or folders of restored photos."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmark.materials import Materials
from benchmark.store import RUN, RunStore
from benchmark.suite import UNDAMAGED, one_of
from benchmark.suite_of_run import suite_of_run
from benchmark.sweep import output_path
from degrade.io import ImageError, picture_files, read_image
from degrade.types import Image
from leaderboards.entry import EntryError


@dataclass(frozen=True, slots=True)
class Note:
    """What is known of a degraded photo."""

    item: str
    photo: str
    defect: str = ""
    severity: int | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """Degraded photos, and what models made of each."""

    where: str
    notes: tuple[Note, ...]
    restored: Mapping[str, Mapping[str, Path]]
    """By model, by item."""

    degraded: Mapping[str, Path] | Materials
    """By item, or in the suite."""

    suite_id: str = ""

    @property
    def models(self) -> tuple[str, ...]:
        """Their names."""
        return tuple(self.restored)

    def original(self, note: Note) -> Image:
        """The degraded photo.

        Raises:
            SuiteError: it cannot be read, or is another than it was.
        """
        if isinstance(self.degraded, Materials):
            return self.degraded.case(self.degraded.suite.named(note.item)).degraded
        return picture(self.degraded[note.item])

    def output(self, model: str, note: Note, original: Image) -> Image:
        """What a model made of it.

        Raises:
            SuiteError: it cannot be read, or has another size.
        """
        path = self.restored[model][note.item]
        found = picture(path)
        if found.shape != original.shape:
            size, wanted = (f"{each.shape[1]} x {each.shape[0]}" for each in (found, original))
            raise EntryError(f"{path}: {size} pixels, the degraded photo has {wanted}; restore it at its own size")
        return found


def picture(path: Path) -> Image:
    """A picture of a file.

    Raises:
        EntryError: it cannot be read.
    """
    try:
        return read_image(path)
    except ImageError as error:
        raise EntryError(str(error)) from None


def from_run(folder: Path, models: Sequence[str]) -> Source:
    """The outputs that a sweep kept, of damaged items, where all models have one.

    Raises:
        SuiteError: there is no sweep, it kept none, or a model is not in it.
    """
    record = RunStore(folder).read_json(RUN)
    if not record:
        raise EntryError(f"{folder}: no finished sweep in it; foxing benchmark run --keep makes one")
    outputs = folder / "outputs"
    known = [name for name in record.get("models", {}) if (outputs / name).is_dir()]
    if not known:
        raise EntryError(f"{folder}: no outputs were kept; foxing benchmark run --keep --retry all keeps them")
    chosen = [one_of(name, known, f"{folder}: no model") for name in models] or known
    materials = suite_of_run(folder)
    if materials.suite.task != "restore":
        raise EntryError(f"{folder}: its models look for damage and restore nothing; there is nothing to compare")
    notes = [
        Note(each.item, each.photo, each.defect, each.severity)
        for each in materials.suite.items
        if each.defect != UNDAMAGED and all(output_path(outputs, name, each.item, 0).is_file() for name in chosen)
    ]
    restored = {name: {note.item: output_path(outputs, name, note.item, 0) for note in notes} for name in chosen}
    return checked(Source(str(folder), tuple(notes), restored, materials, materials.suite.suite_id))


def from_folders(folders: Mapping[str, Path], degraded: Path) -> Source:
    """Folders of restored photos by model, whose files have the names of the degraded ones, whatever their suffix.

    Raises:
        EntryError: a folder is not there, or no photo is in all of them.
    """
    originals = by_stem(degraded)
    restored = {name: by_stem(folder) for name, folder in folders.items()}
    items = [item for item in originals if all(item in files for files in restored.values())]
    return checked(Source(str(degraded), tuple(Note(item, item) for item in items), restored, originals))


def by_stem(folder: Path) -> dict[str, Path]:
    """The pictures of a folder by their path in it, without suffix.

    Raises:
        EntryError: there is none, or two are called alike.
    """
    if not folder.is_dir():
        raise EntryError(f"{folder}: no such folder; check its name")
    found: dict[str, Path] = {}
    for key, path in picture_files(folder).items():
        stem = str(Path(key).with_suffix(""))
        if stem in found:
            raise EntryError(f"{path} and {found[stem].name}: two pictures of one name; keep one")
        found[stem] = path
    return found


def checked(source: Source) -> Source:
    """The source, where there is something to compare.

    Raises:
        EntryError: there is not.
    """
    if len(set(source.models)) < 2:
        raise EntryError(f"{source.where}: {len(source.models)} model; give two or more to compare")
    if not source.notes:
        raise EntryError(f"{source.where}: no degraded photo that all of {', '.join(source.models)} have restored")
    return source
