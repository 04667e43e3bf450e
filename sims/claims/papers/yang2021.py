"""Feature learning at every width: the maximal update parametrisation beside others."""

import numpy as np

from sims.claims import Claim, Exercise, Settings
from sims.claims.claim import Array
from sims.experiments.linearisation import WideNetworks
from sims.network import Network, critical_step, feature_learning, start
from sims.rules import Descent
from sims.training import train
from theory.papers import yang2021


def _network(s: Settings, scaling: str, width: int) -> Network:
    return Network(3, (width,) * s.depth, activation=s.activation, scaling=scaling, symmetric=True)


def _task() -> tuple[Array, Array]:
    X, y, _ = WideNetworks().data
    return X, y


def _motion(s: Settings, rng: np.random.Generator) -> Array:
    """Root mean square motion of the first features' preactivations, at both widths of both scalings."""
    X, y = _task()
    found = []
    for scaling in ("mup", "ntk"):
        for width in (s.width, 4 * s.width):
            network = _network(s, scaling, width)
            theta = start(network, rng.spawn(s.networks))
            change = train(network, theta, X, y, Descent(s.step), s.steps).theta - theta
            layer = network.layers[0]
            found.append((((layer.gain * layer.weights(change)) @ X.T) ** 2).mean())
    return np.array(found)


def _ratios(s: Settings, mean: Array) -> Array:
    return np.sqrt(mean[1::2] / mean[::2])


def _falls(s: Settings) -> Array:
    return np.array(
        [4.0 ** -yang2021.feature_exponent(*yang2021.scaling(name, s.depth)) for name in ("mup", "ntk")]
    )


features = Claim(
    statement="With the maximal update features move as far in wide networks as in narrow ones; in the "
    "scaling of the tangent kernel four times the width halves their motion.",
    formula="motion(4 width)/motion(width) = 4^(-r), r = 0 and 1/2",
    source="[yang2021, Def. 3.2†]",
    kind="asymptotic",
    defaults={"width": 64, "depth": 1, "activation": "tanh", "step": 0.5, "steps": 20, "networks": 6},
    simulated="networks of both widths and scalings take as many steps of descent on six samples from f = 0: "
    "motion of the preactivations of the first layer, as root mean square, of the wide over the narrow",
    trial=_motion,
    statistic=_ratios,
    theory=_falls,
    allowance=lambda s: 3 / s.width,
    grows=("width",),
    labels=("maximal update", "tangent kernel"),
    trials=128,
    quick=128,
    sabotage={
        "both lazy": lambda s: 0.5,
        "both learn features": lambda s: 1.0,
        "1/width": lambda s: np.array([1.0, 0.25]),
    },
    exercise=Exercise(
        question="By what factor does the motion of features in training change when the width is multiplied "
        "by four: with the maximal update, and in the scaling of the tangent kernel?",
        answer="1; 1/2",
    ),
)


def _sharpness(s: Settings, rng: np.random.Generator) -> Array:
    X, _ = _task()
    return np.array(
        [
            (2 / critical_step(network, start(network, rng.spawn(s.networks)), X)).mean()
            for scaling in ("mup", "standard")
            for network in (_network(s, scaling, s.width), _network(s, scaling, 4 * s.width))
        ]
    )


one_step = Claim(
    statement="With the maximal update one step serves all widths: the sharpness at the start is the same; "
    "in the standard scaling it grows like the width, and the largest stable step falls.",
    formula="step(width)/step(4 width) = 4^k, k = 0 and 1, step the largest stable one",
    source="[yang2021]; own calculation",
    kind="asymptotic",
    defaults={"width": 64, "depth": 2, "activation": "tanh", "networks": 16},
    simulated="networks of both widths and scalings at their start, f = 0: largest eigenvalue of the tangent "
    "kernel on six samples, of the wide over the narrow",
    trial=_sharpness,
    statistic=lambda s, mean: mean[1::2] / mean[::2],
    theory=lambda s: np.array(
        [4.0 ** yang2021.kernel_exponent(*yang2021.scaling(n, s.depth)[:2]) for n in ("mup", "standard")]
    ),
    allowance=lambda s: 2 / s.width,
    grows=("width",),
    labels=("maximal update", "standard"),
    trials=64,
    quick=64,
    sabotage={
        "the same in both": lambda s: 1.0,
        "like the root of the width": lambda s: np.array([1.0, 2.0]),
    },
)


def _aligned(s: Settings, rng: np.random.Generator) -> float:
    """Cosine of the kernels before and after training, in muP less in NTK scaling."""
    X, y = _task()
    cosines = []
    for scaling in ("mup", "ntk"):
        network = _network(s, scaling, s.width)
        theta = start(network, rng.spawn(s.networks))
        after = train(network, theta, X, y, Descent(s.step), s.steps).theta
        cosines.append(feature_learning(network, theta, after, X).alignment.mean())
    return cosines[0] - cosines[1]


kernel = Claim(
    statement="The tangent kernel of a wide network keeps its shape in training in its own scaling, and "
    "loses it with the maximal update: a network that learns features is no kernel machine.",
    formula="cosine of the kernels before and after: at least 0.01 lower with the maximal update",
    source="[yang2021]; the margin is ours",
    kind="shape",
    defaults={"width": 256, "depth": 1, "activation": "tanh", "step": 0.5, "steps": 80, "networks": 2},
    simulated="wide networks of both scalings take as many steps of descent on six samples from f = 0: "
    "cosine of the kernels before and after, with the maximal update less in the scaling of the kernel",
    trial=_aligned,
    theory=lambda s: -0.01,
    relation="<=",
    trials=32,
    quick=32,
    sabotage={"small steps: little is learnt": {"defaults": {"step": 0.01}}},
)
