"""Wide networks train like the model that is linear in their parameters."""

from functools import cache

import numpy as np

from sims.claims import Claim, Settings
from sims.claims.claim import Array
from sims.experiments.linearisation import WideNetworks
from sims.experiments.linearisation import trial as wide
from sims.network import Network, hidden, start
from sims.training.solvers import flow
from theory.papers import lee2019

WIDTHS = (32, 512)


@cache
def _setting(activation: str, time: float) -> WideNetworks:
    return WideNetworks(activation=activation, time=time, widths=WIDTHS)


def _gap(s: Settings, rng: np.random.Generator) -> Array:
    """Logarithm of the largest distance between network and linearised network, at each width."""
    return wide(_setting(s.activation, s.time), rng)[: 3 * len(WIDTHS)].reshape(-1, 3)[:, 2]


linearised = Claim(
    statement="After training, a smooth wide network differs from the model linear in its parameters "
    "by a gap that falls at least as fast as 1/sqrt(width).",
    formula="slope of log |f_t - f_t^lin| against log width <= -1/2",
    source="[lee2019, Thm 2.1†]",
    kind="inequality",
    defaults={"activation": "tanh", "time": 2.0},
    simulated=f"networks of width {' and '.join(map(str, WIDTHS))} and their linearisations by the same "
    "steps of gradient descent; the largest distance of their outputs on training and fresh inputs, and "
    "the slope of its mean logarithm",
    trial=_gap,
    theory=lambda s: -0.5,
    statistic=lambda s, mean: np.polyfit(np.log(WIDTHS), mean, 1)[0],
    relation="<=",
    trials=400,
    quick=256,
    sabotage={"1/width^2": lambda s: -2.0, "width^(-3/2)": lambda s: -1.5},
)


def task(s: Settings) -> tuple[Array, Array, Array]:
    """Training inputs (n, d), labels (n,) and two fresh inputs (2, d): the same in every trial."""
    X, y, fresh = WideNetworks(n=s.n, d=s.d, seed=3).data
    return X, y, fresh[:2]


def _trained(s: Settings, rng: np.random.Generator) -> Array:
    X, y, fresh = task(s)
    network = Network(s.d, (s.width,), activation=s.activation, symmetric=True)
    theta = start(network, rng.spawn(s.networks))
    run = flow(network, theta, X, y, [s.n * s.time], X_test=fresh, rtol=1e-4, atol=1e-6)
    assert run.test is not None
    return run.test[0].mean(axis=0)


def _descent(s: Settings, time: float | None = None, trained: str = "all") -> Array:
    X, y, fresh = task(s)
    end = s.time if time is None else time
    return lee2019.predictive(X, y, fresh, end, 1, s.activation, trained=trained).mean


predictions = Claim(
    statement="The predictions of a wide network, stopped at time t, are those of gradient flow "
    "with the limit kernel: mean Theta(x, X) Theta^-1 (I - exp(-Theta t)) y.",
    formula="E f_t(x) = Theta(x, X) Theta^-1 (I - exp(-Theta t)) y + O(1/width)",
    source="[lee2019, Sec. 2.3†]",
    kind="asymptotic",
    defaults={"width": 256, "n": 4, "d": 3, "time": 0.5, "activation": "tanh", "networks": 8},
    simulated="networks that start at f = 0, trained by gradient flow for time t of the summed loss; "
    "their mean prediction at two fresh inputs",
    trial=_trained,
    theory=_descent,
    allowance=lambda s: 2.0 / s.width,  # measured below that at width 64 to 1024
    labels=("f(x_1)", "f(x_2)"),
    grows=("width",),
    trials=128,
    quick=24,
    sabotage={
        "time of the mean loss for that of the summed one": lambda s: _descent(s, s.time / s.n),
        "read-out alone trained": lambda s: _descent(s, trained="last"),
        "trained to the end": lambda s: _descent(s, np.inf),
    },
)


def _read_out(s: Settings, rng: np.random.Generator) -> Array:
    """Mean square and covariance over read-outs, with the first layer given, of the trained predictions."""
    X, y, fresh = task(s)
    network = Network(s.d, (s.width,), activation=s.activation)
    theta = start(network, [rng])
    H = hidden(network, theta, np.concatenate([X, fresh]))[0] * network.layers[1].gain
    fit = H[s.n :] @ np.linalg.pinv(H[: s.n])
    left = H[s.n :] - fit @ H[: s.n]  # what the start of the read-out leaves in the predictions
    mean = fit @ y
    return np.array([left[0] @ left[0] + mean[0] ** 2, left[1] @ left[1] + mean[1] ** 2, *mean])


def _posterior(s: Settings, trained: str = "last", prior: bool = False) -> Array:
    X, y, fresh = task(s)
    end = lee2019.predictive(X, y, fresh, np.inf, 1, s.activation, trained=trained)
    spread = lee2019.predictive(X, y, fresh, 0.0, 1, s.activation).variance if prior else end.variance
    return np.concatenate([spread + end.mean**2, end.mean])


posterior = Claim(
    statement="Over random starts, wide networks whose read-out alone is trained "
    "to the end predict like a Gaussian process given the labels.",
    formula="f(x) ~ N(K(x, X) K^-1 y, K(x, x) - K(x, X) K^-1 K(X, x)) with K the kernel "
    "of the last hidden layer",
    source="[lee2019, Sec. 2.3†]",
    kind="asymptotic",
    defaults={"width": 1024, "n": 4, "d": 3, "activation": "relu"},
    simulated="random first layers; the read-out's fit from a random start in closed form, "
    "averaged over that start: mean square and mean of the predictions at two fresh inputs",
    trial=_read_out,
    theory=_posterior,
    allowance=lambda s: 8.0 / s.width,  # measured below that at width 512 to 8192
    labels=("mean square at x_1", "mean square at x_2", "mean at x_1", "mean at x_2"),
    grows=("width",),
    trials=512,
    quick=128,
    sabotage={
        "all layers trained": lambda s: _posterior(s, trained="all"),
        "spread of the start, not reduced by the labels": lambda s: _posterior(s, prior=True),
    },
)
