"""A step that is too large for the start finds a flatter minimum."""

from types import SimpleNamespace
from typing import Any

import numpy as np

from sims.claims import Claim, Exercise, Settings
from sims.claims.claim import Array
from theory.papers import lewkowycz2020


def _start(s: Settings, rng: np.random.Generator) -> tuple[Array, Array]:
    """Random layers that are scaled and turned to have the output and the kernel that were asked for."""
    a, b = np.linalg.qr(rng.standard_normal((s.width, 2)))[0].T
    plus, minus = (
        np.sqrt(s.width * s.kernel / 2 + sign * s.output * np.sqrt(s.width)) for sign in (1, -1)
    )  # |u + v|/sqrt(2), |u - v|/sqrt(2)
    return (plus * a + minus * b) / np.sqrt(2), (plus * a - minus * b) / np.sqrt(2)


def descent(s: Settings, rng: np.random.Generator, steps: int) -> Array:
    """Output and kernel after descent on all 2 m weights."""
    u, v = _start(s, rng)
    for _ in range(steps):
        f = u @ v / np.sqrt(s.width)
        u, v = u - s.step * f * v / np.sqrt(s.width), v - s.step * f * u / np.sqrt(s.width)
    return np.array([u @ v / np.sqrt(s.width), (u @ u + v @ v) / s.width])


def _map(s: Settings, steps: int, **changed: Any) -> Array:
    at = SimpleNamespace(**{**vars(s), **changed})
    return np.array(lewkowycz2020.catapult(at.output, at.kernel, at.step, at.width, steps))


BASE = {"output": 0.5, "kernel": 2.0, "step": 1.5, "width": 20}

one_step = Claim(
    statement="One step of gradient descent moves output and tangent kernel of a network of two linear "
    "layers "
    "by a rule that knows nothing else of the weights.",
    formula="f (1 - s lambda + s^2 f^2/m), lambda + (s f^2/m)(s lambda - 4)",
    source="[lewkowycz2020, Sec. 2†]",
    kind="exact",
    defaults=BASE,
    simulated="two random layers with this output and kernel, one step on all their weights",
    trial=lambda s, rng: descent(s, rng, 1),
    theory=lambda s: _map(s, 1),
    allowance=1e-10,
    outcome="every",
    labels=("output", "kernel"),
    trials=64,
    quick=24,
    sabotage={
        "infinite width": lambda s: _map(s, 1, width=np.inf),
        "m - 1 for m": lambda s: _map(s, 1, width=s.width - 1),
        "2 for 4": lambda s: (
            _map(s, 1) + np.array([0.0, 2 * s.step * s.output**2 / s.width])
        ),
    },
    exercise=Exercise(
        question="A network f = u.v/sqrt(width) has the output f = output at x = 1, whose label is 0, and "
        "the "
        "tangent kernel (|u|^2 + |v|^2)/width = kernel. What are output and kernel after one step "
        "of gradient "
        "descent of size step on f^2/2, exactly?",
        answer="output*(1 - step*kernel + step^2*output^2/width); "
        "kernel + step*output^2/width*(step*kernel - 4)",
        elsewhere={"step": 0.4, "width": 10, "output": 0.8, "kernel": 3.0},
        limit="output*(1 - step*kernel); kernel",
    ),
)  # fmt: skip

landing = Claim(
    statement="Between two and four over the kernel, a step first throws the loss up and then lands in a "
    "minimum whose kernel, its sharpness, is below two over the step.",
    formula="the map above, iterated 20 times",
    source="[lewkowycz2020, Sec. 2†]",
    kind="exact",
    defaults={**BASE, "output": 0.05},
    simulated="two random layers with this output and kernel, 20 steps on all their weights: final kernel",
    trial=lambda s, rng: descent(s, rng, 20)[1:],
    theory=lambda s: _map(s, 20)[1],
    allowance=1e-8,  # rounding, which the first steps enlarge
    outcome="every",
    trials=64,
    quick=24,
    sabotage={
        "the kernel of the start: lazy": lambda s: s.kernel,
        "the stability limit 2/s itself": lambda s: 2 / s.step,
        "still in flight: three steps": lambda s: _map(s, 3)[1],
    },
)
