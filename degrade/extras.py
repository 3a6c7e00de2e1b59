"""Which extra of Foxing brings a library that is missing, and what to type for it."""

BROUGHT_BY = {
    "albumentations": "albumentations",
    "fpng": "corpus",
    "fsspec": "corpus",
    "huggingface_hub": "corpus",
    "isal": "corpus",
    "jsonschema": "leaderboards",
    "onnx": "onnx",
    "onnxruntime": "onnx",
    "onnxscript": "onnx",
    "optuna": "realism",
    "pyarrow": "corpus",
    "pyiqa": "metrics",
    "ray": "ray",
    "s3fs": "s3",
    "safetensors": "models",
    "skimage": "demo",
    "sklearn": "realism",
    "tensorboard": "tensorboard",
    "torch": "models",
}
"""By the name that is imported."""

WANTED_BY = {"benchmark": "benchmark", "leaderboard": "leaderboards", "train": "models"}
"""By a command of which the libraries of corpora are only a part of what it needs."""


def lacking(error: ImportError, command: str = "") -> str:
    """What is missing and what to type, where an extra brings it.

    Args:
        error: of the import; one without a module's name, as fsspec's, says in words what it wants.
        command: the first word behind `foxing`.

    Raises:
        ImportError: no extra brings it, so that it is no mistake of the user's.
    """
    module = error.name if isinstance(error, ModuleNotFoundError) else "s3fs" if "s3fs" in str(error) else ""
    if module in BROUGHT_BY:
        extra = BROUGHT_BY[module]
        wanted = WANTED_BY.get(command, extra) if extra == "corpus" else extra
        return f"{module} is not installed: pip install 'foxing[{wanted}]'"
    if error.name:
        raise error
    return str(error)
