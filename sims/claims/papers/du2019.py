"""Gradient descent fits any labels with a wide relu network, at a rate set by the least eigenvalue."""

import numpy as np

from sims.claims import Claim, Exercise, Settings
from sims.claims.claim import Array
from sims.experiments.signed_networks import descend, unit_inputs
from theory import kernel
from theory.papers import du2019


def _task(s: Settings) -> tuple[Array, Array]:
    """Inputs of norm 1, labels +-1."""
    X = unit_inputs(s.n, s.d, seed=2)
    return X, np.random.default_rng(s.n).choice([-1.0, 1.0], s.n)


def _checked(s: Settings) -> list[int]:
    return [s.steps // 8, s.steps // 2, s.steps]


def _misfits(s: Settings, rng: np.random.Generator) -> Array:
    X, y = _task(s)
    _, run = descend(X, y, s.width, s.step, _checked(s), rng)
    return np.log(2 * s.n * run.loss[:, 0]) / 2


bound = Claim(
    statement="The misfit of a wide relu network to random labels falls towards zero at least as fast "
    "as (1 - step lambda_0/2)^(k/2), lambda_0 the least eigenvalue of the kernel of its first layer. "
    "The bound is loose: here the misfit falls below it by factors of e^1.7 to e^4.8.",
    formula="|f_k - y| <= (1 - step lambda_0/2)^(k/2) |y|",
    source="[du2019, Thm 4.1]",
    checked="text",
    kind="inequality",
    defaults={"width": 1000, "n": 10, "d": 5, "step": 0.25, "steps": 400},
    simulated="networks with fixed read-outs +-1 and f = 0 at the start fit random labels +-1 by gradient "
    "descent on the summed loss; log |f_k - y| at three times",
    trial=_misfits,
    theory=lambda s: np.log(du2019.residual_bound(*_task(s), s.step, _checked(s))),
    relation="<=",
    labels=("an eighth of the steps", "half of the steps", "all steps"),
    quick=24,
    sabotage={
        "largest for the least eigenvalue": lambda s: (
            np.log(np.linalg.norm(_task(s)[1]))
            + np.log1p(-s.step * np.linalg.eigvalsh(kernel.first_layer(_task(s)[0]))[-1])
            * np.array(_checked(s))
        ),
        "mean for the least eigenvalue": lambda s: (
            np.log(np.linalg.norm(_task(s)[1])) + np.log1p(-s.step / 2) * np.array(_checked(s))
        ),
    },
)


def _left(s: Settings, rng: np.random.Generator) -> float:
    X = unit_inputs(s.n, s.d, seed=2)
    y = s.size * np.linalg.eigh(kernel.first_layer(X))[1][:, 0]
    _, run = descend(X, y, s.width, s.step, [s.steps], rng)
    return float(np.sqrt(2 * s.n * run.loss[0, 0]) / s.size)


slowest = Claim(
    statement="Labels along the last eigenvector of the kernel are fitted at exactly the rate "
    "of its least eigenvalue lambda_0: no better rate holds for all labels.",
    formula="|f_k - y| = (1 - step lambda_0)^k |y| for y along the last eigenvector",
    source="[du2019] for the bound; that it is attained by direct calculation",
    kind="asymptotic",
    defaults={"width": 1024, "n": 6, "d": 5, "step": 0.25, "steps": 8, "size": 0.1},
    simulated="networks fit small labels along the last eigenvector by gradient descent; "
    "the share of the misfit that is left",
    trial=_left,
    theory=lambda s: (1 - s.step * du2019.minimum_eigenvalue(unit_inputs(s.n, s.d, seed=2))) ** s.steps,
    allowance=lambda s: 10.0 / s.width,  # measured below that at width 256 to 4096
    grows=("width",),
    trials=128,
    quick=48,
    sabotage={
        "the paper's bound read as an equality": lambda s: (
            (1 - s.step * du2019.minimum_eigenvalue(unit_inputs(s.n, s.d, seed=2)) / 2) ** (s.steps / 2)
        ),
        "the mean eigenvalue 1/2 for the least": lambda s: (1 - s.step / 2) ** s.steps,
    },
)

WIDTHS = (128, 512, 2048)


def _farthest(s: Settings, rng: np.random.Generator) -> Array:
    """Logarithm of the longest distance that a unit's weights move, at each width."""
    X, y = _task(s)
    logs = []
    for width in WIDTHS:
        theta, run = descend(X, s.size * y, width, s.step, [s.steps], rng)
        moved = (run.theta - theta)[0, : width * s.d].reshape(width, s.d)
        logs.append(np.log(np.linalg.norm(moved, axis=1).max()))
    return np.array(logs)


weights_stay = Claim(
    statement="To fit the labels, no unit of a wide network moves its weights by more "
    "than about 1/sqrt(width), while the weights themselves are of order 1. "
    "This is why the kernel hardly changes.",
    formula="max_r |w_r(k) - w_r(0)| ~ width^(-1/2)",
    source="[du2019]",
    kind="rate",
    defaults={"n": 4, "d": 3, "step": 0.5, "steps": 40, "size": 0.1},
    simulated=f"networks of width {', '.join(map(str, WIDTHS))} fit small labels; the longest way of the "
    "weights of one unit, and the slope of its mean logarithm against log width",
    trial=_farthest,
    theory=lambda s: -0.5,
    statistic=lambda s, mean: np.polyfit(np.log(WIDTHS), mean, 1)[0],
    allowance=0.03,  # the kernel at width 128; measured 2 %
    trials=192,
    quick=96,
    sabotage={"1/width": lambda s: -1.0, "width^(-1/4)": lambda s: -0.25},
    exercise=Exercise(
        question="With what power of the width does the distance fall that a unit's weights move "
        "to fit the labels?",
        answer="-1/2",
    ),
)


def _twins(s: Settings, rng: np.random.Generator) -> float:
    """Squared distance of outputs and labels, those of the input that comes twice replaced by their mean."""
    X, y = _task(s)
    turn = np.deg2rad(s.apart)
    across = X[1] - X[0] * (X[0] @ X[1])
    X[1] = np.cos(turn) * X[0] + np.sin(turn) * across / np.linalg.norm(across)
    y[:2] = 1.0, -1.0
    _, run = descend(X, y, s.width, s.step, [s.steps], rng)
    assert run.test is not None
    y[:2] = 0.0
    return float(((run.test[0, 0] - y) ** 2).sum())


parallel = Claim(
    statement="If an input comes twice with different labels, lambda_0 is zero: "
    "a wide network predicts the mean of the two labels, fits all others, and the misfit stays there.",
    formula="|f_k - m|^2 <= 0.01, m the labels with y_1, y_2 replaced by their mean; "
    "so |f_k - y|^2 = (y_1 - y_2)^2/2 + |f_k - m|^2 is 2 to 2.01, for x_1 = x_2",
    source="[du2019, Thm 3.1]: no two inputs may be parallel",
    kind="inequality",
    defaults={"width": 256, "n": 6, "d": 5, "step": 0.25, "steps": 600, "apart": 0.0},
    simulated="networks trained on six inputs, of which two are equal with labels 1 and -1; "
    "|f_k - m|^2 after many steps",
    trial=_twins,
    theory=lambda s: 0.01,
    relation="<=",
    trials=64,
    quick=24,
    outcome="every",
    sabotage={
        "trained for fifteen steps": {"defaults": {"steps": 15}},
        "the two inputs 30 degrees apart": {"defaults": {"apart": 30.0}},
    },
)
