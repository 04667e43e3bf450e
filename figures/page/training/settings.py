"""What the page of training time is told by Python: its settings, times and allowance."""

from typing import Any

from figures.page.knobs import slider, switch
from sims.experiments.early_stopping import NEAREST, TIMES

FIELDS = ("test", "train", "bias", "variance", "norm", "var_samples", "var_noise_samples")
"""The fields of Risk that the flow has and the page solves."""


def knobs() -> list[dict[str, Any]]:
    """The settings of the page in their order; `lock` and `seed` are in links too."""
    speeds = [float(f"{digit}e{e}") for e in (-3, -2, -1) for digit in (1, 2, 5)]
    return [
        slider("n", range(40, 121, 4), 80),
        slider("ratio", [round(0.1 * k, 1) for k in range(1, 21)], 0.7),
        slider("slow", [*speeds, 1.0], 0.01),
        slider("share", [k / 10 for k in range(11)], 0.8),
        slider("noise", [0.0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0], 0.5),
        slider("trials", [16, 20, 24, 32, 48, 64, 100], 32),
        switch("theory", True),
        switch("parts", False),
        switch("ridge", True),
        switch("log_y", False),
    ]


def constants() -> dict[str, Any]:
    """What the page knows of the experiment; the flow is good to 12 digits of the total power 1."""
    return {
        "along": "t",
        "floor": 1.0,
        "formula": "y = x'beta + noise, p Gaussian inputs; beta'(t) = X'(y - X beta(t))/n from 0",
        "fields": FIELDS,
        "curve": {"first": TIMES[0], "last": TIMES[-1], "dense": 100, "times": TIMES},
        "allowance": {"whole": 1.0, "nearest": NEAREST},
    }
