"""One gradient step puts a spike into the first layer."""

import numpy as np

from sims.claims import Claim, Settings
from sims.claims.claim import Array
from theory.activation import moments
from theory.papers import ba2022

SPIKE = moments("tanh").mu1


def _label_power(s: Settings) -> float:
    """tanh(beta.x) plus noise."""
    m = moments("tanh")
    return float(m.mu1**2 + m.mu_star2 + s.noise)


def _step(s: Settings, rng: np.random.Generator) -> Array:
    """Largest singular value and squared alignment after one step of f - f_0, tanh units."""
    X = rng.standard_normal((s.n, s.d))
    beta = rng.standard_normal(s.d)
    beta /= np.linalg.norm(beta)
    y = np.tanh(X @ beta) + np.sqrt(s.noise) * rng.standard_normal(s.n)
    W = rng.standard_normal((s.width, s.d)) / np.sqrt(s.d)
    a = rng.standard_normal(s.width)
    a /= np.linalg.norm(a)
    slope = 1 - np.tanh(X @ W.T) ** 2
    W += s.step / s.n * a[:, None] * ((slope * y[:, None]).T @ X)
    _, value, V = np.linalg.svd(W, full_matrices=False)
    return np.array([value[0], (V[0] @ beta) ** 2])


def _theory(s: Settings, step: float, power: float, linear: float = SPIKE) -> Array:
    return np.array(ba2022.alignment(step, s.d, s.width, s.n, SPIKE, linear, power))


alignment = Claim(
    statement="One large gradient step on the first layer of a network lifts one singular value out of those "
    "of the random start, and its vector is aligned with the direction of the target.",
    formula="s_1 = sqrt((1 + theta^2)(c + theta^2))/theta, theta = eta |mu_1| sqrt(mu_1*^2 + psi E y^2)",
    source="[ba2022, Thm 3†]; own derivation",
    kind="asymptotic",
    defaults={"d": 100, "width": 75, "n": 300, "step": 6.0, "noise": 0.1},
    simulated="tanh units and target; one step of the network without its start; largest singular value of "
    "the first layer and squared cosine of its vector with the target's",
    trial=_step,
    theory=lambda s: _theory(s, s.step, _label_power(s)),
    grows=("d", "width", "n"),
    allowance=lambda s: 4 / s.d,
    labels=("singular value", "alignment"),
    trials=256,
    quick=192,
    sabotage={
        "the step a tenth larger": lambda s: _theory(s, 1.1 * s.step, _label_power(s)),
        "psi = n/d": lambda s: np.array(
            ba2022.alignment(s.step, s.d, s.width, s.d**2 / s.n, SPIKE, SPIKE, _label_power(s))
        ),
        "the cosine for its square": lambda s: _theory(s, s.step, _label_power(s)) ** [1.0, 0.5],
        "infinitely many samples": lambda s: np.array(
            ba2022.alignment(s.step, s.d, s.width, np.inf, SPIKE, SPIKE, _label_power(s))
        ),
    },
)
