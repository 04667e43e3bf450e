"""Every figure at another setting than its own: theory, allowance and marks follow, and all agrees."""

from pathlib import Path
from typing import Any

import pytest

from figures import build, registry
from figures.parameters import Value

EFFORT = ("trials", "runs", "repeats", "networks", "verdicts", "seed")
"""Parameters that change how much is computed, or what is drawn, and not what theory says."""
OTHER: dict[str, dict[str, Value]] = {
    "adlam2020_variance": {"n": 75},  # with fewer, here and below, the trials decide nothing
    "arora2019_labels": {"width": 800},  # an even number
    "bahri2024_regimes": {"alpha": 1.8},
    "belkin2019_schematic": {"trials": 16},  # beside its own n the trials decide nothing
    "heckel2021_network": {"trials": 48},  # the second descent is shown at its own n
    "kobak2020_negative": {"n": 125},
    "lejeune2020_ensemble": {"n": 150},  # with fewer, members reach their own threshold
    "lejeune2020_members": {"n": 150},
    "levi2024_grokking": {"n": 250},
    "li2020_noise": {"wrong": 2},
    "mackay1992_calibration": {"n": 100},
    "marchenko1967_gap": {"n": 300},
}
"""Settings of figures for which a fifth less of their first parameter would be none."""


def other(name: str) -> dict[str, Value]:
    """The first parameter of a figure that theory knows, a fifth smaller; without one, its effort halved."""
    if name in OTHER:
        return OTHER[name]
    parameters = registry.figure(name).parameters
    known = [one for one in parameters if one.name not in EFFORT]
    chosen, factor = (known[0], 0.8) if known else (parameters[0], 0.5)
    assert not isinstance(chosen.default, str)
    value = factor * chosen.default
    return {chosen.name: int(value) if isinstance(chosen.default, int) else float(f"{value:.3g}")}


def built(name: str, folder: Path) -> str:
    """What is wrong with the figure at the other setting, or nothing.

    It is first drawn with a quarter of its trials; what they leave undecided is drawn with all of them.
    """
    values: dict[str, Any] = other(name)
    for one in registry.figure(name).parameters:
        if one.name == "trials":
            error = _error(name, folder, values | {"trials": max(int(one.default) // 4, 2)})
            if "undecided" not in error:
                return error
    return _error(name, folder, values)


def _error(name: str, folder: Path, values: dict[str, Any]) -> str:
    words = tuple(f"{key}={value}" for key, value in values.items())
    error = build.build(name, folder, build.Settings(formats=("csv",), sets=words)).error
    return error and f"{' '.join(words)}: {error}"


@pytest.mark.slow
@pytest.mark.parametrize("name", registry.names())
def test_a_figure_agrees_at_another_setting(name: str, tmp_path: Path) -> None:
    pytest.importorskip("mlxtend")
    assert built(name, tmp_path) == ""
