"""Frequency bias in neural networks: how fast a two-layer ReLU network learns each frequency on a circle."""

import numpy as np

from sims.claims import Claim, Settings
from sims.claims.claim import Array
from theory.papers import basri2020

FREQUENCIES = np.array([1, 2, 3])


def _circle(points: int) -> tuple[Array, Array]:
    angles = 2 * np.pi * np.arange(points) / points
    return angles, np.stack([np.cos(angles), np.sin(angles)], axis=1)


def _inputs(X: Array, bias: bool) -> Array:
    """What the weights of a unit are multiplied with; with a bias both parts count half, as in the paper."""
    return np.hstack([X, np.ones((len(X), 1))]) / np.sqrt(2) if bias else X


def _rayleigh(s: Settings, rng: np.random.Generator, bias: bool = True) -> Array:
    """Quadratic forms of the first layer's kernel with waves of length 1 on the circle."""
    angles, X = _circle(s.points)
    active = X @ rng.standard_normal((2, s.width)) > 0  # biases start at 0
    phase = rng.uniform(0, 2 * np.pi)
    forms = []
    for k in FREQUENCIES:
        wave = np.sqrt(2) * np.cos(k * angles + phase)
        gradients = active.T @ (wave[:, None] * _inputs(X, bias)) / s.points
        forms.append((gradients**2).sum() / s.width)
    return np.array(forms)


def _descend(s: Settings, rng: np.random.Generator, bias: bool) -> float:
    """Logarithm of the share of the wave that training the first layer for `time` has left."""
    angles, X = _circle(s.points)
    inputs = _inputs(X, bias)
    half = rng.standard_normal((inputs.shape[1], s.width // 2))
    if bias:
        half[-1] = 0.0
    W = np.hstack([half, half])  # with opposite read-outs the network starts at zero
    signs = np.repeat([1.0, -1.0], s.width // 2) / np.sqrt(s.width)
    wave = np.cos(s.frequency * angles)
    for _ in range(round(s.time / s.step)):
        h = inputs @ W
        residual = np.maximum(h, 0.0) @ signs - wave
        W -= s.step / s.points * inputs.T @ (residual[:, None] * (h > 0) * signs)
    residual = np.maximum(inputs @ W, 0.0) @ signs - wave
    return float(np.log(-2 * np.mean(residual * wave)))


def _left(s: Settings, rng: np.random.Generator, biases: tuple[bool, bool] = (True, False)) -> Array:
    """By how much a network with biases learns more than half of what theory foresees, and one without
    learns less than a tenth.
    """
    learnt, stuck = (_descend(s, rng, bias) for bias in biases)
    foreseen = float(s.time * basri2020.eigenvalue(s.frequency))
    return np.array([-learnt / foreseen - 0.5, 0.1 + stuck / foreseen])


frequencies = Claim(
    statement="With biases, the first layer of a ReLU network starts to learn a wave on the circle "
    "at a rate mu_k that falls about like the inverse square of its frequency k.",
    formula="mu_k = 1/(2 pi^2 k^2) for odd k > 1, (k^2 + 1)/(2 pi^2 (k^2 - 1)^2) for even k, mu_1 = "
    "1/(2 pi^2) + 1/16",
    source="[basri2020]",
    checked="text",
    kind="exact",
    defaults={"width": 1000, "points": 1000},
    simulated="a layer of random units; the squared length of the loss gradient for a wave "
    "of each frequency on equidistant points, which is the rate at which the wave starts to be learnt",
    trial=_rayleigh,
    theory=lambda s: basri2020.eigenvalue(FREQUENCIES),
    allowance=1e-4,  # waves of frequency `points` - k look the same on the points
    labels=("frequency 1", "frequency 2", "frequency 3"),
    trials=256,
    quick=96,
    sabotage={
        "the coefficients of the cosine series": lambda s: 2 * basri2020.eigenvalue(FREQUENCIES),
        "the form of large odd k for every k": lambda s: 1 / (2 * np.pi**2 * FREQUENCIES**2),
        "no biases": lambda s: basri2020.eigenvalue(FREQUENCIES, bias=False),
    },
)

odd_needs_bias = Claim(
    statement="A network whose first layer has no biases does not learn an odd frequency of 3 or more: "
    "descent leaves that wave unlearnt, which a network with biases learns about as fast "
    "as its tangent kernel.",
    formula="-log(share left)/(mu_k time) > 1/2 with biases, < 1/10 without",
    source="[basri2020]; the half and the tenth are ours",
    kind="shape",
    outcome="every",
    defaults={"width": 400, "points": 32, "frequency": 3, "step": 2.0, "time": 200.0},
    simulated="gradient descent on the first layers of two networks whose target is the same wave; "
    "minus the logarithm of the share of it that is left, over mu_k time",
    trial=_left,
    theory=lambda s: 0.0,
    relation=">=",
    labels=("with biases: learnt - 1/2", "without: 1/10 - learnt"),
    trials=100,
    quick=25,
    sabotage={
        "biases changed round": {"trial": lambda s, rng: _left(s, rng, (False, True))},
        "an even frequency": {"defaults": {"frequency": 2, "time": 40.0}},
    },
)
