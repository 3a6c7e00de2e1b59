"""A private split: a suite from a secret seed, to which its makers are bound by a hash that they publish first."""

import hashlib
import json
import secrets
from dataclasses import dataclass
from pathlib import Path

from benchmark.suite import Plan, SuiteError
from degrade.io import write_bytes


@dataclass(frozen=True, slots=True)
class Secret:
    """What nobody else knows until the split is retired."""

    seed: int
    salt: str


def read_secret(path: Path) -> Secret:
    """The secret in a file, which is made where there is none, for its owner's eyes alone.

    Raises:
        SuiteError: it holds something else.
        OSError: it cannot be written.
    """
    if not path.exists():
        fresh = {"seed": secrets.randbits(63), "salt": secrets.token_hex(32)}
        write_bytes(path, (json.dumps(fresh) + "\n").encode())
        path.chmod(0o600)
    try:
        data = json.loads(path.read_text("utf-8"))
        return Secret(int(data["seed"]), str(data["salt"]))
    except (ValueError, KeyError, TypeError) as error:
        raise SuiteError(f"{path}: no secret ({type(error).__name__}); it holds a seed and a salt as JSON") from None


def committed(secret: Secret, plan: Plan) -> str:
    """The hash that binds: SHA-256 of the seed, the salt and what the plan is apart from its seed."""
    return commitment(secret.seed, secret.salt, f"{plan.name}:{plan.digest}")


def commitment(seed: int, salt: str, plan_id: str) -> str:
    """SHA-256 of seed || salt || id, with bars between."""
    return hashlib.sha256(f"{seed}|{salt}|{plan_id}".encode()).hexdigest()
