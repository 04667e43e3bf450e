"""Solved problems of the flow that the page carries and compares with its own numbers when it opens."""

from typing import Any

import numpy as np

from figures.page.training.settings import FIELDS
from sims.experiments.early_stopping import EarlyStopping
from theory.dynamics import gradient_flow


def solved(count: int = 40, seed: int = 0) -> list[dict[str, Any]]:
    """Random settings of the page at random times, every fourth with n = p, and the fields of their risk.

    >>> sorted(solved(1)[0])
    ['lam', 'm', 'n', 'noise', 'power', 'time', 'want']
    """
    rng = np.random.default_rng(seed)
    return [_solved(rng, square=i % 4 == 3) for i in range(count)]


def _solved(rng: np.random.Generator, square: bool) -> dict[str, Any]:
    n = int(rng.integers(40, 121))
    p = n if square else int(rng.integers(4, 241))
    slow, share = float(10 ** rng.uniform(-3, -0.1)), float(rng.random())
    setting = EarlyStopping(n, p, slow, share, noise=float(rng.exponential()))
    problem, time = setting.problem, float(10 ** rng.uniform(-1, 4))
    flow = gradient_flow(problem, n, time)
    return {
        "n": n,
        "time": time,
        "noise": setting.noise,
        "lam": [1.0, slow],
        "m": list(setting.halves),
        "power": [1 - share, share],
        "want": [float(getattr(flow, name)) for name in FIELDS],
    }
