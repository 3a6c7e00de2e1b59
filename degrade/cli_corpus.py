"""The commands that make and keep corpora, as they are typed; what is heavy is imported where it is used."""

from pathlib import Path
from typing import Annotated

import typer

Corpus = Annotated[str, typer.Argument(metavar="DIR", help="A corpus: a folder, or a URL as s3://bucket/corpus.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]
MaxPixels = Annotated[
    int, typer.Option("--max-pixels", metavar="N", min=1, help="Refuse larger pictures, before they are opened.")
]
TexturesOption = Annotated[
    Path | None,
    typer.Option("--textures", metavar="DIR", help="A folder of your own scans, in its folders scratch/ and paper/."),
]


def build(  # noqa: PLR0913, PLR0917 - what can be typed
    source: Annotated[
        str,
        typer.Argument(
            metavar="SRC", help="Clean photos: a folder, a glob in quotes, a list of paths, a zip, a tar, parquet."
        ),
    ],
    out: Annotated[str, typer.Argument(metavar="OUT", help="The corpus: a folder, or a URL as s3://bucket/corpus.")],
    preset: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="A preset; may be given several times.")
    ] = None,
    pipeline: Annotated[
        list[Path] | None,
        typer.Option(metavar="FILE", help="A pipeline of your own, in TOML; may be given several times."),
    ] = None,
    effect: Annotated[
        list[str] | None, typer.Option(metavar="NAME:1..5", help="One effect alone at a severity, as Foxing:4.")
    ] = None,
    seed: Annotated[int, typer.Option(metavar="N", min=0, help="Another seed, other damage.")] = 0,
    variants: Annotated[int, typer.Option(metavar="N", min=1, help="Samples of each photo and preset.")] = 1,
    size: Annotated[int, typer.Option(metavar="PX", min=0, help="Side of the crops; 0 for whole photos.")] = 0,
    crop: Annotated[
        str, typer.Option(metavar="random|grid", help="One crop anywhere, or all side by side.")
    ] = "random",
    store: Annotated[
        str, typer.Option(metavar="pairs|recipe", help="Keep both sides, or clean and recipe alone.")
    ] = "pairs",
    encoding: Annotated[
        str, typer.Option(metavar="png|webp|jpeg", help="Of pictures; png and webp lose nothing, png is quickest.")
    ] = "png",
    quality: Annotated[
        int | None, typer.Option(metavar="1..100", min=1, max=100, help="Of --encoding jpeg; 95 unless given.")
    ] = None,
    shares: Annotated[
        str, typer.Option(metavar="T,V,E", help="Percent of photos in train, validation and test.")
    ] = "90,5,5",
    old: Annotated[
        str, typer.Option(metavar="DIR", help="Real old photos, for a split of their own that has no clean side.")
    ] = "",
    hub: Annotated[bool, typer.Option("--hub", help="SRC is a dataset on the Hub, as user/name.")] = False,
    split: Annotated[str, typer.Option(metavar="NAME", help="Of the dataset on the Hub.")] = "train",
    column: Annotated[
        str, typer.Option(metavar="NAME", help="The pictures' column, in parquet and on the Hub.")
    ] = "image",
    limit: Annotated[int, typer.Option(metavar="N", min=0, help="Only the first N photos; 0 for all.")] = 0,
    shard_photos: Annotated[int, typer.Option(metavar="N", min=0, help="Photos in one file; 0 for about 250 MB.")] = 0,
    textures: TexturesOption = None,
    max_pixels: MaxPixels = 200_000_000,
    runner: Annotated[
        str,
        typer.Option(
            metavar="auto|threads|processes|ray",
            help="Who makes it; the bytes are the same. auto: processes for many small samples, else threads.",
        ),
    ] = "auto",
    workers: Annotated[int, typer.Option(metavar="N", min=0, help="How many; 0 for one on each core.")] = 0,
    shard_index: Annotated[
        int, typer.Option(metavar="I", min=0, help="With --num-shards: this job's part, from 0.")
    ] = 0,
    num_shards: Annotated[
        int,
        typer.Option(metavar="N", min=1, help="Jobs that share the work, as on Slurm; foxing degrade merge ends it."),
    ] = 1,
    strict: Annotated[bool, typer.Option("--strict", help="Fail where a photo was rejected.")] = False,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Begin anew where a corpus is already.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say how many, how large and how long.")] = False,
    json: Json = False,
) -> None:
    """Make a training corpus: clean photos in, a Hugging Face dataset of pairs, masks and recipes out.

    Run it again after whatever broke it off: only what is missing is made, and the result is the same to the byte.
    A photo that is damaged is named in rejected.csv and stops nothing; one that cannot be read just now is named there
    too, and tried once more when the same command is run again.

    \b
    Examples:
      foxing degrade build photos/ corpus --preset medium --size 256 --variants 4 --seed 7
      foxing degrade build photos.tar corpus --preset mild --preset severe --old scans/
      foxing degrade build user/photos s3://bucket/corpus --hub --preset wan2020-paper --size 256
    """
    from degrade.cli_build import run_build  # noqa: PLC0415 - heavy
    from degrade.cli_choices import Build  # noqa: PLC0415

    run_build(
        Build(
            source=source,
            out=out,
            presets=tuple(preset or ()),
            pipelines=tuple(pipeline or ()),
            effects=tuple(effect or ()),
            seed=seed,
            variants=variants,
            size=size,
            crop=crop,
            store=store,
            encoding=encoding,
            quality=quality,
            shares=shares,
            old=old,
            hub=hub,
            split=split,
            column=column,
            limit=limit,
            shard_photos=shard_photos,
            textures=textures,
            max_pixels=max_pixels,
            runner=runner,
            workers=workers,
            part=(shard_index, num_shards),
            strict=strict,
            overwrite=overwrite,
            dry_run=dry_run,
            json=json,
        )
    )


def merge(out: Corpus, json: Json = False) -> None:
    """End a corpus that several jobs made: check that every part is there, and write its card."""
    from degrade.cli_build import run_merge  # noqa: PLC0415 - heavy

    run_merge(out, json)


def verify(
    corpus: Corpus,
    sample: Annotated[
        int, typer.Option(metavar="N", min=0, help="Replay only so many rows, drawn at random; 0 for all.")
    ] = 0,
    source: Annotated[
        str, typer.Option(metavar="SRC", help="The clean photos, to replay also rows whose print lies askew.")
    ] = "",
    textures: TexturesOption = None,
    json: Json = False,
) -> None:
    """Check a corpus: the manifest, every file's hash, every row, and that each recipe gives its pixels again.

    \b
    Examples:
      foxing degrade verify corpus
      foxing degrade verify corpus --sample 200 --json
    """
    from degrade.cli_keep import run_verify  # noqa: PLC0415 - heavy

    run_verify(corpus, sample, source, textures, json)


def stats(corpus: Corpus, json: Json = False) -> None:
    """Count a corpus: rows and bytes by split, effects, coverage, rejected photos."""
    from degrade.cli_keep import run_stats  # noqa: PLC0415 - heavy

    run_stats(corpus, json)


def preview(
    corpus: Corpus,
    out: Annotated[Path, typer.Argument(metavar="[PNG]", help="The picture to write.")] = Path("preview.png"),
) -> None:
    """Draw some rows of a corpus: clean, degraded, mask and classes."""
    from degrade.cli_keep import run_preview  # noqa: PLC0415 - heavy

    run_preview(corpus, out)


def export(
    corpus: Corpus,
    out: Annotated[Path, typer.Argument(metavar="OUT", help="The folder to write to.")],
    form: Annotated[str, typer.Option("--format", metavar="folder|webdataset", help="As what.")] = "folder",
    textures: TexturesOption = None,
    json: Json = False,
) -> None:
    """Write a corpus as plain folders of pictures, or as tar files that WebDataset reads."""
    from degrade.cli_keep import run_export  # noqa: PLC0415 - heavy

    run_export(corpus, out, form, textures, json)


def push(
    corpus: Annotated[Path, typer.Argument(metavar="DIR", help="A corpus in a folder.")],
    repository: Annotated[str, typer.Argument(metavar="USER/NAME", help="The dataset on the Hub.")],
    private: Annotated[bool, typer.Option("--private", help="For you alone, where it is new.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only list what would be sent.")] = False,
    json: Json = False,
) -> None:
    """Send a finished corpus to the Hugging Face Hub; run it again after whatever broke it off."""
    from degrade.cli_keep import run_push  # noqa: PLC0415 - heavy

    run_push(corpus, repository, private, dry_run, json)
