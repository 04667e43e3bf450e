"""Gradient descent takes nearly the shortest path from the start to a solution."""

import numpy as np

from sims.claims import Claim, Settings
from sims.claims.claim import Array
from sims.experiments import certified_networks
from sims.network import forward, gradient, jacobian
from sims.rules import Adam, Descent
from sims.training import train
from sims.training.solvers import lbfgs
from theory.papers import oymak2019


def _misfits(s: Settings, rng: np.random.Generator, swapped: bool = False) -> Array:
    """Logarithms of the misfit over its bound, at two times."""
    X, y = certified_networks.task(s.n, s.size)
    network, theta = certified_networks.network(s.width, rng)
    alpha, beta, bend, misfit = certified_networks.constants(network, theta, X, y)
    step = float(oymak2019.step(alpha, beta, bend, misfit))
    record = [s.steps // 4, s.steps]
    run = train(network, theta, X, y, Descent(s.n * step), s.steps, record=record)
    value = beta if swapped else alpha
    limits = oymak2019.misfit_bound(value, step, misfit, record)
    return np.log(2 * s.n * run.loss[:, 0]) / 2 - np.log(limits)


bound = Claim(
    statement="Where the singular values of the Jacobian stay above alpha near the start, "
    "the misfit falls at least as fast as (1 - step alpha^2/2)^(t/2): descent finds a global optimum. "
    "The bound is far from tight: here the misfit is e^15 times smaller after a quarter of the steps.",
    formula="|f_t - y| <= (1 - step alpha^2/2)^(t/2) |f_0 - y|, in every run",
    source="[oymak2019]",
    kind="inequality",
    defaults={"width": 400, "n": 4, "size": 0.03, "steps": 400},
    simulated="tanh networks for which alpha, the largest singular value beta and the Lipschitz constant "
    "of the Jacobian are known to hold, are trained with the step size of the theorem; "
    "the logarithm of the misfit over its bound",
    trial=_misfits,
    theory=lambda s: 0.0,
    relation="<=",
    outcome="every",
    labels=("a quarter of the steps", "all steps"),
    trials=48,
    quick=24,
    sabotage={
        "the largest singular value for the smallest": {
            "trial": lambda s, rng: _misfits(s, rng, swapped=True)
        }
    },
)


def _journey(
    s: Settings, rng: np.random.Generator
) -> tuple[certified_networks.Constants, float, float, float]:
    """What the theorem assumes; length of the path of descent, distance of its ends, drop of the misfit."""
    X, y = certified_networks.task(s.n, s.size)
    network, theta = certified_networks.network(s.width, rng)
    known = certified_networks.constants(network, theta, X, y)
    step = s.n * float(oymak2019.step(*known))
    end, path = theta.copy(), 0.0
    for _ in range(s.steps):
        change = step * gradient(network, end, X, y)[1]
        path += float(np.linalg.norm(change))
        end -= change
    left = np.linalg.norm(forward(network, end, X)[0] - y)
    return known, path, float(np.linalg.norm(end - theta)), float(known.misfit - left)


def _lengths(s: Settings, rng: np.random.Generator, swapped: bool = False) -> Array:
    """Logarithms of the path of descent and of the distance from below, each over its bound."""
    known, path, distance, drop = _journey(s, rng)
    alpha, beta = (known.beta, known.alpha) if swapped else (known.alpha, known.beta)
    return np.log([path * alpha / (4 * drop), drop / beta / distance])


def _detour(s: Settings, rng: np.random.Generator) -> float:
    """Length of the path of descent over the distance of its ends."""
    _, path, distance, _ = _journey(s, rng)
    return path / distance


short_path = Claim(
    statement="How far the weights travel is known from both sides by how much the misfit falls: the path "
    "is no longer than 4/alpha times the fall, and no solution is nearer than 1/beta times it, with alpha "
    "and beta the least and largest singular value of the Jacobian near the start. "
    "Here the path is a tenth of its bound.",
    formula="(alpha/4) path + |r_t| <= |r_0|, |theta_t - theta_0| >= (|r_0| - |r_t|)/beta, in every run; "
    "r = f - y",
    source="[oymak2019, Eq. 2.9 and Thm 2.3]",
    kind="inequality",
    defaults={"width": 400, "n": 4, "size": 0.03, "steps": 300},
    simulated="such networks are trained until they nearly fit; "
    "the logarithms of the path over its bound, and of the lower bound over the distance",
    trial=_lengths,
    theory=lambda s: 0.0,
    relation="<=",
    outcome="every",
    labels=("length of the path", "distance from below"),
    trials=48,
    quick=24,
    sabotage={
        "alpha and beta swapped": {"trial": lambda s, rng: _lengths(s, rng, swapped=True)},
        "no solution nearer than twice that": lambda s: np.array([0.0, -np.log(2)]),
    },
)

straight_path = Claim(
    statement="The path of descent is nearly straight: less than a quarter longer than the distance of its "
    "ends.",
    formula="path <= 1.25 |theta_t - theta_0|, in every run",
    source="[oymak2019]; the quarter is our observation",
    kind="inequality",
    defaults={"width": 400, "n": 4, "size": 0.03, "steps": 300},
    simulated="tanh networks are trained by descent until they nearly fit; "
    "the length of the path over the distance of its ends",
    trial=_detour,
    theory=lambda s: 1.25,
    relation="<=",
    outcome="every",
    trials=48,
    quick=24,
    sabotage={
        "a straight line": lambda s: 1.0,
        "a tenth longer": lambda s: 1.1,
    },
)


def _nearest(s: Settings, rng: np.random.Generator) -> float:
    """Distance of the end of descent over that of the nearest solution."""
    X, y = certified_networks.task(s.n, s.size)
    network, theta = certified_networks.network(s.width, rng)
    size = np.linalg.norm(jacobian(network, theta, X)[0], 2) ** 2
    rule = Adam(0.05) if s.rule == "adam" else Descent(s.n / size)
    reached = train(network, theta, X, y, rule, s.steps).theta
    # a small penalty on the distance selects the nearest solution
    nearest = lbfgs(network, theta, X, y, 500, ridge=1e-5).theta
    return float(np.linalg.norm(reached - theta) / np.linalg.norm(nearest - theta))


nearest = Claim(
    statement="Of the many solutions of a wide network, descent ends at one that is at most 10 % farther "
    "from the start than the nearest (3 % here); the proof allows a factor of the order beta/alpha.",
    formula="|theta_end - theta_0| <= 1.1 min |theta - theta_0| over solutions, in every run",
    source="[oymak2019]; the 10 % is our observation",
    kind="inequality",
    defaults={"width": 40, "n": 4, "size": 1.0, "steps": 300, "rule": "descent"},
    simulated="tanh networks are trained by descent until they fit, "
    "and by L-BFGS with a small penalty on the distance from the same start; the ratio of the distances",
    trial=_nearest,
    theory=lambda s: 1.1,
    relation="<=",
    outcome="every",
    trials=32,
    quick=24,
    sabotage={"Adam for descent": {"defaults": {"rule": "adam"}}},
)
