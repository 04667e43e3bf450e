"""Which labels a wide two-layer relu network fits fast: those along the large eigenvectors of its kernel."""

import numpy as np

from sims.claims import Claim, Settings
from sims.claims.claim import Array
from sims.experiments.signed_networks import descend, unit_inputs
from theory import kernel
from theory.papers import arora2019


def _task(s: Settings) -> tuple[Array, Array]:
    """Inputs of norm 1, and the labels sign(x_1)."""
    X = unit_inputs(s.n, s.d, seed=1)
    return X, np.sign(X[:, 0])


def _misfits(s: Settings, rng: np.random.Generator) -> Array:
    X, y = _task(s)
    record = [s.steps // 4, s.steps]
    _, run = descend(X, s.size * y, s.width, s.step, record, rng)
    return np.sqrt(2 * s.n * run.loss[:, 0]) / s.size


def _residual(s: Settings, step: float) -> Array:
    return arora2019.residual(*_task(s), step, [s.steps // 4, s.steps])


residual = Claim(
    statement="After k steps of gradient descent a wide network has the misfit of its kernel machine: the "
    "part of the labels along each eigenvector of the kernel matrix H of the samples shrinks by the factor "
    "1 - step lambda per step, lambda its eigenvalue.",
    formula="|f_k - y| = |(I - step H)^k y| = (sum_i (1 - step lambda_i)^2k (v_i.y)^2)^(1/2), lambda_i, v_i "
    "of H, the first layer's kernel",
    source="[arora2019, Thm 4.1†]",
    kind="asymptotic",
    defaults={"width": 1024, "n": 10, "d": 5, "step": 0.25, "steps": 40, "size": 0.1},
    simulated="networks with fixed read-outs +-1 are trained from f = 0 by gradient descent "
    "on the summed loss; labels are made small, so that few units change sign, and |f_k - y| is scaled back",
    trial=_misfits,
    theory=lambda s: _residual(s, s.step),
    allowance=lambda s: np.array([8.0, 30.0]) / s.width,  # convexity; measured 7 and 22 at width 256
    labels=("after a quarter of the steps", "after all steps"),
    grows=("width",),
    trials=128,
    quick=64,
    sabotage={
        "the full tangent kernel's factor 2": lambda s: _residual(s, 2 * s.step),
        "the loss for the misfit": lambda s: _residual(s, s.step) ** 2,
        "one step less": lambda s: arora2019.residual(*_task(s), s.step, [s.steps // 4 - 1, s.steps - 1]),
    },
)


def _parts(s: Settings, rng: np.random.Generator) -> Array:
    """Shares left after k steps of the projections of y on the top, the second and the last eigenvector."""
    X = unit_inputs(s.n, s.d, seed=1)
    _, V = np.linalg.eigh(kernel.first_layer(X))
    y = V.sum(axis=1)  # projection 1 on each
    _, run = descend(X, s.size * y, s.width, s.step, [s.steps], rng)
    assert run.test is not None
    return (V.T @ (y - run.test[0, 0] / s.size))[[-1, -2, 0]]


def _eigenvalues(s: Settings) -> Array:
    """The largest, the second and the smallest eigenvalue of the kernel matrix."""
    e = np.linalg.eigvalsh(kernel.first_layer(unit_inputs(s.n, s.d, seed=1)))
    return np.asarray(e[[-1, -2, 0]], dtype=np.float64)


def _shares(s: Settings) -> Array:
    return (1 - s.step * _eigenvalues(s)) ** s.steps


projections = Claim(
    statement="Training learns the projection of the labels on an eigenvector of the kernel "
    "at a speed given by its eigenvalue: the one along the top eigenvector is learnt "
    "when the last has hardly begun.",
    formula="v_i.(y - f_k) = (1 - step lambda_i)^k v_i.y",
    source="[arora2019]",
    kind="asymptotic",
    defaults={"width": 1024, "n": 8, "d": 5, "step": 0.25, "steps": 8, "size": 0.1},
    simulated="networks are trained by gradient descent on labels with equal projections "
    "on all eigenvectors, small as for `residual`; "
    "the share that is left on the top, the second and the last eigenvector",
    trial=_parts,
    theory=_shares,
    allowance=lambda s: 10.0 / s.width,  # measured below that at width 256 to 4096
    labels=("top eigenvector", "second", "last"),
    grows=("width",),
    trials=128,
    quick=64,
    sabotage={
        "e^(-step lambda k), the gradient flow": lambda s: np.exp(-s.step * s.steps * _eigenvalues(s)),
        "eigenvectors in reverse order": lambda s: _shares(s)[::-1],
        "one common speed, that of the mean eigenvalue": lambda s: np.full(
            3,
            (1 - s.step / 2) ** s.steps,  # the diagonal of H is 1/2
        ),
    },
)


def _distance(s: Settings, rng: np.random.Generator) -> float:
    X, y = _task(s)
    theta, run = descend(X, s.size * y, s.width, s.step, [s.steps], rng)
    return float(((run.theta - theta) ** 2).sum()) / s.size**2


travel = Claim(
    statement="Until a wide network has fitted the labels y its weights travel the squared distance "
    "y'H^-1 y, H the kernel matrix of the samples; a bound of the test error rests on it. "
    "Labels along eigenvectors of small eigenvalues take a longer way.",
    formula="|W_end - W_0|^2 = y'H^-1 y",
    source="[arora2019]",
    kind="asymptotic",
    defaults={"width": 1024, "n": 6, "d": 6, "step": 0.5, "steps": 150, "size": 0.1},
    simulated="networks trained until they fit, with small labels as for `residual`; "
    "the squared distance of the weights from their start, scaled back",
    trial=_distance,
    theory=lambda s: arora2019.quadratic_form(*_task(s)),
    allowance=lambda s: 8.0 / s.width,  # measured 5 at width 256
    grows=("width",),
    trials=96,
    quick=64,
    sabotage={
        "y'y divided by the mean eigenvalue 1/2": lambda s: 2.0 * s.n,
        "the distance itself, not its square": lambda s: np.sqrt(arora2019.quadratic_form(*_task(s))),
    },
)


def _slower(s: Settings, rng: np.random.Generator) -> float:
    """Logarithm of the misfit with shuffled labels less that with true ones: same inputs, same start."""
    X = unit_inputs(s.n, s.d, int(rng.integers(2**31)))
    target = X[:, 0] if s.target == "x_1" else np.linalg.eigh(kernel.first_layer(X))[1][:, 0]
    true = target / np.linalg.norm(target)
    first = int(rng.integers(2**31))
    logs = [
        np.log(descend(X, y, s.width, s.step, [s.steps], np.random.default_rng(first))[1].loss[0, 0]) / 2
        for y in (rng.permutation(true), true)
    ]
    return float(logs[0] - logs[1])


random_labels = Claim(
    statement="Random labels take longer: after the same number of steps a network has fitted true labels "
    "further than the same labels in random order.",
    formula="log |f_k - y|/|y| is larger for shuffled y than for y = x_1",
    source="[arora2019]",
    kind="shape",
    defaults={"width": 256, "n": 30, "d": 5, "step": 0.1, "steps": 20, "target": "x_1"},
    simulated="two networks with the same start and inputs, one with labels x_1, one "
    "with these labels shuffled; the difference of the logarithms of their misfits after training",
    trial=_slower,
    theory=lambda s: 0.0,
    relation=">=",
    trials=128,
    quick=64,
    sabotage={
        "true labels along the last eigenvector of the kernel": {"defaults": {"target": "last"}},
        "true labels end twenty times as close": lambda s: np.log(20),
    },
)
