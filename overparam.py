"""Analytic models of over-parameterization: theory, simulation, and a verdict between them, under one name.

    import overparam as op

    problem = op.Problem.from_activation_on_sphere("relu", d=100, target_power=[0, 1], noise=0.25)
    risk = op.random_features(problem, n=200, p=[50, 400, 2000])

Each name is imported when it is first used. `theory`, `sims` and `figures` hold all others.
"""

from importlib import import_module
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sims.trials.sample import Sample
    from sims.verdict import Verdict, judge
    from theory import Problem, Risk, kernel, optimal_ridge, papers, random_features, ridge

    __version__: str

__all__ = [
    "Problem",
    "Risk",
    "Sample",
    "Verdict",
    "__version__",
    "judge",
    "kernel",
    "optimal_ridge",
    "papers",
    "random_features",
    "ridge",
]

_HOMES = {"Sample": "sims.trials.sample", "Verdict": "sims.verdict", "judge": "sims.verdict"}
"""Where a name comes from, if not from `theory`."""


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module 'overparam' has no attribute {name!r}; it has {', '.join(__all__)}")
    if name == "__version__":
        from importlib.metadata import version

        value: Any = version("overparam")
    elif name == "papers":
        value = import_module("theory.papers")
    else:
        value = getattr(import_module(_HOMES.get(name, "theory")), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return list(__all__)


def main() -> int:
    """The console script `overparam`: the commands of `python -m sims` by their names; its exit code."""
    from sims.__main__ import main as front_door
    from sims.shell import streams

    return streams.run(front_door)


def _refuse_strangers() -> None:
    """ImportError that names a user's own `theory` or `sims`, if Python finds it first.

    The check is loaded by its place: what Python calls `sims` may be the stranger.
    """
    place = Path(__file__).resolve().parent / "sims" / "shell" / "shadow.py"
    spec = spec_from_file_location("_overparam_shadow", place)
    assert spec is not None
    assert spec.loader is not None
    shadow = module_from_spec(spec)
    spec.loader.exec_module(shadow)
    for package in ("theory", "sims"):
        shadow.check(package)


_refuse_strangers()
