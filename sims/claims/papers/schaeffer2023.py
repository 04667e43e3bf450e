"""Double descent demystified: three factors that must all be present for a peak, each taken away in turn."""

from collections.abc import Callable

import numpy as np

from sims.claims import Claim, Exercise, Settings
from sims.claims.claim import Array
from sims.experiments import ablations
from theory.papers import schaeffer2023

Risk = Callable[[Settings, Array], float]
PEAK = ("over n = p/2", "over n = 2p")
FALLS = ("p/2 to p", "p to 2p")


def _truncated(s: Settings, X: Array) -> float:
    return ablations.truncated(X, s.signal, s.noise, s.cut)


def _without_largest(s: Settings, X: Array) -> float:
    return ablations.without_largest(X, s.signal, s.noise)


def _leading(s: Settings, X: Array) -> float:
    return ablations.on_leading_inputs(X, s.noise, s.leading)


def _peak(s: Settings, rng: np.random.Generator, risk: Risk) -> Array:
    """Logarithm of the error at n = p over those at p/2 and 2p."""
    X = rng.standard_normal((2 * s.p, s.p))
    before, there, after = np.log([risk(s, X[:n]) for n in (s.p // 2, s.p, 2 * s.p)])
    return np.array([there - before, there - after])


def _no_peak(s: Settings, rng: np.random.Generator, risk: Risk) -> Array:
    """Falls of the logarithm of the error from n = p/2 to p and from p to 2p."""
    before, after = _peak(s, rng, risk)
    return np.array([-before, after])


def _terms(s: Settings, rng: np.random.Generator, without: str = "") -> float:
    """Mean square of the errors by the formula, `without` one of its terms, over that of a fit's errors."""
    X, fresh = rng.standard_normal((s.n, s.p)), rng.standard_normal((s.points, s.p))
    beta, errors = rng.standard_normal(s.p), s.sigma * rng.standard_normal(s.n)
    measured = fresh @ (np.linalg.lstsq(X, X @ beta + errors, rcond=None)[0] - beta)
    parts = [schaeffer2023.prediction_error(X, beta, errors, x) for x in fresh]
    sums = {"": [part.total for part in parts], "null space": [part.variance for part in parts]}
    sums["training errors"] = [part.null_space for part in parts]
    return float(np.sum(np.square(sums[without])) / np.sum(measured**2))


def _without_residual(s: Settings, rng: np.random.Generator, residual: bool = False) -> Array:
    X, beta = rng.standard_normal((s.p, s.p)), rng.standard_normal((s.p, s.targets))
    y = X @ beta + residual * np.sqrt(s.noise / s.signal * s.p) * rng.standard_normal((s.p, s.targets))
    left = []
    for n in (s.p // 4, s.p // 2, s.p):
        fitted = np.linalg.lstsq(X[:n], y[:n], rcond=None)[0]
        # chance in the length of the target is divided out
        left.append(s.signal * np.sum((fitted - beta) ** 2) / np.sum(beta**2))
    return s.noise + np.array(left)


def _without_residual_theory(s: Settings) -> Array:
    return s.noise + s.signal * np.array([3 / 4, 1 / 2, 0])


three_factors = Claim(
    statement="The error of each prediction of the minimum-norm fit is a sum over singular directions "
    "of the data (the test input along it, times the training errors along it, over the singular value), "
    "less the target on the part of the test input outside the data.",
    formula="f(x) - x.beta = sum_r (x.v_r)(u_r.errors)/sigma_r - x.(I - VV') beta",
    source="[schaeffer2023, Sec. 3†]",
    kind="exact",
    defaults={"n": 40, "p": 60, "sigma": 3.0, "points": 20},
    simulated="a fit by numpy.linalg.lstsq; the mean square of the errors that the formula gives, "
    "over that of the errors of the fit",
    trial=_terms,
    theory=lambda s: 1.0,
    sabotage={
        "the null space dropped": {"trial": lambda s, rng: _terms(s, rng, "null space")},
        "the training errors dropped": {"trial": lambda s, rng: _terms(s, rng, "training errors")},
    },
)

peak = Claim(
    statement="With noisy labels the minimum-norm fit errs more at n = p than at n = p/2 and at n = 2p.",
    formula="test(n = p) > test(p/2), test(2p)",
    source="[schaeffer2023, Sec. 3†]",
    kind="shape",
    defaults={"p": 60, "signal": 1.0, "noise": 0.25, "cut": 0.0},
    simulated="nested Gaussian designs; differences of the logarithm of the exact error",
    trial=lambda s, rng: _peak(s, rng, _truncated),
    theory=lambda s: 0.0,
    relation=">=",
    labels=PEAK,
    quick=32,
    sabotage={
        "hardly any residual": {"defaults": {"noise": 1e-9}},
        "small singular values cut": {"defaults": {"cut": 0.2}},
    },
)

small_singular_values = Claim(
    statement="First ablation: when the fit leaves out directions with small singular values there is no "
    "peak; the error falls from n = p/2 to p and to 2p.",
    formula="test(p/2) > test(p) > test(2p) with 1/sigma_r = 0 where sigma_r < cut sigma_1",
    source="[schaeffer2023, ablation of the singular values†]",
    checked="text",
    kind="shape",
    defaults={"p": 60, "signal": 1.0, "noise": 0.1, "cut": 0.2},
    simulated="nested Gaussian designs; falls of the logarithm of the exact error of the truncated fit",
    trial=lambda s, rng: _no_peak(s, rng, _truncated),
    theory=lambda s: 0.0,
    relation=">=",
    labels=FALLS,
    sabotage={
        "nothing left out": {"defaults": {"cut": 0.0}},
        "the large ones left out": {"trial": lambda s, rng: _no_peak(s, rng, _without_largest)},
    },
)

no_residual = Claim(
    statement="Second ablation: when the best linear target fits the labels without residual there is no "
    "peak; the error falls from n = p/2 to p, where it reaches the noise of fresh labels.",
    formula="test = noise + signal (1 - n/p)_+ with errors = 0",
    source="[schaeffer2023, ablation of the residuals†]",
    checked="text",
    kind="exact",
    defaults={"p": 60, "signal": 1.0, "noise": 0.25, "targets": 50},
    simulated="a Gaussian design and noiseless labels of random targets; "
    "|f - beta|^2 of numpy.linalg.lstsq plus the noise, at n = p/4, p/2 and p",
    trial=_without_residual,
    theory=_without_residual_theory,
    labels=("n = p/4", "n = p/2", "n = p"),
    sabotage={
        "labels keep their residual": {"trial": lambda s, rng: _without_residual(s, rng, residual=True)},
        "p and n swapped": lambda s: s.noise + s.signal * np.array([3.0, 1.0, 0.0]),
    },
    exercise=Exercise(
        question="When the best linear target fits the labels without residual, "
        "what is the test error of the minimum-norm fit to n <= p samples in p dimensions?",
        answer="noise + signal*(1 - n/p)",
        names={"n": ("p/4", "p/2", "p")},
        elsewhere={"p": 40, "signal": 2.0, "noise": 1.0},
    ),
)

leading_directions = Claim(
    statement="Third ablation: when test inputs vary only in a few leading singular directions "
    "of the training inputs there is no peak; the error falls from n = p/2 to p and to 2p.",
    formula="test(p/2) > test(p) > test(2p) with x.v_r = 0 beyond the leading r",
    source="[schaeffer2023, ablation of the test inputs†]",
    checked="text",
    kind="shape",
    defaults={"p": 60, "signal": 1.0, "noise": 0.25, "leading": 10},
    simulated="nested Gaussian designs; falls of the logarithm of the exact error on projected test inputs",
    trial=lambda s, rng: _no_peak(s, rng, _leading),
    theory=lambda s: 0.0,
    relation=">=",
    labels=FALLS,
    sabotage={"all directions": {"defaults": {"leading": 60}}},
)

whole_span = Claim(
    statement="It is enough that test inputs lie in the span of the training inputs: then there is no peak.",
    formula="test(p/2) > test(p) > test(2p) with x in the span of v_1, ..., v_n",
    source="a loose reading of [schaeffer2023]",
    kind="shape",
    defaults={"p": 60, "signal": 1.0, "noise": 0.25, "leading": 60},
    simulated="nested Gaussian designs; falls of the logarithm of the exact error on projected test inputs",
    trial=lambda s, rng: _no_peak(s, rng, _leading),
    theory=lambda s: 0.0,
    relation=">=",
    labels=FALLS,
    quick=32,
    expected="disagrees",
    why="At n = p the span is everything and the smallest singular value still counts: "
    "the test inputs must avoid the trailing directions, not only the null space.",
    sabotage={"nearly all of the span": {"defaults": {"leading": 58}}},
)
