"""What the numbers of a trial depend on, as one key: experiment, settings, point, seed, trial and code."""

import json
import platform
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Point:
    """What the trials at one point of a grid depend on, beside their number."""

    experiment: str
    config: Mapping[str, Any]
    seed: int
    index: int = 0
    """Of the point in its grid; the random numbers depend on it."""
    place: Any = None
    """The point itself, as JSON."""
    code: str = ""
    """What stands for the code; by default the digest of `code()`."""

    @cached_property
    def document(self) -> str:
        """Canonical JSON: sorted, without spaces.

        >>> Point("peak", {"n": 3, "d": 2}, seed=0, code="x").document
        '{"code":"x","config":{"d":2,"n":3},"experiment":"peak","point":[0,null],"seed":0}'
        """
        whole = {
            "code": self.code or code(),
            "config": dict(self.config),
            "experiment": self.experiment,
            "point": [self.index, self.place],
            "seed": self.seed,
        }
        return json.dumps(whole, sort_keys=True, separators=(",", ":"), allow_nan=False)

    def key(self, trial: int) -> bytes:
        """Primary key of a trial."""
        return trial_key(self.document, trial)


def trial_key(document: str, trial: int) -> bytes:
    """Digest of a point's document with the trial beside what it holds.

    >>> trial_key('{"seed":0}', 1) == sha256(b'{"seed":0,"trial":1}').digest()
    True
    """
    return sha256(f'{document[:-1]},"trial":{trial}}}'.encode()).digest()  # "trial" sorts last


@cache
def code() -> str:
    """Digest of the sources of `theory` and `sims` and of the libraries that compute.

    >>> len(code())
    64
    """
    root = Path(__file__).resolve().parents[2]
    digest = sha256()
    for name in ("numpy", "scipy", "numba"):
        try:
            digest.update(f"{name} {version(name)};".encode())
        except PackageNotFoundError:  # not installed as a package: its version is unknown
            digest.update(f"{name};".encode())
    for package in ("theory", "sims"):
        for source in sorted((root / package).rglob("*.py")):
            text = source.read_bytes()
            digest.update(f"{source.relative_to(root).as_posix()} {len(text)};".encode() + text)
    return digest.hexdigest()


def versions() -> dict[str, str]:
    """Versions that a result depends on.

    >>> "numpy" in versions()
    True
    """
    found = {"python": platform.python_version()}
    for name in ("overparam", "numpy", "scipy", "numba"):
        try:
            found[name] = version(name)
        except PackageNotFoundError:  # run from a checkout that is not installed
            found[name] = "not installed"
    return found
