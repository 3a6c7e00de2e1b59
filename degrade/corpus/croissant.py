"""The corpus in Croissant, the vocabulary of machine-learning datasets: one JSON file beside the card.

Source: the Croissant format specification 1.0, MLCommons 2024.
"""

import json
import re
from typing import Any

from degrade.corpus.card_head import title
from degrade.corpus.card_words import COLUMNS_SAY, INTRODUCTION
from degrade.corpus.columns import COLUMNS

CROISSANT = "croissant.json"

CONTEXT: dict[str, Any] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileProperty": "cr:fileProperty",
    "fileObject": "cr:fileObject",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}
"""The vocabulary's own: every file has it word for word."""

TYPES = {
    "string": "sc:Text",
    "list": "sc:Text",
    "image": "sc:ImageObject",
    "map": "sc:ImageObject",
    "bool": "sc:Boolean",
    "int8": "cr:Int8",
    "int32": "cr:Int32",
    "int64": "cr:Int64",
    "float32": "cr:Float32",
}

LICENCE = "TO SET: the licence of the photographs"

FILES, ROWS, SPLITS = "parquet-files", "rows", "splits"


def croissant(build: dict[str, Any], stats: dict[str, Any]) -> str:
    """The text of croissant.json.

    Args:
        build: of build.json.
        stats: of stats.json.
    """
    data = {
        "@context": CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "name": _slug(title(build)),
        "alternateName": title(build),
        "description": f"{INTRODUCTION.replace('`', '')} {stats['rows']} rows.",
        "license": LICENCE,
        "citeAs": f"{title(build)}. TO SET: who made this corpus.",
        "version": "1.0.0",
        "keywords": ["foxing", "old photo restoration", "image restoration", "synthetic data"],
        "distribution": [_files()],
        "recordSet": [_splits(stats), _rows(stats)],
    }
    return json.dumps(data, indent=1, ensure_ascii=False) + "\n"


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


def _files() -> dict[str, Any]:
    return {
        "@type": "cr:FileSet",
        "@id": FILES,
        "name": FILES,
        "description": "The shards, in the Hugging Face way.",
        "encodingFormat": "application/x-parquet",
        "includes": "data/*.parquet",
    }


def _splits(stats: dict[str, Any]) -> dict[str, Any]:
    name = {"@type": "cr:Field", "@id": f"{SPLITS}/name", "name": "name", "dataType": "sc:Text"}
    return {
        "@type": "cr:RecordSet",
        "@id": SPLITS,
        "name": SPLITS,
        "description": "Parts of the corpus; all rows of a photo are in one.",
        "dataType": "cr:Split",
        "key": {"@id": f"{SPLITS}/name"},
        "field": [name],
        "data": [{f"{SPLITS}/name": split} for split in stats["splits"]],
    }


def _rows(stats: dict[str, Any]) -> dict[str, Any]:
    split = {
        "@type": "cr:Field",
        "@id": f"{ROWS}/split",
        "name": "split",
        "description": "The part that the row is in.",
        "dataType": "sc:Text",
        "source": {
            "fileSet": {"@id": FILES},
            "extract": {"fileProperty": "fullpath"},
            "transform": {"regex": f"data/({'|'.join(stats['splits'])})-.+parquet$"},  # readers turn it into a glob
        },
        "references": {"field": {"@id": f"{SPLITS}/name"}},
    }
    return {
        "@type": "cr:RecordSet",
        "@id": ROWS,
        "name": ROWS,
        "description": "The rows of the corpus.",
        "field": [split, *(_column(name, kind) for name, kind in COLUMNS.items())],
    }


def _column(name: str, kind: str) -> dict[str, Any]:
    source: dict[str, Any] = {"fileSet": {"@id": FILES}, "extract": {"column": name}}
    if kind in ("image", "map"):
        source["transform"] = {"jsonPath": "bytes"}
    field = {
        "@type": "cr:Field",
        "@id": f"{ROWS}/{name}",
        "name": name,
        "description": COLUMNS_SAY[name].replace("`", ""),
        "dataType": TYPES[kind],
        "source": source,
    }
    return field | ({"repeated": True} if kind == "list" else {})
