"""Kernel methods for deep learning: arc-cosine kernels are those of infinitely many random units."""

import numpy as np

from sims.claims import Claim, Exercise, Settings
from sims.claims.claim import Array
from theory.papers import cho2009

ORDERS = (1, 0, 2)


def _inputs(s: Settings) -> tuple[Array, Array]:
    """Two inputs at a given cosine, of lengths 1 and 1.5."""
    x, z = np.zeros(s.d), np.zeros(s.d)
    x[0] = 1.0
    z[:2] = 1.5 * s.cosine, 1.5 * np.sqrt(1 - s.cosine**2)
    return x, z


def _products(s: Settings, rng: np.random.Generator) -> Array:
    W = rng.standard_normal((s.units, s.d))
    u, v = (W @ x for x in _inputs(s))
    both = (u > 0) & (v > 0)
    return np.array([2 * np.mean(both * (u * v) ** order) for order in ORDERS])


def _kernel(s: Settings) -> Array:
    return np.array([float(cho2009.kernel(*_inputs(s), order=order)) for order in ORDERS])


def _angle(s: Settings) -> float:
    return float(np.arccos(s.cosine))


def _other_angle(s: Settings) -> Array:
    """The kernel with the angle in the place of its supplement."""
    return _kernel(s) - 1.5 ** np.array(ORDERS) * (np.pi - 2 * _angle(s)) / np.pi * _beside_the_angle(s)


def _no_constant(s: Settings) -> Array:
    """The kernel with 2 cos^2 t in the place of 1 + 2 cos^2 t."""
    return _kernel(s) - np.array([0.0, 0.0, 1.5**2 * (np.pi - _angle(s)) / np.pi])


def _beside_the_angle(s: Settings) -> Array:
    """What pi - t is multiplied with in J_1, J_0 and J_2."""
    return np.array([s.cosine, 1.0, 1 + 2 * s.cosine**2])


kernel = Claim(
    statement="The arc-cosine kernel of two inputs is twice the mean product of the outputs "
    "of a random unit, for steps, for ReLU units and for their squares.",
    formula="k_n(x, z) = |x|^n |z|^n J_n(t)/pi = 2 E (w.x)_+^n (w.z)_+^n, w ~ N(0, I), t their angle; "
    "J_0 = pi - t, J_1 = sin t + (pi - t) cos t, J_2 = 3 sin t cos t + (pi - t)(1 + 2 cos^2 t)",
    source="[cho2009]",
    kind="exact",
    defaults={"d": 5, "cosine": 0.5, "units": 10_000},
    simulated="many random units; the mean product of their outputs at two fixed inputs",
    trial=_products,
    theory=_kernel,
    labels=("ReLU units", "steps", "squares of ReLU"),
    trials=400,
    quick=128,
    sabotage={
        "t for pi - t": _other_angle,
        "2 (pi - t) cos^2 t in the last": _no_constant,
        "the lengths of the inputs ignored": lambda s: _kernel(s) / 1.5 ** np.array(ORDERS),
    },
    exercise=Exercise(
        question="What is the mean product 2 E (w.x)_+^k (w.z)_+^k of the outputs "
        "of a random unit, w ~ N(0, I), to two inputs of lengths 1 and 1.5 at the angle t: "
        "for k = 1, 0 and 2?",
        answer="1.5*(sin(t) + (pi - t)*cos(t))/pi; "
        "(pi - t)/pi; "
        "1.5^2*(3*sin(t)*cos(t) + (pi - t)*(1 + 2*cos(t)^2))/pi",
        names={"t": "acos(cosine)"},
        elsewhere={"cosine": -0.2},
    ),
)
