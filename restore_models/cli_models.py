"""The commands that tell of models and hand them on: `models` and `export`."""

import json as json_format
from dataclasses import asdict
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from degrade.cli_table import table
from degrade.console import FailureError, MisuseError, one_line, reason, remedy, show, tell
from restore_models.resolve import network_in, unknown
from restore_models.restorer import Model, ModelError
from restore_models.settings_file import to_toml
from restore_models.zoo import models


def list_models(json: bool) -> None:
    """Print every model."""
    found = [as_data(model) for model in models().values()]
    if json:
        show(json_format.dumps(found, ensure_ascii=False, indent=1))
        return
    rows = []
    for each in found:
        parameters = f"{each['parameters'] / 1e6:.3g} M" if each["parameters"] else "-"
        wants = "wants a mask" if each["wants_mask"] else "-"
        rows.append((each["name"], parameters, wants, needs(each["needs"]), each["about"], each["source"]))
    table(["model", "parameters", "mask", "before use", "what", "source"], rows)
    if find_spec("torch") is None:
        tell("learned models need torch, which is not installed: pip install 'foxing[models]'")


def show_model(name: str, json: bool) -> None:
    """Print the settings of one model, or all that is known of it.

    Raises:
        MisuseError: there is none of that name, or nothing can be chosen of it.
    """
    model = models().get(name)
    if model is None and Path(name).exists():
        raise MisuseError(f"{name}: a file or folder; foxing models takes a model's name, config.json has its settings")
    if model is None:
        raise MisuseError(unknown(name))
    if json:
        config = None if model.config is None else asdict(model.config)
        show(json_format.dumps(as_data(model) | {"config": config}, ensure_ascii=False, indent=1))
    elif model.stages:
        show(to_toml(model).rstrip())
    else:
        raise MisuseError(f"{name} has no settings to train by; foxing restore {name} photos/ restored/")


def needs(what: str) -> str:
    """The same for a narrow column."""
    return {"nothing": "-", "training": "foxing train"}.get(what, what)


def as_data(model: Model) -> dict[str, Any]:
    """A model for programs."""
    return {
        "name": model.name,
        "about": model.about,
        "source": model.source,
        "parameters": parameters(model),
        "wants_mask": model.wants_mask,
        "needs": model.needs,
        "stages": [stage.name for stage in model.stages],
    }


def parameters(model: Model) -> int:
    """How many numbers its networks in use hold; 0 of those that have none, or make them for each photo."""
    if model.needs == "nothing":
        return 0
    import torch  # noqa: PLC0415 - heavy

    with torch.random.fork_rng():
        built = model.build(model.config)
    return sum(each.numel() for each in built.parameters()) if isinstance(built, torch.nn.Module) else 0


TOLERANCE = 1 / 510
"""Of full scale: half a level of a picture."""


def run_export(checkpoint: Path, out: Path, json: bool) -> None:
    """Write the ONNX file, and say the parity.

    Raises:
        MisuseError: the checkpoint cannot be used, or the file's name is no name of an ONNX file.
        FailureError: the network cannot be exported, gives other results there, or cannot be written.
    """
    if out.suffix.lower() != ".onnx" or out.is_dir():
        raise MisuseError(f"{out}: name a file that ends in .onnx")
    try:
        network = network_in(checkpoint, "cpu", 0)
        from restore_models.export import export_onnx, parity  # noqa: PLC0415 - heavy, and of an extra

        export_onnx(network, out)
        side = -(-96 // network.grid) * network.grid  # as few pixels as fit, but not one grid alone
        difference = parity(network, out, (side, side))
    except ModelError as error:
        raise MisuseError(one_line(str(error))) from None
    except OSError as error:
        raise FailureError(f"{reason(error)}; {remedy(error)}") from None
    except RuntimeError as error:  # the exporter's are, and long
        raise FailureError(f"{checkpoint}: cannot be exported: {one_line(str(error))[:300]}") from None
    if not difference <= TOLERANCE:
        raise FailureError(f"{out}: its results differ from ours by {difference:.2g} of full scale; do not use it")
    if json:
        show(json_format.dumps({"file": str(out), "grid": network.grid, "difference": difference}, indent=1))
    else:
        levels = f"{difference:.1e} of full scale at most"
        show(f"{out}: {out.stat().st_size / 1e6:.1f} MB; its results differ from ours by {levels}")
