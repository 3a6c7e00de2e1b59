"""What is missing without the extras: one line that names the extra, whatever is asked for."""

import re
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from console_runs import ENVIRONMENT, photo

from degrade.extras import BROUGHT_BY, lacking

EXTRAS = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text("utf-8"))["project"][
    "optional-dependencies"
]

RUN = """
import sys
from foxing import main
from degrade.extras import BROUGHT_BY

sys.modules.update(dict.fromkeys(BROUGHT_BY))
for line in sys.stdin.read().splitlines():
    print("rc", main(line.split()), file=sys.stderr, flush=True)
"""

ASKED = {
    "degrade build photos corpus --preset medium --workers 1": "corpus",
    "degrade build photos s3://bucket/corpus --preset medium": "corpus",
    "degrade stats s3://bucket/corpus": "corpus",
    "degrade realism photos photos": "realism",
    "degrade calibrate photos --clean photos --out mine.toml": "realism",
    "degrade gallery pictures": "demo",
    "demo": "demo",
    "models nafnet": "models",
    "train nafnet --data photos --preset medium --out run": "models",
    "restore nafnet photos restored": "models",
    "detect photos photos masks": "models",
    "export photos net.onnx": "models",
    "benchmark make tiny suite": "benchmark",
    "benchmark run --suite tiny --model median --out sweep": "benchmark",
    "benchmark merge sweep other": "benchmark",
    "benchmark report sweep": "benchmark",
    "benchmark diff sweep other": "benchmark",
    "benchmark replay sweep item median": "benchmark",
    "benchmark sets sweep": "benchmark",
    "benchmark export sweep scores.csv": "benchmark",
    "leaderboard add sweep": "leaderboards",
    "leaderboard verify entries": "leaderboards",
    "leaderboard compare sweep": "leaderboards",
    "leaderboard build site": "leaderboards",
    "leaderboard for photos/a.png": "leaderboards",
}


def closure(extra: str) -> set[str]:
    """The distributions that an extra brings."""
    found: set[str] = set()
    for each in EXTRAS[extra]:
        name, inner = re.match(r"([\w-]+)(?:\[(.*)\])?", each).groups()
        found |= {own for part in inner.split(",") for own in closure(part)} if name == "foxing" else {name}
    return found


def test_every_extra_that_a_message_names_brings_the_library() -> None:
    installed = packages_distributions()
    for module, extra in BROUGHT_BY.items():
        names = {name.lower().replace("_", "-") for name in installed.get(module, [module])}
        assert names & closure(extra), f"{module} is not in {extra}"
    for command, extra in (("benchmark", "benchmark"), ("leaderboard", "leaderboards"), ("train", "models")):
        assert closure("corpus") < closure(extra)
        assert lacking(ModuleNotFoundError("", name="pyarrow"), command).endswith(f"pip install 'foxing[{extra}]'")


def test_an_import_that_no_extra_mends_is_no_mistake_of_the_users() -> None:
    for error in (ModuleNotFoundError("no", name="nobody"), ImportError("cannot import name", name="pyarrow")):
        with pytest.raises(type(error)):
            lacking(error)
    assert lacking(ImportError("Please install gcsfs to access Google Storage")).startswith("Please install gcsfs")
    assert lacking(ImportError("Install s3fs to access S3")) == "s3fs is not installed: pip install 'foxing[s3]'"


def test_whatever_needs_an_extra_says_so_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    photo(tmp_path / "photos/a.png")
    done = subprocess.run(
        [sys.executable, "-c", RUN],
        input="\n".join(ASKED),
        cwd=tmp_path,
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        check=False,
    )
    said = re.split(r"rc (\d)\n", done.stderr)
    assert len(said) == 2 * len(ASKED) + 1, done.stderr
    for (command, extra), words, code in zip(ASKED.items(), said[0::2], said[1::2], strict=False):
        assert re.fullmatch(rf"foxing: [^\n]*pip install 'foxing\[{extra}\]'[^\n]*\n", words), f"{command}: {words}"
        assert code in "12", command
