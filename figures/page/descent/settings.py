"""What the page is told by Python: its settings, and every number that has its home in theory or sims."""

from typing import Any

from figures.page.knobs import choice, slider, switch
from sims.experiments import descent_models
from sims.experiments.descent_models import ALLOWANCE, MODELS
from sims.verdict import threshold
from theory.risk import Risk

SHOWN = ("random-features", "linear", "weak-features", "fourier")
"""All models of `sims.double_descent` but networks, which are trained and not solved."""
ACTIVATIONS = ("relu", "tanh", "erf", "gelu", "sigmoid", "abs", "sign")
CURVE = {"times_n": 10, "points": 21, "dense": 240}
"""The largest p in units of n, how many p are simulated, and of how many p the lines are made."""


def knobs() -> list[dict[str, Any]]:
    """The settings of the page in their order; `lock` and `seed` are in links too."""
    usual = descent_models.Setting()
    return [
        choice("model", SHOWN),
        choice("activation", ACTIVATIONS),
        slider("n", list(range(10, 121, 5)), 60),
        slider("d", list(range(10, 121, 5)), 40),
        slider("noise", [0.0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.25, 0.5, 1.0, 2.0, 5.0], usual.noise),
        slider("ridge", [0.0, *(float(f"{d}e{e}") for e in range(-6, 1) for d in (1, 2, 5))], usual.ridge),
        slider("trials", [6, 8, 12, 16, 20, 24, 32, 48, 64, 100], 24),
        switch("theory", True),
        switch("parts", False),
        switch("best", False),
        switch("log_x", True),
        switch("log_y", True),
    ]  # fmt: skip


def constants() -> dict[str, Any]:
    """What the page knows of the models, their allowance and their threshold."""
    return {
        "along": "p",
        "floor": 0.0,
        "models": {name: {"formula": MODELS[name].formula, "source": MODELS[name].source} for name in SHOWN},
        "curve": CURVE,
        "signal": descent_models.Setting().signal,
        "fields": Risk._fields,
        "allowance": ALLOWANCE,
        "edge": {"least": threshold.LEAST, "part": threshold.PART},
    }
