"""The landscape of wide networks with quadratic units has no bad local minima."""

import numpy as np

from sims.claims import Claim, Settings
from sims.claims.claim import Array
from sims.network import Network, start
from sims.training.solvers import lbfgs
from theory.papers import soltanolkotabi2019


def _trained(s: Settings, n: int, rng: np.random.Generator) -> tuple[Array, Array, float]:
    """Inputs, labels that are pure noise, and the loss where a second-order method ends."""
    X, y = rng.standard_normal((n, s.d)), rng.standard_normal(n)
    network = Network(s.d, (s.width,), activation="quadratic", sigma_w2=1.0, trained="hidden")
    theta = start(network, [rng])
    network.layers[1].weights(theta)[...] = np.where(np.arange(s.width) < s.positive, 1.0, -1.0)
    return X, y, float(lbfgs(network, theta, X, y, s.steps).loss[-1, 0])


def _ratio(s: Settings, rng: np.random.Generator) -> float:
    X, y, loss = _trained(s, s.n, rng)
    return loss / soltanolkotabi2019.global_minimum(X, y)


no_bad_minima = Claim(
    statement="If at least d read-outs are positive and d negative, "
    "then training from any random start ends at the global minimum, "
    "which is that of least squares over all quadratic forms.",
    formula="in every run: loss at the end = min over symmetric M of (1/2n) sum (x_i'M x_i - y_i)^2",
    source="[soltanolkotabi2019, Thm 2.1†]",
    kind="exact",
    defaults={"d": 4, "n": 16, "width": 8, "positive": 4, "steps": 2000},
    simulated="labels of pure noise and more samples than can be fitted; "
    "the loss where L-BFGS ends, over the global minimum",
    trial=_ratio,
    theory=lambda s: 1.0,
    allowance=1e-4,  # where L-BFGS stops
    outcome="every",
    trials=128,
    quick=64,
    sabotage={
        "all read-outs positive": {"defaults": {"positive": 8}},
        "two units, one of each sign": {"defaults": {"width": 2, "positive": 1}},
    },
)


def _gap(s: Settings, rng: np.random.Generator, most: int | None = None) -> float:
    """Logarithm to base 10 of the loss with one sample more than the threshold over that at it."""
    most = int(soltanolkotabi2019.threshold(s.d)) if most is None else most
    below, above = (_trained(s, most + extra, rng)[2] for extra in (0, 1))
    return float(np.log10(max(above, 1e-16) / max(below, 1e-16)))


threshold = Claim(
    statement="A wide network with quadratic units fits any labels of up to d(d + 1)/2 samples exactly, "
    "and not of one more.",
    formula="min loss = 0 if and only if n <= d(d + 1)/2: at least four powers of ten between the final "
    "losses of every run (chosen here; rounding leaves more than ten)",
    source="[soltanolkotabi2019]",
    kind="shape",
    defaults={"d": 4, "width": 12, "positive": 6, "steps": 2000},
    simulated="pure noise as labels, as many samples as the threshold and one more; "
    "the ratio of the final losses, in powers of ten",
    trial=_gap,
    theory=lambda s: 4.0,
    relation=">=",
    outcome="every",
    trials=48,
    quick=24,
    sabotage={
        "one sample more": {"trial": lambda s, rng: _gap(s, rng, s.d * (s.d + 1) // 2 + 1)},
        "d(d - 1)/2: a form without its diagonal": {
            "trial": lambda s, rng: _gap(s, rng, s.d * (s.d - 1) // 2)
        },
        "d^2: forms that are not symmetric": {"trial": lambda s, rng: _gap(s, rng, s.d**2)},
    },
)


def _saddle(s: Settings, rng: np.random.Generator, positive_alone: bool = False) -> float:
    """Curvature of the loss at W = 0 along the best direction, by differences, over theory."""
    X, y = rng.standard_normal((s.n, s.d)), rng.standard_normal(s.n)
    v = np.where(np.arange(s.width) < s.positive, 1.0, -1.0)

    def loss(row: Array) -> float:
        W = row.reshape(s.width, s.d)
        return float((((X @ W.T) ** 2 @ v - y) ** 2).mean() / 2)

    h, size = 1e-4, s.width * s.d
    steps = h * np.eye(size)
    hessian = np.array(
        [
            [(loss(a + b) - loss(a - b) - loss(b - a) + loss(-a - b)) / (4 * h * h) for a in steps]
            for b in steps
        ]
    )
    read_outs = v[v > 0] if positive_alone else v
    return float(np.linalg.eigvalsh(hessian)[0] / soltanolkotabi2019.origin_curvature(X, y, read_outs))


saddle = Claim(
    statement="The origin is a stationary point but no minimum: "
    "the loss falls along a direction whose curvature is given by the extreme eigenvalues "
    "of sum y_i x_i x_i'.",
    formula="lambda_min(Hessian at W = 0) = min of -(2 v_l/n) e over read-outs v_l and eigenvalues e of "
    "sum_i y_i x_i x_i'",
    source="[soltanolkotabi2019]; direct calculation",
    kind="exact",
    defaults={"d": 3, "n": 8, "width": 2, "positive": 1},
    simulated="the Hessian of the loss at W = 0 by finite differences; its least eigenvalue, over theory",
    trial=_saddle,
    theory=lambda s: 1.0,
    allowance=1e-4,  # of the differences
    outcome="every",
    trials=64,
    quick=24,
    sabotage={
        "n - 1 for n": lambda s: (s.n - 1) / s.n,
        "the positive read-outs alone": {"trial": lambda s, rng: _saddle(s, rng, positive_alone=True)},
    },
)
