"""Descent learns fast what lies along the large singular directions of the Jacobian, and hardly the rest."""

import numpy as np

from sims.claims import Claim, Settings
from sims.claims.claim import Array
from sims.experiments.signed_networks import begin, network, unit_inputs
from sims.network import jacobian
from sims.rules import Descent
from sims.training import train
from theory.papers import oymak2019jacobian
from theory.papers.oymak2019jacobian import JacobianSplit


def _run(s: Settings, rng: np.random.Generator, late: int = 0) -> tuple[Array, JacobianSplit]:
    """Misfit in information space and nuisance space, distance moved; and theory, `late` steps later."""
    X = unit_inputs(s.n, s.d, int(rng.integers(2**31)))
    y = s.size * rng.standard_normal(s.n)
    shape = network(s.d, s.width)
    theta = begin(shape, rng)
    J = jacobian(shape, theta, X)[0]
    U, values, _ = np.linalg.svd(J, full_matrices=False)
    step = 0.3 / values[0] ** 2
    run = train(shape, theta, X, y, Descent(s.n * step), s.steps, record=[s.steps], X_test=X)
    assert run.test is not None
    left = U.T @ (run.test[0, 0] - y)
    # the d largest directions are the information space
    measured = np.array([np.linalg.norm(v) for v in (left[: s.d], left[s.d :], run.theta - theta)])
    return measured, oymak2019jacobian.split(J, -y, float(values[s.d - 1]), step, s.steps + late)


def _ratios(s: Settings, rng: np.random.Generator, late: int = 0) -> Array:
    measured, theory = _run(s, rng, late)
    return measured / [theory.information, theory.nuisance, theory.distance]


split = Claim(
    statement="A wide network fits each singular direction of its Jacobian at that direction's own speed: "
    "the misfit in the two spaces and the distance moved are those of the linear model.",
    formula="r_t = (I - step JJ')^t r_0, r = f - y the misfit on the samples, J the Jacobian at the start",
    source="[oymak2019jacobian], its linear model",
    kind="asymptotic",
    defaults={"width": 512, "n": 20, "d": 4, "steps": 6, "size": 0.01},
    simulated="relu networks trained on small random labels; "
    "the misfit along the d largest singular directions, that along the others, and the distance moved, "
    "each over its value in the linear model",
    trial=_ratios,
    theory=lambda s: 1.0,
    allowance=lambda s: 1.0 / s.width,  # units that change sign: measured below it at width 512
    labels=("information space", "nuisance space", "distance"),
    grows=("width",),
    trials=96,
    quick=64,
    sabotage={
        "the model one step ahead": {"trial": lambda s, rng: _ratios(s, rng, 1)},
        "the model one step behind": {"trial": lambda s, rng: _ratios(s, rng, -1)},
    },
)


def _bounds(s: Settings, rng: np.random.Generator) -> Array:
    """Logarithms of the misfit in the information space and of the distance moved, each over its bound."""
    measured, theory = _run(s, rng)
    return np.log(measured[[0, 2]] / [theory.information_bound, theory.distance_bound])


def _swapped(s: Settings, rng: np.random.Generator) -> Array:
    measured, theory = _run(s, rng)
    return np.log(measured[[1, 2]] / [theory.information_bound, theory.distance_bound])


bounds = Claim(
    statement="After t steps the misfit in the information space is at most (1 - step cutoff^2)^t times its "
    "first value, and the weights have moved no further than the distance that enters the bound "
    "of the test error.",
    formula="I: the directions u of J with singular value s >= cutoff, N: the rest; "
    "|Pi_I r_t| <= (1 - step cutoff^2)^t |Pi_I r_0|, |theta_t - theta_0|^2 <= sum_I (u.r_0)^2/s^2 + "
    "(step t cutoff |Pi_N r_0|)^2; here two thirds and half of the bounds",
    source="[oymak2019jacobian], its linear model; the constants by own proof",
    kind="inequality",
    defaults={"width": 512, "n": 20, "d": 4, "steps": 6, "size": 0.01},
    simulated="relu networks as for `split`; the logarithms of misfit and distance over their bounds",
    trial=_bounds,
    theory=lambda s: 0.0,
    relation="<=",
    labels=("misfit in the information space", "distance"),
    trials=192,
    quick=96,
    sabotage={"the nuisance space, which is learned slowly": {"trial": _swapped}},
)
