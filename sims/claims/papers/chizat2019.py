"""Lazy training: a model multiplied by a large number trains like its linearisation."""

import numpy as np

from sims.claims import Claim, Exercise, Settings
from sims.claims.claim import Array
from sims.experiments.linearisation import WideNetworks
from sims.network import Network, forward, jacobian, start
from sims.rules import Descent
from sims.training import train
from theory.papers import chizat2019

SCALES = (16.0, 32.0, 64.0)


def _task() -> tuple[Array, Array]:
    X, y, _ = WideNetworks(n=5, d=3).data
    return X, y


def _lazy(s: Settings, rng: np.random.Generator) -> Array:
    """Logarithms of relative motion of weights and Jacobian, and gap to the linear model, at each scale."""
    X, y = _task()
    network = Network(3, (s.width,), activation=s.activation)
    theta = start(network, [rng])
    f, J = forward(network, theta, X)[0], jacobian(network, theta, X)[0]
    step = len(y) / float(np.linalg.norm(J, 2)) ** 2
    logs = []
    for alpha in SCALES:
        # |alpha (h - h_0) - y|^2/alpha^2 is |h - (h_0 + y/alpha)|^2
        target = s.centred * f + y / alpha
        run = train(network, theta, X, target, Descent(step), s.steps)
        linear = f.copy()
        for _ in range(s.steps):
            linear += step / len(y) * J @ (J.T @ (target - linear))
        moved = np.linalg.norm(run.theta - theta) / np.linalg.norm(theta)
        bent = np.linalg.norm(jacobian(network, run.theta, X)[0] - J) / np.linalg.norm(J)
        gap = alpha * np.linalg.norm(forward(network, run.theta, X)[0] - linear) / np.linalg.norm(y)
        logs.append(np.log([moved, bent, gap]))
    return np.array(logs).T.ravel()


def _slopes(s: Settings, mean: Array) -> Array:
    return np.polyfit(np.log(SCALES), mean.reshape(3, -1).T, 1)[0]


def _rate(s: Settings) -> float:
    ends = chizat2019.laziness(np.array([SCALES[0], SCALES[-1]]), 1.0, 1.0, 1.0)
    return float(np.diff(np.log(ends))[0] / np.log(SCALES[-1] / SCALES[0]))


lazy = Claim(
    statement="If f = alpha h starts at zero, then a larger alpha makes weights and Jacobian move less "
    "in training and brings the model nearer to its linearisation: all three distances fall like 1/alpha.",
    formula="|w_t - w_0|, |Dh(w_t) - Dh(w_0)|, |f_t - f_t^lin| ~ 1/alpha, w the weights, Dh the Jacobian",
    source="[chizat2019]",
    kind="rate",
    defaults={"width": 50, "activation": "tanh", "centred": 1, "steps": 60},
    simulated="a network, less its output at the start, is trained at three scales alpha by the same steps; "
    "the slopes against log alpha of the logarithms of the relative motion of weights and Jacobian and "
    "of the gap",
    trial=_lazy,
    theory=_rate,
    statistic=_slopes,
    allowance=0.03,  # of the order 1/alpha
    labels=("motion of the weights", "change of the Jacobian", "gap to the linear model"),
    trials=128,
    quick=64,
    sabotage={
        "1/alpha^2": lambda s: 2 * _rate(s),
        "1/sqrt(alpha)": lambda s: _rate(s) / 2,
        "the output at the start not subtracted": {"defaults": {"centred": 0}},
    },
    exercise=Exercise(
        question="With what power of alpha do the relative motion of the weights, "
        "the change of the Jacobian and the gap to the linearised model fall in training?",
        answer="-1",
    ),
)


def _motion(s: Settings, rng: np.random.Generator) -> float:
    """Logarithm of the motion of the weights at the largest scale, less that at the smallest."""
    weights = _lazy(s, rng)[: len(SCALES)]
    return float(weights[-1] - weights[0])


needs_zero = Claim(
    statement="A large scale alone makes no model lazy: "
    "if h(w_0) is not zero, then alpha h(w_0) grows with alpha, "
    "and the weights move about as far at every alpha.",
    formula="|w_t - w_0| at alpha = 64 is at least half of that at alpha = 16",
    source="[chizat2019], its assumption h(w_0) = 0; the factor one half is ours",
    kind="shape",
    defaults={"width": 50, "activation": "tanh", "centred": 0, "steps": 60},
    simulated="a network with a random h at the start, trained at several scales; "
    "the difference of the logarithms of the motion of its weights at the largest and the smallest scale",
    trial=_motion,
    theory=lambda s: -np.log(2.0),
    relation=">=",
    trials=128,
    quick=64,
    sabotage={"the output at the start subtracted": {"defaults": {"centred": 1}}},
)
