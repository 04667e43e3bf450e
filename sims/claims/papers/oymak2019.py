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
    "the misfit falls at least as fast as (1 - step alpha^2/2)^(t/2): descent finds a global optimum.",
    formula="|f_t - y| <= (1 - step alpha^2/2)^(t/2) |f_0 - y|",
    source="[oymak2019]",
    kind="inequality",
    defaults={"width": 400, "n": 4, "size": 0.03, "steps": 400},
    simulated="tanh networks for which alpha, the largest singular value beta and the Lipschitz constant "
    "of the Jacobian are known to hold, are trained with the step size of the theorem; "
    "the logarithm of the misfit over its bound",
    trial=_misfits,
    theory=lambda s: 0.0,
    relation="<=",
    labels=("a quarter of the steps", "all steps"),
    trials=48,
    quick=16,
    sabotage={
        "the largest singular value for the smallest": {
            "trial": lambda s, rng: _misfits(s, rng, swapped=True)
        }
    },
)


def _lengths(s: Settings, rng: np.random.Generator, swapped: bool = False) -> Array:
    """Logarithms of path over its bound, lower bound over distance, and path over 1.25 times distance."""
    X, y = certified_networks.task(s.n, s.size)
    network, theta = certified_networks.network(s.width, rng)
    alpha, beta, bend, misfit = certified_networks.constants(network, theta, X, y)
    step = s.n * float(oymak2019.step(alpha, beta, bend, misfit))
    end, path = theta.copy(), 0.0
    for _ in range(s.steps):
        change = step * gradient(network, end, X, y)[1]
        path += float(np.linalg.norm(change))
        end -= change
    if swapped:
        alpha, beta = beta, alpha
    left = np.linalg.norm(forward(network, end, X)[0] - y)
    distance = np.linalg.norm(end - theta)
    return np.log(
        [path * alpha / (4 * (misfit - left)), (misfit - left) / beta / distance, path / distance / 1.25]
    )


short_path = Claim(
    statement="The path of descent is no longer than 4/alpha times the drop of the misfit, "
    "no solution is nearer than 1/beta times that drop, and the path is nearly straight: "
    "less than a quarter longer than the distance of its ends.",
    formula="(alpha/4) path + |r_t| <= |r_0|, |theta_t - theta_0| >= (|r_0| - |r_t|)/beta",
    source="[oymak2019, Eq. 2.9 and Thm 2.3]; the quarter is our observation",
    kind="inequality",
    defaults={"width": 400, "n": 4, "size": 0.03, "steps": 300},
    simulated="such networks are trained until they nearly fit; "
    "the logarithms of the path over its bound, of the lower bound over the distance, "
    "and of the path over 1.25 times the distance",
    trial=_lengths,
    theory=lambda s: 0.0,
    relation="<=",
    labels=("length of the path", "distance from below", "path by 1.25 distance"),
    trials=24,
    quick=10,
    sabotage={
        "alpha and beta swapped": {"trial": lambda s, rng: _lengths(s, rng, swapped=True)},
        "a straight line": lambda s: np.array([0.0, 0.0, -np.log(1.25)]),
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
    "from the start than the nearest; the proof allows a factor of the order beta/alpha.",
    formula="|theta_end - theta_0| <= 1.1 min |theta - theta_0| over solutions",
    source="[oymak2019]; the 10 % is our observation",
    kind="inequality",
    defaults={"width": 40, "n": 4, "size": 1.0, "steps": 300, "rule": "descent"},
    simulated="tanh networks are trained by descent until they fit, "
    "and by L-BFGS with a small penalty on the distance from the same start; the ratio of the distances",
    trial=_nearest,
    theory=lambda s: 1.1,
    relation="<=",
    trials=32,
    quick=12,
    sabotage={"Adam for descent": {"defaults": {"rule": "adam"}}},
)
