"""Bayesian linear networks: at every width a mixture over one number."""

from functools import cache

import numpy as np

from sims.claims import Claim, Settings
from sims.claims.claim import Array
from sims.experiments.linear_posterior import LinearNetwork, gibbs_scales
from theory.papers import hanin2023, li2021


@cache
def _data(n: int, d: int, noise: float) -> tuple[Array, Array, Array]:
    """Inputs, labels larger than the prior expects, and a fresh input: the same in every trial."""
    rng = np.random.default_rng(3)
    X, fresh = rng.standard_normal((n, d)), np.ones(d)
    return X, 2 * X @ np.ones(d) / np.sqrt(d) + np.sqrt(noise) * rng.standard_normal(n), fresh


def _sampled(s: Settings, rng: np.random.Generator) -> Array:
    """Means over chains of the output at the fresh input, its square, and |a|^2/N."""
    X, y, fresh = _data(s.n, s.d, s.noise)
    network = LinearNetwork(X, y, s.noise, (s.width,))
    chains = network.sample(s.chains, s.draws, s.warm_up, rng, leaps=12)
    states = chains.states.reshape(-1, chains.states.shape[-1])
    outputs = network.coefficients(states) @ fresh
    return np.array([outputs.mean(), (outputs**2).mean(), (states[:, -s.width :] ** 2).mean()])


def _posterior(s: Settings, width: float | None = None, noise: float | None = None) -> Array:
    X, y, fresh = _data(s.n, s.d, s.noise)
    level = s.noise if noise is None else noise
    K, cross, own = X @ X.T / s.d, X @ fresh / s.d, fresh @ fresh / s.d
    found = hanin2023.predict(K, cross, own, y, level, s.width if width is None else width)
    return np.array([found.mean, found.variance + found.mean**2, found.scale])


posterior = Claim(
    statement="A Bayesian linear network with one hidden layer is, given its labels, a mixture of Gaussian "
    "processes that differ in the scale of their kernel alone, at every width.",
    formula="f | Q ~ GP(0, Q K), Q ~ chi^2_N/N; p(Q | y) proportional to p(Q) N(y; 0, Q K + noise I)",
    source="[hanin2023, Thm 1†]; with noise own derivation",
    kind="exact",
    defaults={"n": 4, "d": 3, "width": 2, "noise": 2.0, "chains": 32, "draws": 30, "warm_up": 30},
    simulated="Hamiltonian Monte Carlo over all weights of the network, many chains from the prior; means of "
    "the output at a fresh input, of its square and of |a|^2/N over what is kept after the warm-up",
    trial=_sampled,
    theory=_posterior,
    labels=("f(x)", "f(x)^2", "|a|^2/N"),
    trials=128,
    quick=64,
    sabotage={
        "a network of infinite width": lambda s: _posterior(s, np.inf),
        "one unit fewer": lambda s: _posterior(s, s.width - 1),
        "half of the noise": lambda s: _posterior(s, noise=s.noise / 2),
    },
)


def _interpolating(s: Settings, rng: np.random.Generator) -> float:
    """Mean of Q over draws, for labels of y'K^-1 y/n = r in a random direction."""
    X, y = rng.standard_normal((s.n, s.d)), rng.standard_normal(s.n)
    y *= np.sqrt(s.r * s.n / (y @ np.linalg.solve(X @ X.T / s.d, y)))
    return float(gibbs_scales(X, y, s.width, s.draws, s.warm_up, rng).mean())


scale = Claim(
    statement="Of a linear network that interpolates, the labels know one number: the posterior mean of "
    "|a|^2/N depends on n, the width and y'K^-1 y alone, and multiplies the variance of every prediction.",
    formula="E Q = sqrt(r n/N) K_(v+1)(s)/K_v(s), v = (N - n)/2, s = sqrt(N r n), r = y'K^-1 y/n",
    source="[hanin2023, Thm 1†] for one hidden layer",
    kind="exact",
    defaults={"n": 3, "d": 6, "width": 5, "r": 4.0, "draws": 40, "warm_up": 20},
    simulated="a Gaussian design and labels of the given size; weights drawn by Gibbs sampling, the read-out "
    "given the first layer and back, both conditioned to interpolate; the mean of |a|^2/N",
    trial=_interpolating,
    theory=lambda s: hanin2023.scale(s.n, s.width, s.r),
    trials=800,
    quick=400,
    sabotage={
        "the limit of large n and width": lambda s: li2021.renormalisation(s.n / s.width, s.r),
        "one unit fewer": lambda s: hanin2023.scale(s.n, s.width - 1, s.r),
        "one sample more": lambda s: hanin2023.scale(s.n + 1, s.width, s.r),
        "the prior": lambda s: 1.0,
    },
)
