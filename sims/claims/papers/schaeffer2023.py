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


def _peak(s: Settings, rng: np.random.Generator, risk: Risk) -> Array:
    """Logarithm of the error at n = p over those at p/2 and 2p."""
    X = rng.standard_normal((2 * s.p, s.p))
    before, there, after = np.log([risk(s, X[:n]) for n in (s.p // 2, s.p, 2 * s.p)])
    return np.array([there - before, there - after])


def _no_peak(s: Settings, rng: np.random.Generator, risk: Risk) -> Array:
    """Falls of the logarithm of the error from n = p/2 to p and from p to 2p."""
    before, after = _peak(s, rng, risk)
    return np.array([-before, after])


def _descended(X: Array, y: Array, steps: int) -> Array:
    """Where gradient descent on the squared error ends that starts at 0."""
    beta, step = np.zeros(X.shape[1]), 1 / np.linalg.norm(X, 2) ** 2
    for _ in range(steps):
        beta -= step * ((X @ beta - y) @ X)
    return beta


def _terms(s: Settings, rng: np.random.Generator, without: str = "") -> Array:
    """Errors by the formula, `without` one of its terms, by those of a fit: projection, ratio of squares."""
    X, fresh = rng.standard_normal((s.n, s.p)), rng.standard_normal((s.points, s.p))
    beta, errors = rng.standard_normal(s.p), s.sigma * rng.standard_normal(s.n)
    measured = fresh @ (_descended(X, X @ beta + errors, s.steps) - beta)
    parts = [schaeffer2023.prediction_error(X, beta, errors, x) for x in fresh]
    sums = {"": [part.total for part in parts], "null space": [part.variance for part in parts]}
    sums["training errors"] = [part.null_space for part in parts]
    formula = np.array(sums[without])
    return np.array([formula @ measured, formula @ formula]) / (measured @ measured)


def _without_residual(s: Settings, rng: np.random.Generator, residual: bool = False) -> Array:
    X, fresh = rng.standard_normal((s.p, s.p)), rng.standard_normal((s.points, s.p))
    beta = np.sqrt(s.signal / s.p) * rng.standard_normal((s.p, s.targets))
    noise, fresh_noise = (np.sqrt(s.noise) * rng.standard_normal((k, s.targets)) for k in (s.p, s.points))
    y, labels = X @ beta + residual * noise, fresh @ beta + fresh_noise
    fits = (np.linalg.lstsq(X[:n], y[:n], rcond=None)[0] for n in (s.p // 4, s.p // 2, s.p))
    return np.array([np.mean((fresh @ fitted - labels) ** 2) for fitted in fits])


def _without_residual_theory(s: Settings, power: int = 1, samples: int = 0) -> Array:
    n = np.array([s.p // 4, s.p // 2, s.p]) + samples
    return s.noise + s.signal * (1 - n / s.p) ** power


def _on_leading(s: Settings, rng: np.random.Generator) -> Array:
    """Falls of log squared error from n = p/2 to p and 2p, on inputs along leading directions of the data.

    Every n has its own data, targets, labels and test inputs.
    """
    errors = []
    for n in (s.p // 2, s.p, 2 * s.p):
        X, fresh = rng.standard_normal((n, s.p)), rng.standard_normal((s.points, s.p))
        beta = np.sqrt(s.signal / s.p) * rng.standard_normal((s.p, s.targets))
        y = X @ beta + np.sqrt(s.noise) * rng.standard_normal((n, s.targets))
        lost = np.linalg.lstsq(X, y, rcond=None)[0] - beta
        leading = np.linalg.svd(X, full_matrices=False)[2][: s.leading]
        errors.append(np.mean((fresh @ leading.T @ (leading @ lost)) ** 2))
    return -np.diff(np.log(errors))


three_factors = Claim(
    statement="The error of each prediction of the minimum-norm fit is a sum over singular directions "
    "of the data (the test input along it, times the training errors along it, over the singular value), "
    "less the target on the part of the test input outside the data.",
    formula="f(x) - x.beta = sum_r (x.v_r)(u_r.errors)/sigma_r - x.(I - VV') beta, for every x; "
    "X = U diag(sigma) V'",
    source="[schaeffer2023, Sec. 3†]",
    kind="exact",
    defaults={"n": 15, "p": 30, "sigma": 1.0, "points": 20, "steps": 3000},
    simulated="gradient descent from 0 until it fits; the errors that the formula gives at 20 test inputs, "
    "projected on those of the fit, and the ratio of their squares (both 1 only where they are equal)",
    trial=_terms,
    theory=lambda s: 1.0,
    allowance=1e-4,  # where descent stops
    outcome="every",
    labels=("projection", "ratio of squares"),
    quick=32,
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
    theme="peak-at-n",
    trials=256,
    quick=160,
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
    trials=256,
    quick=128,
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
    defaults={"p": 20, "signal": 1.0, "noise": 0.25, "targets": 20, "points": 20},
    simulated="Gaussian inputs and noiseless labels of random targets, fitted by numpy.linalg.lstsq "
    "with n = p/4, p/2 and p samples; the mean squared error on fresh inputs with noisy labels",
    trial=_without_residual,
    theory=_without_residual_theory,
    labels=("n = p/4", "n = p/2", "n = p"),
    trials=1600,
    quick=480,
    sabotage={
        "labels keep their residual": {"trial": lambda s, rng: _without_residual(s, rng, residual=True)},
        "(1 - n/p)^2": lambda s: _without_residual_theory(s, power=2),
        "n - 1 for n": lambda s: _without_residual_theory(s, samples=-1),
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
    formula="error(p/2) > error(p) > error(2p), error = test - noise, with x.v_r = 0 beyond the leading r",
    source="[schaeffer2023, ablation of the test inputs†]",
    checked="text",
    kind="shape",
    defaults={"p": 60, "signal": 1.0, "noise": 0.25, "leading": 10, "points": 20, "targets": 20},
    simulated="a new Gaussian data set for every n, fitted by numpy.linalg.lstsq to noisy labels; "
    "falls of the logarithm of the squared distance from the target, on fresh inputs projected "
    "on the leading directions",
    trial=_on_leading,
    theory=lambda s: 0.0,
    relation=">=",
    labels=FALLS,
    trials=128,
    quick=96,
    sabotage={
        "all directions": {"defaults": {"leading": 60}},
        "all but the last two": {"defaults": {"leading": 58}},
    },
)

whole_span = Claim(
    statement="A loose reading of the third ablation, which the paper does not make: it is enough that test "
    "inputs lie in the span of the training inputs, then there is no peak.",
    formula="error(p/2) > error(p) > error(2p), error = test - noise, with x in the span of v_1, ..., v_n",
    source="a loose reading of [schaeffer2023]",
    kind="shape",
    defaults={"p": 60, "signal": 1.0, "noise": 0.25, "leading": 60, "points": 20, "targets": 20},
    simulated="as for schaeffer2023.leading_directions, with all directions of the data",
    trial=_on_leading,
    theory=lambda s: 0.0,
    relation=">=",
    labels=FALLS,
    trials=128,
    quick=64,
    expected="disagrees",
    why="At n = p the span is everything and the smallest singular value still counts: "
    "the test inputs must avoid the trailing directions, not only the null space.",
    sabotage={"nearly all of the span": {"defaults": {"leading": 58}}},
)
