"""Expectations at the proximal point of the logistic loss.

The loss is log(1 + e^-u); its proximal point u of v with constant `prox` solves u - prox s = v with
s = 1/(1 + e^u). State evolutions average functions of u over v = mean + scale z. Here such averages
run over u instead of z: z and dz/du are explicit there, so no equation is solved at the nodes, and
panels of Gauss-Legendre nodes, 3 wide in u and 1.5 in z, resolve every scale of the problem.
"""

from typing import NamedTuple

import numpy as np

from theory.arguments import Array

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
    increasing: Newton goes down to the root from a start right of it, with no safeguard.
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
    reach = np.ceil((40 + np.log1p(prox)) / 3)
    inner = 3.0 * np.arange(-reach, reach + 1)
    inner = inner[(inner > ends[0]) & (inner < ends[-1])]
    edges = np.sort(np.concatenate([ends, inner]))
    half = np.diff(edges)[:, None] / 2
    u = (edges[:-1, None] + half * (1 + _NODES)).ravel()
    soft = np.logaddexp(0.0, u)
    s, other = np.exp(-soft), np.exp(u - soft)  # s and 1 - s, both to full accuracy
    bend = prox * s * other
    slope = 1 / (1 + bend)  # du/dv
    z = (u - prox * s - mean) / scale
    d = bend * slope
    pull = (1 + prox) * s
    in_v = np.stack([-pull * other, -2 * pull**2 * other, d * (s - other) * slope]) * slope
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
    low = max(low, -39.0)  # where phi underflows
    return np.linspace(low, 9.0, int(np.ceil((9.0 - low) / 1.5)) + 1)


def normal_density(z: Array) -> Array:
    """phi(z)."""
    return np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)
