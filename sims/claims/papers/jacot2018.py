"""The neural tangent kernel: at large width it is not random, and training does not move it."""

from functools import cache

import numpy as np

from sims.claims import Claim, Exercise, Settings
from sims.claims.claim import Array
from sims.experiments.linearisation import WideNetworks
from sims.network import Network, empirical_ntk, start
from sims.rules import Descent
from sims.training import train
from theory import kernel
from theory.papers import jacot2018

PAIR = np.array([[0.6, -0.3, 0.8], [0.2, 0.9, 0.4]])


def _network(s: Settings) -> Network:
    return Network(3, (s.width,) * s.depth, activation=s.activation, sigma_w2=1.0, sigma_b2=s.bias**2)


def _entries(s: Settings, rng: np.random.Generator) -> Array:
    network = _network(s)
    each = empirical_ntk(network, start(network, rng.spawn(s.networks)), PAIR)
    return each.mean(axis=0)[0]


def _limit(s: Settings) -> Array:
    return jacot2018.ntk(PAIR, None, s.depth, s.activation, s.bias)[0]


def _read_out(s: Settings) -> Array:
    return kernel.nngp(PAIR, None, s.depth, s.activation, 1.0, s.bias**2)[0]


limit = Claim(
    statement="The tangent kernel of a random network with one hidden layer is on average, at every width, "
    "the limit kernel.",
    formula="E Theta_width(x, z) = Theta(x, z)",
    source="[jacot2018, Thm 1†]",
    kind="exact",
    defaults={"width": 4000, "depth": 1, "activation": "relu", "bias": 0.1, "networks": 2},
    simulated="random networks; their tangent kernel J J' at two inputs, "
    "computed from the derivatives by all weights",
    trial=_entries,
    theory=_limit,
    labels=("Theta(x, x)", "Theta(x, z)"),
    trials=256,
    quick=128,
    sabotage={
        "the read-out alone counted as trained": _read_out,
        "the read-out not counted": lambda s: _limit(s) - _read_out(s),
        "one layer more: the paper's L read as hidden layers": lambda s: jacot2018.ntk(
            PAIR, None, s.depth + 1, s.activation, s.bias
        )[0],
    },
)

deep = Claim(
    statement="The kernel of a deeper network has the limit that the recursion over layers gives; "
    "at finite width its mean differs from it by a term of the order 1/width.",
    formula="Theta_{l+1} = Theta_l E s'(u) s'(v) + Sigma_{l+1}, s' the slope "
    "at Gaussian u, v of covariance Sigma_l",
    source="[jacot2018, Thm 1†]",
    kind="asymptotic",
    defaults={"width": 128, "depth": 3, "activation": "tanh", "bias": 0.3, "networks": 8},
    simulated="random networks of three hidden layers; their tangent kernel at two inputs",
    trial=_entries,
    theory=_limit,
    allowance=lambda s: 2.0 / s.width,  # measured at width 16 to 64: below 1/width
    labels=("Theta(x, x)", "Theta(x, z)"),
    grows=("width",),
    trials=256,
    quick=96,
    sabotage={
        "kernels added without the slopes E s's'": lambda s: sum(
            kernel.nngp(PAIR, None, depth, s.activation, 1.0, s.bias**2)[0] for depth in range(s.depth + 1)
        ),
        "one layer less": lambda s: jacot2018.ntk(PAIR, None, s.depth - 1, s.activation, s.bias)[0],
    },
)

WIDTHS = (64, 128, 256, 512, 1024)


def _squares(s: Settings, rng: np.random.Generator) -> Array:
    """Squared distance of the kernel from its limit, at each width."""
    values = []
    for width in WIDTHS:
        network = Network(3, (width,), sigma_w2=1.0, sigma_b2=s.bias**2)
        theta = start(network, rng.spawn(s.networks))
        gap = empirical_ntk(network, theta, PAIR) - jacot2018.ntk(PAIR, bias=s.bias)
        values.append((gap**2).sum(axis=(1, 2)).mean())
    return np.array(values)


fluctuation = Claim(
    statement="The kernel of a random network strays from its limit like 1/sqrt(width).",
    formula="(E |Theta_width - Theta|^2)^(1/2) ~ width^(-1/2)",
    source="[jacot2018, Thm 1†] for the limit; the rate by independence of the units",
    kind="rate",
    defaults={"bias": 0.1, "networks": 32},
    simulated=f"networks of width {', '.join(map(str, WIDTHS))}; the root mean square of |Theta_width - "
    "Theta| on two inputs, and the slope of its logarithm against log width",
    trial=_squares,
    theory=lambda s: -0.5,
    statistic=lambda s, mean: np.polyfit(np.log(WIDTHS), np.log(mean) / 2, 1)[0],
    trials=256,
    quick=64,
    sabotage={"1/width": lambda s: -1.0, "width^(-1/4)": lambda s: -0.25},
    exercise=Exercise(
        question="With what power of the width does the kernel of a random network stray from its limit?",
        answer="-1/2",
    ),
)


@cache
def _task(activation: str, time: float) -> WideNetworks:
    return WideNetworks(activation=activation, time=time)


def _drift(s: Settings, rng: np.random.Generator) -> Array:
    """Falls of log |Theta_after - Theta_before|/|Theta_before| from each width to four times the width."""
    task = _task(s.activation, s.time)
    X, y, _ = task.data
    logs = []
    for width in (s.width, 4 * s.width, 16 * s.width):
        network = Network(task.d, (width,), activation=s.activation, scaling=s.scaling, symmetric=True)
        theta = start(network, rng.spawn(s.networks))
        # mean-field: the read-out is smaller by sqrt(width), so the same progress takes larger steps
        step = task.step * (width if s.scaling == "mean-field" else 1)
        run = train(network, theta, X, y, Descent(step), task.steps)
        before, after = empirical_ntk(network, theta, X), empirical_ntk(network, run.theta, X)
        moved = np.linalg.norm(after - before, axis=(1, 2)) / np.linalg.norm(before, axis=(1, 2))
        logs.append(np.log(moved).mean())
    return -np.diff(logs)


frozen = Claim(
    statement="The wider the network, the less training changes its kernel: "
    "four times the width at least halves the change.",
    formula="change(width)/change(4 width) >= 2, change = |Theta_t - Theta_0|/|Theta_0|",
    source="[jacot2018, Thm 2†] for the limit; the factor is our reading",
    kind="shape",
    defaults={"width": 32, "time": 2.0, "activation": "tanh", "scaling": "ntk", "networks": 4},
    simulated="networks of three widths are trained on six samples by gradient descent from f = 0; "
    "by how much four times the width lowers the logarithm of the kernel's relative change",
    trial=_drift,
    theory=lambda s: np.log(2.0),
    relation=">=",
    labels=("width to 4 width", "4 width to 16 width"),
    trials=192,
    quick=112,
    sabotage={
        "mean-field scaling, which moves the kernel": {"defaults": {"scaling": "mean-field"}},
        "1/width^2": lambda s: np.log(16.0),
    },
)

relu_drift = Claim(
    statement="Training changes the kernel of a relu network like 1/width, as it does that of a smooth one.",
    formula="|Theta_t - Theta_0|/|Theta_0| ~ 1/width",
    source="[jacot2018, Thm 2†] for the limit; the rate from later work",
    kind="rate",
    defaults={"width": 32, "time": 2.0, "activation": "relu", "scaling": "ntk", "networks": 4},
    simulated="relu networks of three widths as for `frozen`; "
    "the slope of the logarithm of the kernel's relative change against log width",
    trial=_drift,
    theory=lambda s: -1.0,
    statistic=lambda s, mean: -mean.mean() / np.log(4),
    allowance=0.1,
    trials=256,
    quick=128,
    expected="disagrees",
    why="It holds for smooth units. A relu slope jumps: "
    "a share of about 1/sqrt(width) of the units changes sign, and the change falls like width^(-1/2) only.",
    sabotage={"1/width^2": lambda s: -2.0, "no fall": lambda s: -0.1},
)
