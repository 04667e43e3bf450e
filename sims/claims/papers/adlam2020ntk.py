"""The neural tangent kernel in high dimensions: a network of finite width with both layers trained."""

from typing import Any

import numpy as np

from sims import features
from sims.claims import Claim, Settings
from sims.claims.claim import Array
from theory.activation import function, slope
from theory.papers import adlam2020ntk

NETWORK = (
    "n inputs are drawn on the sphere of R^d, and a network of one hidden layer whose read-out weights have "
    "equal size and random sign; regression with its tangent kernel, "
)
GIVEN = "exact in the mean over targets and noise, on 2 n held-out inputs"


def _gram(s: Settings, Z: Array, X: Array, W: Array, a: Array) -> Array:
    """Tangent kernel of N^(-1/2) sum_j a_j activation(<w_j, x>/sqrt d) in both layers."""
    at_Z, at_X = (points @ W.T / np.sqrt(s.d) for points in (Z, X))
    h, h1 = function(s.activation), slope(s.activation)
    inner = (h1(at_Z) * a**2) @ h1(at_X).T * (Z @ X.T / s.d)
    return (h(at_Z) @ h(at_X).T + inner) / len(W)


def errors(s: Settings, widths: list[int], rng: np.random.Generator) -> Array:
    """(widths, 2): test and training error, on the first neurons of one network."""
    X, Z = features.sphere(s.n, s.d, rng), features.sphere(2 * s.n, s.d, rng)
    W = features.sphere(max(widths), s.d, rng)
    a = np.full(len(W), np.sqrt(s.output_variance))  # of either sign: the kernel has their squares
    errors = []
    for width in widths:
        K = _gram(s, np.concatenate([X, Z]), X, W[:width], a[:width])
        hat = np.linalg.solve(K[: s.n] + s.gamma * np.eye(s.n), K.T).T
        lost = ((np.concatenate([X, Z]) - hat @ X) ** 2).sum(axis=1) / s.d
        kept = hat.copy()
        kept[: s.n] -= np.eye(s.n)  # the labels of the training set have the noise that was fitted
        total = lost + s.noise * (kept**2).sum(axis=1)
        errors.append([s.noise + total[s.n :].mean(), total[: s.n].mean()])
    return np.array(errors)


def _theory(s: Settings, **change: Any) -> Any:
    point = {"phi": s.d / s.n, "psi": s.d / s.width, "gamma": s.gamma, "activation": s.activation}
    return adlam2020ntk.risk(**{**point, "output_variance": s.output_variance, "noise": s.noise, **change})


risk = Claim(
    statement="Regression with the tangent kernel of a network of finite width, both layers trained, "
    "has test and training errors in closed form when samples, width and dimension are in proportion.",
    formula="kernel = random-feature kernel + output_variance [(s - mu1^2) I + mu1^2 X'X/d] + gamma I, mu1 "
    "= E activation'(z), s = E activation'(z)^2, z ~ N(0, 1)",
    source="[adlam2020ntk, Thm 1†]",
    kind="asymptotic",
    defaults={
        "n": 100, "width": 75, "d": 50, "gamma": 1.0, "output_variance": 1.0, "activation": "erf",
        "noise": 0.2,
    },
    simulated=NETWORK + GIVEN,
    trial=lambda s, rng: errors(s, [s.width], rng)[0],
    theory=lambda s: _theory(s)[:2],
    allowance=lambda s: np.array([2, 3]) / s.n,
    labels=("test", "train"),
    grows=("n", "width", "d"),
    trials=128,
    quick=64,
    sabotage={
        "the read-out alone is trained": lambda s: _theory(s, output_variance=0.0)[:2],
        "gamma beside the mean squared error": lambda s: _theory(s, gamma=s.gamma * s.n)[:2],
    },
)  # fmt: skip


def _around(s: Settings, rng: np.random.Generator, peak: int | None = None) -> Array:
    """Log error at the peak less that at half and at twice as many units, and its falls around n units."""
    units = round(s.n / (s.d + 1)) if peak is None else peak
    fewer, at, more, before, n, after = np.log(
        errors(s, [units // 2, units, 2 * units, s.n // 2, s.n, 2 * s.n], rng)[:, 0]
    )
    return np.array([at - fewer, at - more, before - n, n - after])


peak = Claim(
    statement="With both layers trained and a tiny penalty, the error peaks where all parameters together "
    "are as many as the samples, which takes a few units only. It keeps falling as the units become as many "
    "as the samples, where training the read-out alone has its peak.",
    formula="gamma -> 0: N -> test(N) has a maximum near N (d + 1) = n and decreases through N = n, N units",
    source="own statement, for few units; for N of the order of n [adlam2020ntk, Sec. 4†]",
    kind="shape",
    defaults={
        "n": 60, "d": 30, "gamma": 1e-3, "output_variance": 1.0, "activation": "erf", "noise": 0.2,
    },
    simulated=NETWORK + "for the first neurons of one network: by how much the logarithm of the test error "
    "at n/(d + 1) units exceeds that at half and at twice as many, and falls from n/2 to n units and to 2 n, "
    + GIVEN,
    trial=_around,
    theory=lambda s: 0.0,
    relation=">=",
    labels=("n parameters above n/2", "n parameters above 2 n", "fall from n/2 to n units", "from n to 2 n"),
    quick=40,
    sabotage={
        "the read-out alone": {"defaults": {"output_variance": 0.0}},
        "a peak at as many units as samples": {"trial": lambda s, rng: _around(s, rng, peak=s.n)},
        "a large penalty": {"defaults": {"gamma": 10.0}},
        "each doubling of the units takes a fifth off": lambda s: -np.log(1 - 1 / 5),
    },
)  # fmt: skip
