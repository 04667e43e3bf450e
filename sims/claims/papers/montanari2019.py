"""The classifier of largest margin in high dimensions."""

import numpy as np

from sims.claims import Claim, Exercise, Settings
from sims.claims.claim import Array
from sims.experiments import classifiers
from theory import classification
from theory.papers import montanari2019


def _teacher(n: int, p: int, rng: np.random.Generator) -> Array:
    """Samples times their label, the sign of the first coordinate."""
    X = rng.standard_normal((n, p))
    return X * np.sign(X[:, :1])


def _margin_and_error(Z: Array) -> list[float]:
    margin, w = classifiers.max_margin(Z)
    return [margin, float(np.arccos(w[0] / np.linalg.norm(w)) / np.pi)]


def _max_margin(s: Settings, rng: np.random.Generator) -> Array:
    return np.array(_margin_and_error(_teacher(s.n, round(s.psi * s.n), rng)))


def _least_squares(s: Settings, rng: np.random.Generator) -> Array:
    Z = _teacher(s.n, round(s.psi * s.n), rng)
    w = np.linalg.lstsq(Z, np.ones(s.n), rcond=None)[0]
    w /= np.linalg.norm(w)
    return np.array([(Z @ w).min(), np.arccos(w[0]) / np.pi])


def _max_margin_theory(psi: float) -> Array:
    limit = montanari2019.max_margin(psi)
    return np.array([limit.margin, limit.error])


max_margin = Claim(
    statement="On the labels of a linear teacher, the largest margin that a linear classifier can have "
    "and the test error of the one that has it depend on p/n alone, through two equations.",
    formula="k = margin: min over rho of E(k - rho |g| + sqrt(1 - rho^2) G)_+^2/(1 - rho^2) = psi = p/n; "
    "error = arccos(rho)/pi",
    source="[montanari2019] (isotropic case)",
    kind="asymptotic",
    defaults={"n": 100, "psi": 1.5},
    simulated="n Gaussian samples in psi n dimensions, labelled by the sign of one coordinate; "
    "the classifier of largest margin, and its exact error from its angle to that coordinate",
    trial=_max_margin,
    theory=lambda s: _max_margin_theory(s.psi),
    allowance=lambda s: 1.0 / s.n,  # measured: below 0.6 % at n = 100, no more than chance beyond
    labels=("margin", "test error"),
    grows=("n",),
    trials=400,
    quick=160,
    sabotage={
        "n/p for p/n": lambda s: _max_margin_theory(1 / s.psi),
        "labels without a teacher": lambda s: np.array([classification.svm(s.psi, 0.0).margin, 0.5]),
        "least squares instead": {"trial": _least_squares},
    },
)


def _threshold(s: Settings, rng: np.random.Generator) -> float:
    Z = rng.standard_normal((s.n, s.n))  # the sign of a label without a teacher changes nothing
    return classifiers.threshold(Z) + 0.5


random_labels = Claim(
    statement="Random labels can be classified without an error once there are about half as many features "
    "as samples, (n + 1)/2 in the mean, while least squares needs as many features as samples "
    "to fit them.",
    formula="P(separable) = 2^(1 - n) sum_(k < p) (n - 1 choose k), so "
    "that the least p where it happens is (n + 1)/2 in the mean",
    source="[montanari2019] (labels independent of the inputs); the count is older",
    kind="exact",
    defaults={"n": 12},
    simulated="n Gaussian samples with random labels; the least p whose first p coordinates separate them",
    trial=_threshold,
    theory=lambda s: (s.n + 1) / 2,
    labels=("least p",),
    trials=3000,
    quick=800,
    sabotage={
        "n/2, as for large n": lambda s: s.n / 2,
        "n/2 + 1": lambda s: s.n / 2 + 1,
        "the threshold of least squares": lambda s: s.n,
    },
    exercise=Exercise(
        question="From how many features on can random labels of n samples be separated, "
        "in the mean and exactly?",
        answer="(n + 1)/2",
        limit="n/2",
        elsewhere={"n": 16},
    ),
)


def _wider(s: Settings, rng: np.random.Generator) -> Array:
    Z = _teacher(s.n, 4 * s.p, rng)
    rows = np.log([_margin_and_error(Z[:, : s.p * k]) for k in (1, 2, 4)])
    return np.diff(rows, axis=0).ravel()


def _of_the_error(s: Settings, rng: np.random.Generator) -> Array:
    return -_wider(s, rng)[1::2]


wider = Claim(
    statement="A larger margin need not mean a smaller error: "
    "as uninformative coordinates are added, the margin of the classifier of largest margin grows, "
    "and so does its test error.",
    formula="margin(p) < margin(2p) < margin(4p) and error(p) < error(2p) < error(4p)",
    source="[montanari2019] (isotropic case, p/n varied)",
    kind="shape",
    relation=">=",
    defaults={"n": 100, "p": 50},
    simulated="n Gaussian samples in 4p dimensions, labelled by the sign of the first coordinate; "
    "logarithms of margin and exact error with 2p less those with p, with 4p less those with 2p",
    trial=_wider,
    theory=lambda s: 0.0,
    labels=("margin, 2p - p", "error, 2p - p", "margin, 4p - 2p", "error, 4p - 2p"),
    trials=256,
    quick=96,
    sabotage={"a larger margin errs less": {"trial": _of_the_error, "labels": ()}},
)
