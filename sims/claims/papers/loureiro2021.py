"""Learning curves of a student who sees features of what the teacher sees: regression and classification."""

import numpy as np

from sims import fit
from sims.claims import Claim, Settings
from sims.claims.claim import Array
from sims.experiments import classifiers
from theory.papers import loureiro2021

OMEGA = np.array([1.5, 0.5])  # variances of the features, half of them each
SHARE = np.array([0.8, 0.2])  # of the teacher's power along them, which is 1


def _samples(s: Settings, rng: np.random.Generator) -> tuple[Array, Array, Array]:
    """Features over sqrt(P), labels, and covariances of the student's weights with the teacher's field."""
    half = s.n // round(2 * s.alpha)
    omega = np.repeat(OMEGA, half)
    g = rng.standard_normal((2, half))
    g *= np.sqrt(SHARE / (g**2).sum(axis=1))[:, None]  # of this length exactly: less chance
    V = rng.standard_normal((s.n, 2 * half))
    return V * np.sqrt(omega / len(omega)), np.sign(V @ g.ravel()), np.sqrt(omega / len(omega)) * g.ravel()


def _error_and_variance(w: Array, cross: Array) -> list[float]:
    """Exact error of the student's sign, and the variance of the student's field."""
    omega = np.repeat(OMEGA, len(w) // 2)
    q = float(w @ (omega * w)) / len(w)
    return [float(np.arccos(w @ cross / np.sqrt(q)) / np.pi), q]


def _square_fit(H: Array, y: Array, penalty: float) -> Array:
    return fit.ridge(H, y, penalty / len(y))


def _arguments(s: Settings) -> dict[str, object]:
    # t is the power of a direction times omega P: each half of the directions shares a part
    return {"omega": OMEGA, "t": 2 * SHARE * OMEGA, "rho": 1.0, "alpha": s.alpha, "penalty": s.penalty}


def _logistic(s: Settings, rng: np.random.Generator) -> Array:
    H, y, cross = _samples(s, rng)
    w = classifiers.logistic(y[:, None] * H, s.penalty)
    return np.array([*_error_and_variance(w, cross), np.logaddexp(0.0, -y * (H @ w)).mean()])


def _logistic_theory(**arguments: object) -> Array:
    limit = loureiro2021.logistic(**arguments)  # type: ignore[arg-type]
    return np.array([limit.error, limit.q, limit.train_loss])


logistic = Claim(
    statement="Test error, output variance and training loss of penalised logistic regression "
    "on Gaussian features follow from their spectrum and the target's power along it.",
    formula="error = arccos(m/sqrt(rho q))/pi; m, q and V solve six equations in the penalty and alpha = n/P",
    source="[loureiro2021] (logistic regression)",
    checked="code",
    kind="asymptotic",
    defaults={"n": 100, "alpha": 2.0, "penalty": 0.5},
    simulated="n samples of n/alpha Gaussian features of two variances, labels the sign of a teacher; "
    "the exact error of the fit, the variance of its output, and its mean loss on the samples",
    trial=_logistic,
    theory=lambda s: _logistic_theory(**_arguments(s)),
    allowance=lambda s: 2.0 / s.n,  # measured: 1 to 2 % at n = 100, half of it at 200
    labels=("test error", "q", "training loss"),
    grows=("n",),
    trials=1500,
    quick=96,
    sabotage={
        "the ridge of overparam for the penalty": lambda s: _logistic_theory(
            **{**_arguments(s), "penalty": s.penalty / s.n}
        ),
        "a flat spectrum": lambda s: _logistic_theory(**{**_arguments(s), "omega": [1.0], "t": [1.0]}),
        "P/n for n/P": lambda s: _logistic_theory(**{**_arguments(s), "alpha": 1 / s.alpha}),
    },
)


def _square(s: Settings, rng: np.random.Generator) -> Array:
    H, y, cross = _samples(s, rng)
    return np.array(_error_and_variance(_square_fit(H, y, s.penalty), cross))


def _square_theory(**arguments: object) -> Array:
    limit = loureiro2021.ridge_classification(**arguments)  # type: ignore[arg-type]
    return np.array([limit.error, limit.q])


def _plain_regression(s: Settings) -> Array:
    limit = loureiro2021.ridge(**_arguments(s))  # type: ignore[arg-type]
    return np.array([np.arccos(limit.m / np.sqrt(limit.q)) / np.pi, limit.q])


square_loss = Claim(
    statement="Ridge regression on labels +-1 classifies as if it had seen a weaker linear teacher "
    "with noise: sqrt(2/pi) times the teacher's output, of variance 1, plus noise of power 1 - 2/pi.",
    formula="error = arccos(m/sqrt(rho q))/pi, q and m of ridge regression with rho -> 2/pi, noise 1 - 2/pi",
    source="[loureiro2021] (square loss; the reduction is our own derivation)",
    checked="code",
    kind="asymptotic",
    defaults={"n": 100, "alpha": 2.0, "penalty": 0.1},
    simulated="n samples of n/alpha Gaussian features of two variances, labels the sign of a teacher; "
    "the exact error of the sign of the fit, and the variance of its output",
    trial=_square,
    theory=lambda s: _square_theory(**_arguments(s)),
    allowance=lambda s: 2.0 / s.n,  # measured: 1 % at n = 100, no more than chance beyond
    labels=("test error", "q"),
    grows=("n",),
    trials=1500,
    quick=128,
    sabotage={
        "labels that are the teacher's output": _plain_regression,
        "the ridge of overparam for the penalty": lambda s: _square_theory(
            **{**_arguments(s), "penalty": s.penalty / s.n}
        ),
    },
)


def _losses(s: Settings, rng: np.random.Generator) -> Array:
    H, y, cross = _samples(s, rng)
    half = s.n // 2
    square, fewer, classified = (
        np.log(_error_and_variance(w, cross)[0])
        for w in (
            _square_fit(H, y, s.penalty),
            _square_fit(H[:half], y[:half], s.penalty),
            classifiers.logistic(y[:, None] * H, s.penalty),
        )
    )
    return np.array([square - fewer, square - classified])


square_peak = Claim(
    statement="With hardly any penalty, more samples can hurt the square loss: "
    "its error is larger with as many samples as features than with half of them. "
    "The logistic loss errs less there.",
    formula="error of the square loss at n = P > error at n = P/2, and > error of logistic regression "
    "at n = P",
    source="[loureiro2021] (logistic against square loss at a small penalty)",
    kind="shape",
    theme="more-data-hurts",
    relation=">=",
    defaults={"n": 100, "alpha": 1.0, "penalty": 1e-4},
    simulated="n samples of n Gaussian features of two variances; "
    "logarithms of the exact error of the square loss on all samples less that on half of them, "
    "and less that of the logistic loss on all",
    trial=_losses,
    theory=lambda s: 0.0,
    labels=("n = P over n = P/2", "square over logistic"),
    trials=256,
    quick=96,
    sabotage={
        "a penalty": {"defaults": {"penalty": 0.5}},
        "more samples hurt beyond the threshold too": {"defaults": {"alpha": 2.0}},
    },
)
