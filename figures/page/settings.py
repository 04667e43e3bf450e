"""What the page is told by Python: its settings, and every number that has its home in theory or sims."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from sims.double_descent.command import FALSE_ALARM
from sims.experiments import descent_models
from sims.experiments.descent_models import ALLOWANCE, MODELS
from sims.trials import fingerprint
from sims.verdict import equality, inputs, means, more_trials, threshold
from theory.arguments import SAME
from theory.risk import Risk

SHOWN = ("random-features", "linear", "weak-features", "fourier")
"""All models of `sims.double_descent` but networks, which are trained and not solved."""
ACTIVATIONS = ("relu", "tanh", "erf", "gelu", "sigmoid", "abs", "sign")
CURVE = {"times_n": 10, "points": 21, "dense": 240}
"""The largest p in units of n, how many p are simulated, and of how many p the lines are made."""


def slider(name: str, steps: list[float], default: float) -> dict[str, Any]:
    """A setting that is one of some numbers."""
    return {"name": name, "kind": "slider", "steps": steps, "default": default}


def choice(name: str, options: tuple[str, ...]) -> dict[str, Any]:
    """A setting that is one of some words, the first by default."""
    return {"name": name, "kind": "choice", "options": options, "default": options[0]}


def switch(name: str, default: bool) -> dict[str, Any]:
    """A setting that is on or off: 1 or 0 in a link."""
    return {"name": name, "kind": "switch", "default": int(default)}


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


TEXTS = ("seed", "lock")
"""Keys of a link that are no knobs: the seed, and the names of knobs that an exam hides."""


def view(text: str) -> dict[str, str]:
    """What `--view` asks for, by key: the same words as in a link to the page.

    >>> view("model=linear&noise=1")
    {'model': 'linear', 'noise': '1'}
    """
    asked = dict(parse_qsl(text, keep_blank_values=True))
    known = [*(knob["name"] for knob in knobs()), *TEXTS]
    for key in asked:
        if key not in known:
            raise ValueError(f"--view = {text}: {key!r} is no setting; choose from {', '.join(known)}")
    return asked


def constants(opening: Mapping[str, str]) -> dict[str, Any]:
    """All constants of the page; `opening` is the view that it shows first."""
    return {
        "version": fingerprint.versions()["overparam"],
        "models": {name: {"formula": MODELS[name].formula, "source": MODELS[name].source} for name in SHOWN},
        "knobs": knobs(),
        "opening": dict(opening),
        "curve": CURVE,
        "signal": descent_models.Setting().signal,
        "fields": Risk._fields,
        "same": SAME,
        "allowance": ALLOWANCE,
        "edge": {"least": threshold.LEAST, "part": threshold.PART},
        "verdict": {
            "useful": equality.USEFUL,
            "rounding": inputs.ROUNDING,
            "fewest": means.FEWEST,
            "fewest_known": means.FEWEST_KNOWN,
            "varied": means.VARIED,
            "vouched": means.VOUCHED._asdict(),
            "unknown": means.UNKNOWN._asdict(),
            "step": more_trials.STEP,
            "largest": more_trials.LARGEST,
            "false_alarm": FALSE_ALARM,
        },
    }
