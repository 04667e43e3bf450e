"""Solved problems that the page carries and compares with its own numbers when it opens."""

from math import inf
from typing import Any

import numpy as np

import theory

COUNT = 40


def solved(count: int = COUNT, seed: int = 0) -> list[dict[str, Any]]:
    """Random problems of up to three levels with every field of their risk, infinity as "inf".

    Sizes, ridges and tails are spread over decades, and often p = n, p = inf, n = rank or the ridge is 0.

    >>> sorted(solved(1)[0])
    ['lam', 'mult', 'n', 'noise', 'p', 'power', 'ridge', 'tail', 'tailPower', 'want']
    """
    rng = np.random.default_rng(seed)
    return [_solved(rng, at_rank=i % 8 == 7) for i in range(count)]


def _solved(rng: np.random.Generator, at_rank: bool) -> dict[str, Any]:
    """One problem; `at_rank`: n = rank, no tail and no ridge, where limits have formulas of their own."""
    levels = int(rng.integers(1, 4))
    lam = np.exp(rng.normal(0, 3, levels))
    if rng.random() < 0.2:
        lam[:] = 1.0
    whole, any_size = rng.integers(1, 800, levels), np.exp(rng.normal(3, 3, levels))
    mult = np.where(rng.random(levels) < 0.8, whole, any_size)
    power = np.where(rng.random(levels) < 0.8, rng.exponential(1, levels), 0.0)
    tail, tail_power, noise = (float(rng.exponential()) * (rng.random() < 0.5) for _ in range(3))
    n = float(round(10 ** rng.uniform(0.5, 3.5)))
    others = (n, inf, float(mult.sum()))
    p = float(round(10 ** rng.uniform(0, 4))) if rng.random() < 0.6 else float(rng.choice(others))
    ridge = float(10 ** rng.uniform(-12, 3)) * (rng.random() < 0.7)
    if at_rank:
        n, tail, ridge, noise = float(mult.sum()), 0.0, 0.0, noise + 0.1
        p = 2 * n
    problem = theory.Problem(lam, power, mult, tail, tail_power, noise)
    risk = theory.random_features(problem, n, p, ridge)
    numbers = {"n": n, "p": p, "ridge": ridge, "tail": tail, "tailPower": tail_power, "noise": noise}
    arrays = {"lam": lam.tolist(), "mult": mult.tolist(), "power": power.tolist()}
    return arrays | {name: _plain(v) for name, v in numbers.items()} | {"want": [_plain(v) for v in risk]}


def _plain(value: Any) -> float | str:
    return "inf" if np.isinf(value) else float(value)
