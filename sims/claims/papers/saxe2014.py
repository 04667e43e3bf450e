"""A deep linear network learns one mode after the other."""

import numpy as np

from sims.claims import Claim, Exercise, Settings
from sims.claims.claim import Array
from theory.papers import saxe2014

STEPS = 2000


def layers(s: Settings, rng: np.random.Generator, imbalance: float = 0.0) -> Array:
    """Two strengths (one for the weak mode, one for the strong) after descent on two matrices."""
    left, right = (np.linalg.qr(rng.standard_normal((2, 2)))[0] for _ in range(2))
    targets = np.array([s.weak, s.strong])
    a2 = (imbalance + np.hypot(imbalance, 2 * s.start)) / 2
    A, B = np.sqrt(a2) * left, s.start / np.sqrt(a2) * right
    target, rate = left * targets @ right.T, s.time / STEPS
    for _ in range(STEPS):
        # Heun's rule: the error of the flow is of second order in the step
        gap = target - A @ B.T
        dA, dB = gap @ B, gap.T @ A
        nextA, nextB = A + rate * dA, B + rate * dB
        gap = target - nextA @ nextB.T
        A, B = A + rate / 2 * (dA + gap @ nextB), B + rate / 2 * (dB + gap.T @ nextA)
    return np.diag(left.T @ A @ B.T @ right)


strength = Claim(
    statement="In a linear network of two balanced layers, gradient flow learns every singular value of the "
    "target by itself: a plateau, then a step, and the strong one first.",
    formula="u(t) = s/(1 - (1 - s/u_0) e^(-2 s t)), s = weak, strong",
    source="[saxe2014, Eq. 8†]",
    kind="exact",
    defaults={"weak": 1.0, "strong": 3.0, "start": 0.01, "time": 2.0},
    simulated="two 2 x 2 layers in random bases, balanced, integrated by Heun's rule; "
    "the strength of both modes",
    trial=layers,
    theory=lambda s: saxe2014.strength([s.weak, s.strong], s.start, s.time),
    allowance=1e-5,  # the integration
    outcome="every",
    labels=("weak", "strong"),
    trials=48,
    quick=28,
    sabotage={
        "one layer: the rate s, without the factor 2": lambda s: saxe2014.strength(
            [s.weak, s.strong], s.start, s.time / 2
        ),
        "a linear model: s (1 - e^(-2 s t))": lambda s: (
            np.array([s.weak, s.strong]) * -np.expm1(-2 * np.array([s.weak, s.strong]) * s.time)
        ),
        "the small start forgotten in s - u_0": lambda s: (
            np.array([s.weak, s.strong])
            / (
                1
                + np.array([s.weak, s.strong]) / s.start * np.exp(-2 * np.array([s.weak, s.strong]) * s.time)
            )
        ),
    },
    exercise=Exercise(
        question="Two balanced linear layers start at strength u_0 = start in every mode, and follow the "
        "gradient flow of half the squared error. What is the strength of the mode of target s = "
        "weak, and of "
        "s = strong, at that time, exactly?",
        answer="weak/(1 - (1 - weak/start)*exp(-2*weak*time)); strong/(1 - (1 - "
        "strong/start)*exp(-2*strong*time))",
        elsewhere={"start": 0.1, "time": 1.0, "weak": 0.7, "strong": 2.0},
        limit="weak/(1 + weak/start*exp(-2*weak*time)); strong/(1 + strong/start*exp(-2*strong*time))",
    ),
)
