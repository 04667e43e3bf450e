"""Expectations at the proximal point of the logistic loss, and roots of systems made of them.

The loss is log(1 + e^-u); its proximal point u of v with constant `prox` solves u - prox s = v with
s = 1/(1 + e^u). State evolutions average functions of u over v = mean + scale z. Here such averages
run over u instead of z: z and dz/du are explicit there, so no equation is solved at the nodes, and
panels of Gauss-Legendre nodes, 3 wide in u and 1.5 in z, resolve every scale of the problem.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from theory._arguments import Array
from theory.errors import ConvergenceError

Equations = Callable[[Array, float], tuple[Array, Array]]
"""(unknowns, ridge) -> residuals and their Jacobian."""

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(16)


class Rule(NamedTuple):
    """Nodes with E f(u) = sum weight density(z) f(u), and what the state evolutions average.

    values : rows pull, pull^2 and d, where pull = (1 + prox) s is of order 1 for every prox, and
        d = 1 - du/dv = prox s (1 - s)/(1 + prox s (1 - s))
    slopes : [i, j] the derivative of E values[i] in mean, scale and log(prox), inside the average
    """

    u: Array
    z: Array
    weight: Array
    values: Array
    slopes: Array


def proximal(v: Array, prox: float) -> Array:
    """u with u - prox/(1 + e^u) = v.

    t = log(u - v) solves t + log(1 + e^(v + e^t)) = log(prox), whose left side is convex and
    increasing: Newton from the right of the root goes down to it, with no safeguard.
    """
    goal = np.log(prox)
    t = np.minimum(goal, np.log(np.maximum(goal - v, 1.0)))
    step = np.ones(1)
    while (step / (1 + np.abs(t))).max() > 1e-9:
        rise = np.exp(t)
        soft = np.logaddexp(0.0, v + rise)
        step = (t + soft - goal) / (1 + rise * np.exp(v + rise - soft))
        t = t - step
    return v + np.exp(t)


def rule(mean: float, scale: float, prox: float, cuts: Array) -> Rule:
    """Nodes between the first and the last of `cuts`, increasing values of z that panels respect."""
    ends = proximal(mean + scale * cuts, prox)
    # s and d vary at scale 1 in u around 0, -log(prox) and log(prox), and nowhere else
    reach = 40 + np.log1p(prox)
    low, high = max(ends[0], -reach), min(ends[-1], reach)
    edges = np.sort(np.concatenate([ends, 3.0 * np.arange(np.ceil(low / 3), np.ceil(high / 3))]))
    half = np.diff(edges)[:, None] / 2
    u = (edges[:-1, None] + half * (1 + _NODES)).ravel()
    s = np.exp(-np.logaddexp(0.0, u))
    bend = prox * s * (1 - s)
    slope = 1 / (1 + bend)  # du/dv
    z = (u - prox * s - mean) / scale
    d = bend * slope
    pull = (1 + prox) * s
    in_v = np.stack([-pull * (1 - s), -2 * pull**2 * (1 - s), d * (2 * s - 1) * slope]) * slope
    share = prox / (1 + prox)
    at_fixed_v = np.stack([share * pull, 2 * share * pull**2, d * slope])
    return Rule(
        u=u,
        z=z,
        weight=(half * _WEIGHTS).ravel() / slope / scale,
        values=np.stack([pull, pull**2, d]),
        # prox moves u as if v had moved by prox s, and pull and d also directly
        slopes=np.stack([in_v, z * in_v, prox * s * in_v + at_fixed_v], axis=1),
    )


def normal_cuts(low: float = -9.0) -> Array:
    """Cuts for a density no wider than the normal: steps of 1.5 from `low` to 9."""
    return np.linspace(low, 9.0, int(np.ceil((9.0 - low) / 1.5)) + 1)


def normal_density(z: Array) -> Array:
    """phi(z)."""
    return np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)


def solve(equations: Equations, start: Callable[[float], Array], ridge: float, large: float) -> Array:
    """Root of `equations` at this ridge, by Newton from `start(ridge)` or along a path of ridges.

    The path comes down from `large`, where `start` is close, along the tangent in log ridge.

    Raises
    ------
    ConvergenceError
        A step of the path fails however short it is.
    """
    with np.errstate(over="raise", divide="raise", invalid="raise", under="ignore"):
        x = _newton(equations, start(ridge), ridge, patience=60)
        if x is not None:
            return x
        now, shrink = max(large, ridge), 1e-4
        x = _newton(equations, start(now), now)
        while x is not None and now > ridge:
            # below the ridges that doubles can tell from 0 the path ends
            goal = max(now * shrink, ridge) if now > 1e-290 else ridge
            trial = _newton(equations, _tangent(equations, x, now, goal), goal)
            if trial is not None:
                x, now, shrink = trial, goal, shrink**1.5
            elif shrink < 0.9:
                shrink = shrink**0.5
            else:
                x = None
    if x is None:
        raise ConvergenceError(
            f"Newton's method found no root at ridge {ridge:g}, nor on the way down from ridge "
            f"{now:g}; move ridge or the size ratio away from the separability threshold"
        )
    return x


def _tangent(equations: Equations, x: Array, now: float, goal: float) -> Array:
    """First-order guess of the root at `goal` from the root x at `now`."""
    if goal == 0.0:
        return x
    residual, jacobian = equations(x, now)
    moved, _ = equations(x, now * (1 + 1e-6))
    return x - np.linalg.solve(jacobian, moved - residual) / 1e-6 * np.log(goal / now)


def _newton(equations: Equations, x: Array, ridge: float, patience: int = 250) -> Array | None:
    """Damped Newton to rounding, or None when so many evaluations do not reach it."""
    try:
        residual, jacobian = equations(x, ridge)
        size, step, length = np.linalg.norm(residual), np.zeros_like(x), 0.0
        best = x
        for _ in range(patience):
            if np.linalg.norm(residual) <= (1 - 1e-4 * length) * size:
                best, size = x, np.linalg.norm(residual)
                step = -np.linalg.solve(jacobian, residual)
                length = 1 / max(1.0, np.abs(step).max() / 3)  # the unknowns are logarithms
            else:
                length /= 2
            if size <= 1e-15 or length < 1e-4:
                # at a root only rounding stops the descent, and the step to the root is short
                rounding = 1e-14 * (10 + np.abs(best).max())
                return best if size < rounding and np.abs(step).max() < 1e-3 else None
            x = best + length * step
            residual, jacobian = equations(x, ridge)
    except (FloatingPointError, np.linalg.LinAlgError):  # far astray
        return None
    return None
