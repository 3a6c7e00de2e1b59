"""The columns of a corpus, in the words of Arrow and of the datasets library."""

import json
from functools import cache
from typing import Any

IMAGES = ("clean", "degraded", "mask", "defects")

COLUMNS: dict[str, str] = {
    "key": "string",
    "clean": "image",
    "degraded": "image",
    "mask": "map",
    "defects": "map",
    "recipe": "string",
    "preset": "string",
    "variant": "int32",
    "left": "int32",
    "top": "int32",
    "width": "int32",
    "height": "int32",
    "severity": "int8",
    "effects": "list",
    "seed": "int64",
    "coverage": "float32",
    "moved": "bool",
    "source_sha256": "string",
    "degraded_sha256": "string",
    "versions": "string",
}
"""Every column and its type; `image` and `map` are what the datasets library calls Image, `list` is of strings."""


def features() -> dict[str, Any]:
    """The columns in the words of the datasets library."""
    kinds = {
        "image": {"mode": "RGB", "_type": "Image"},  # a grey photo keeps its bytes, and is read with three channels
        "map": {"_type": "Image"},
        "list": {"feature": {"dtype": "string", "_type": "Value"}, "_type": "List"},
    }
    return {name: kinds.get(kind, {"dtype": kind, "_type": "Value"}) for name, kind in COLUMNS.items()}


@cache
def schema() -> Any:
    """The Arrow schema, with the features inside, so that a lone file opens with images too."""
    import pyarrow as pa  # noqa: PLC0415  (an extra)

    picture = pa.struct({"bytes": pa.binary(), "path": pa.string()})
    types = {
        "image": picture,
        "map": picture,
        "list": pa.list_(pa.string()),
        "bool": pa.bool_(),
    }
    columns = [(name, types.get(kind) or getattr(pa, kind)()) for name, kind in COLUMNS.items()]
    return pa.schema(columns, metadata={"huggingface": json.dumps({"info": {"features": features()}})})
