"""Two models of double descent for weak features: Gaussian coordinates and the Fourier transform."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sims.claims import Claim, Exercise, Settings
from sims.claims.claim import Array
from sims.experiments import descent_models
from sims.experiments.partial import fixed_target_parts
from sims.verdict import edge
from theory.papers import belkin2020


def _least_squares(X: Array, beta: Array, p: int, noise: float) -> float:
    """Test error of the fit on the first p coordinates, given the design and the target."""
    missed, spread = fixed_target_parts(X, beta, p)
    return float(noise + missed + beta[p:] @ beta[p:] + noise * spread)


def _direction(size: int, power: float, rng: np.random.Generator) -> Array:
    beta = rng.standard_normal(size)
    return beta * np.sqrt(power / (beta @ beta))


def _near(s: Settings, sizes: ArrayLike) -> NDArray[np.bool_]:
    """Which of these sizes are so near to n that the mean or variance of their error is useless."""
    return np.abs(np.asarray(sizes) - s.n) <= np.float64(edge(s.n))


_SIZES = (10, 40, 80)


def _omitted(s: Settings, rng: np.random.Generator) -> Array:
    errors = []
    for p in _SIZES:
        X = rng.standard_normal((s.n, p + 5))
        beta = np.append(_direction(p, s.signal, rng), _direction(5, s.omitted, rng))
        errors.append(_least_squares(X, beta, p, s.noise))
    return np.array(errors)


def _limit(s: Settings, sizes: ArrayLike, signal: ArrayLike, omitted: ArrayLike) -> Array:
    """The Gaussian model without the 1 of n - p - 1 and p - n - 1."""
    p = np.asarray(sizes)
    fitted = 1 + np.minimum(s.n, p) / np.abs(s.n - p)
    return np.asarray(signal * np.maximum(1 - s.n / p, 0) + (s.noise + omitted) * fitted)


gaussian = Claim(
    statement="Coordinates that are left out act as label noise, "
    "and the mean test error of least squares on p Gaussian coordinates is known exactly at every n and p.",
    formula="e (1 + p/(n - p - 1)) for p <= n - 2; signal (1 - n/p) + e (1 + n/(p - n - 1)) for p >= n + 2; "
    "e = noise + omitted",
    source="[belkin2020, Thm 1†]",
    kind="exact",
    theme="inverse-wishart",
    defaults={"n": 20, "signal": 0.7, "omitted": 0.3, "noise": 0.25},
    simulated="n Gaussian samples of p + 5 coordinates, the target in a random direction of both parts; "
    "the exact test error of the fit on p = 10, 40, 80 given design and target",
    trial=_omitted,
    theory=lambda s: belkin2020.gaussian(s.n, _SIZES, s.signal, s.omitted, s.noise),
    heavy_tailed=lambda s: _near(s, _SIZES),
    labels=("p = 10", "p = 40", "p = 80"),
    trials=2000,
    quick=400,
    sabotage={
        "the limit of many samples": lambda s: _limit(s, _SIZES, s.signal, s.omitted),
        "omitted coordinates harmless": lambda s: (
            s.omitted + belkin2020.gaussian(s.n, _SIZES, s.signal, 0.0, s.noise)
        ),
        "n and p swapped": lambda s: [
            belkin2020.gaussian(p, s.n, s.signal, s.omitted, s.noise) for p in _SIZES
        ],
    },
    exercise=Exercise(
        question="What is the mean test error of least squares on p of the Gaussian coordinates, exactly, "
        "where `omitted` is the target's power on the others?",
        answer="(noise + omitted)*(1 + p/(n - p - 1)); "
        "signal*(1 - n/p) + (noise + omitted)*(1 + n/(p - n - 1)); "
        "signal*(1 - n/p) + (noise + omitted)*(1 + n/(p - n - 1))",
        names={"p": ("10", "40", "80")},
        elsewhere={"n": 24, "signal": 0.5, "omitted": 0.5, "noise": 1.0},
        limit="(noise + omitted)*(1 + p/(n - p)); "
        "signal*(1 - n/p) + (noise + omitted)*(1 + n/(p - n)); "
        "signal*(1 - n/p) + (noise + omitted)*(1 + n/(p - n))",
    ),
)


def _subsets(s: Settings) -> NDArray[np.int64]:
    return s.d * np.array([1, 6, 8, 10]) // 10


def _random_subset(s: Settings, rng: np.random.Generator) -> Array:
    """Mean test errors given one design, over sixteen orders of the coefficients."""
    X, beta = rng.standard_normal((s.n, s.d)), 1 / np.arange(1.0, s.d + 1)
    beta *= np.sqrt(s.signal / (beta @ beta))
    targets = np.array([rng.permutation(beta) for _ in range(16)]).T
    errors = []
    for p in _subsets(s):
        inverse = np.linalg.pinv(X[:, :p])
        lost = targets - np.pad(inverse @ (X @ targets), [(0, s.d - p), (0, 0)])
        errors.append(s.noise * (1 + np.sum(inverse**2)) + np.sum(lost**2) / 16)
    return np.array(errors)


random_subset = Claim(
    statement="On p coordinates chosen at random out of d the mean test error depends "
    "on the target's power alone, not on how it is spread.",
    formula="the Gaussian model with signal p/d selected and signal (1 - p/d) omitted",
    source="[belkin2020, Cor. 1†]",
    kind="exact",
    theme="inverse-wishart",
    defaults={"n": 20, "d": 50, "signal": 1.0, "noise": 0.04},
    simulated="n Gaussian samples of d coordinates with coefficients proportional "
    "to 1/j in sixteen random orders; the exact test error of the fit on the first p given design and orders",
    trial=_random_subset,
    theory=lambda s: belkin2020.gaussian_random(s.n, _subsets(s), s.d, s.signal, s.noise),
    heavy_tailed=lambda s: _near(s, _subsets(s)),
    labels=("p = d/10", "p = 6d/10", "p = 8d/10", "p = d"),
    trials=2000,
    quick=800,
    sabotage={
        "the limit of many samples": lambda s: _limit(
            s,
            _subsets(s),
            s.signal * _subsets(s) / s.d,
            s.signal * (1 - _subsets(s) / s.d),
        ),
        "the largest coefficients first": lambda s: belkin2020.prescient(
            s.n,
            _subsets(s),
            1 / np.arange(1.0, s.d + 1) / np.sqrt(np.sum(np.arange(1.0, s.d + 1) ** -2)),
            s.noise,
        ),
        "all power selected": lambda s: belkin2020.gaussian(s.n, _subsets(s), s.signal, 0.0, s.noise),
    },
    exercise=Exercise(
        question="On p of d coordinates, chosen at random, what is the mean test error of least squares, "
        "exactly?",
        answer="(noise + signal*(1 - p/d))*(1 + p/(n - p - 1)); "
        "signal*p/d*(1 - n/p) + (noise + signal*(1 - p/d))*(1 + n/(p - n - 1)); "
        "signal*p/d*(1 - n/p) + (noise + signal*(1 - p/d))*(1 + n/(p - n - 1)); "
        "signal*p/d*(1 - n/p) + (noise + signal*(1 - p/d))*(1 + n/(p - n - 1))",
        names={"p": ("d/10", "6*d/10", "8*d/10", "d")},
        elsewhere={"n": 24, "d": 60, "signal": 2.0, "noise": 1.0},
        limit="(noise + signal*(1 - p/d))*(1 + p/(n - p)); "
        "signal*p/d*(1 - n/p) + (noise + signal*(1 - p/d))*(1 + n/(p - n)); "
        "signal*p/d*(1 - n/p) + (noise + signal*(1 - p/d))*(1 + n/(p - n)); "
        "signal*p/d*(1 - n/p) + (noise + signal*(1 - p/d))*(1 + n/(p - n))",
    ),
)

# 100 below 0, 10 above 0, 60 above 80, 80 above 100; that at 0 is signal + noise
_STEPS = np.array([[0, 0, 0, -1], [1, 0, 0, 0], [0, 1, -1, 0], [0, 0, 1, -1]]).T

all_best = Claim(
    statement="With weak features and little noise, a few features are worse than none, "
    "and all of them are best: beyond the threshold the error falls with every feature.",
    formula="test(10) > test(0) > test(100), test(60) > test(80) > test(100) for n = 40, d = 100",
    source="[belkin2020, Fig. 1†]",
    checked="text",
    kind="shape",
    defaults={"n": 40, "d": 100, "signal": 1.0, "noise": 0.04},
    simulated="as in belkin2020.random_subset; differences of the test errors; "
    "that without features is signal + noise",
    trial=_random_subset,
    statistic=lambda s, mean: mean @ _STEPS + (s.signal + s.noise) * np.array([1, -1, 0, 0]),
    theory=lambda s: 0.0,
    relation=">=",
    heavy_tailed=lambda s: _near(s, _subsets(s))[[3, 0, 1, 2]] | _near(s, _subsets(s))[[3, 0, 2, 3]],
    labels=("0 over 100", "10 over 0", "60 over 80", "80 over 100"),
    trials=500,
    quick=400,
    sabotage={"much noise": {"defaults": {"noise": 2.0}}},
)


def _first(s: Settings) -> Array:
    return np.array([5, 15, 30, s.d])


def _prescient(s: Settings, rng: np.random.Generator) -> Array:
    beta = 1 / np.arange(1.0, s.d + 1)
    X = rng.standard_normal((s.n, s.d))
    return np.array([_least_squares(X, beta, p, s.noise) for p in _first(s)])


def _prescient_theory(s: Settings) -> Array:
    return belkin2020.prescient(s.n, _first(s), 1 / np.arange(1.0, s.d + 1), s.noise)


_FIRST = {"n": 40, "d": 100, "noise": 0.04}


def _powers(s: Settings) -> tuple[Array, Array]:
    """Power of the coordinates that are chosen first, and of the others."""
    total = np.cumsum(np.arange(1.0, s.d + 1) ** -2)
    return total[_first(s) - 1], total[-1] - total[_first(s) - 1]


prescient = Claim(
    statement="Where the coordinates that matter most are chosen first, "
    "least squares on p of them errs as in the Gaussian model, "
    "in which the power of all others acts as noise.",
    formula="the Gaussian model with the p largest beta_j^2 selected and the others omitted, beta_j = 1/j",
    source="[belkin2020, Sec. 2 on prescient selection†]",
    kind="exact",
    theme="inverse-wishart",
    defaults=_FIRST,
    simulated="n Gaussian samples of d = 100 coordinates with coefficients 1/j; "
    "the exact test error of the fit on the first 5, 15, 30 and all, given the design",
    trial=_prescient,
    theory=_prescient_theory,
    heavy_tailed=lambda s: _near(s, _first(s)),
    labels=("p = 5", "p = 15", "p = 30", "p = d"),
    trials=1500,
    quick=400,
    sabotage={
        "the limit of many samples": lambda s: _limit(s, _first(s), *_powers(s)),
        "chosen at random": lambda s: belkin2020.gaussian_random(
            s.n, _first(s), s.d, np.sum(np.arange(1.0, s.d + 1) ** -2), s.noise
        ),
        "no price for the fit": lambda s: _prescient_theory(s) * (1 - np.array([5, 15, 30, 0]) / (s.n - 1)),
    },
)


def _at_random(s: Settings, rng: np.random.Generator) -> Array:
    X, beta = rng.standard_normal((s.n, s.d)), rng.permutation(1 / np.arange(1.0, s.d + 1))
    return np.array([_least_squares(X, beta, p, s.noise) for p in _first(s)])


few_best = Claim(
    statement="With the most important features chosen first there is a sweet spot before the threshold: "
    "a fit on 15 of them errs less than one on 5, on 30, or on all.",
    formula="test(100), test(30), test(5) > test(15) for n = 40, d = 100, beta_j = 1/j",
    source="[belkin2020, Fig. 2†]",
    kind="shape",
    defaults=_FIRST,
    simulated="as in belkin2020.prescient; differences of the logarithms of the mean test errors",
    trial=_prescient,
    statistic=lambda s, mean: np.log(mean[[3, 2, 0]] / mean[1]),
    theory=lambda s: 0.0,
    relation=">=",
    heavy_tailed=lambda s: _near(s, _first(s))[[3, 2, 0]] | _near(s, 15),
    labels=("100 over 15", "30 over 15", "5 over 15"),
    trials=1000,
    quick=256,
    sabotage={"chosen at random": {"trial": _at_random}},
)


def _columns(s: Settings) -> NDArray[np.int64]:
    return np.array([s.n // 2, 2 * s.n, 3 * s.n])


def _fourier(s: Settings, rng: np.random.Generator) -> Array:
    setting = descent_models.Setting(model="fourier", n=s.n, d=s.d, noise=0.0)
    return descent_models.MODELS["fourier"].trial(setting, _columns(s), rng)


fourier = Claim(
    statement="On random rows and columns of the discrete Fourier transform without noise, "
    "the error beyond the threshold falls towards the share of the points that were not seen.",
    formula="risk = 1 - k (2 - (1 - k)/(q - k)), k and q the smaller and larger of n/d and p/d",
    source="[belkin2020, Thm 2†]",
    kind="asymptotic",
    defaults={"n": 32, "d": 128},
    simulated="n random rows and p = n/2, 2n, 3n random columns of the d x d transform; "
    "the exact error of the fit at ridge 0 averaged over targets",
    trial=_fourier,
    theory=lambda s: belkin2020.fourier(s.n / s.d, _columns(s) / s.d),
    heavy_tailed=lambda s: _near(s, _columns(s)),
    labels=("p = n/2", "p = 2n", "p = 3n"),
    allowance=lambda s: 1.0 / s.n,
    grows=("n", "d"),
    trials=512,
    quick=256,
    sabotage={
        "independent Gaussian features": lambda s: belkin2020.gaussian_random(s.n, _columns(s), s.d, 1.0),
        "only 1 - 2k": lambda s: 1 - 2 * np.minimum(s.n, _columns(s)) / s.d,
    },
    exercise=Exercise(
        question="What is the error, without noise, of the fit on p random columns and n random rows "
        "of the d x d Fourier transform, over the power of the target, in the limit of large n, p and d?",
        answer="1 - k*(2 - (1 - k)/(q - k))",
        names={"p": ("n/2", "2*n", "3*n"), "k": "min(n, p)/d", "q": "max(n, p)/d"},
        elsewhere={"n": 24, "d": 160},
    ),
)


def _haar(s: Settings, rng: np.random.Generator) -> Array:
    U = np.linalg.qr(rng.standard_normal((s.d, s.d)) + 1j * rng.standard_normal((s.d, s.d)))[0]
    # qr fixes the phases of the columns: draw them anew
    U = U * np.exp(2j * np.pi * rng.random(s.d))
    beta = _direction(s.d, 1.0, rng)
    errors = []
    for p in _columns(s):
        fitted = np.linalg.pinv(U[: s.n, :p]) @ (U[: s.n] @ beta)
        errors.append(np.sum(np.abs(fitted - beta[:p]) ** 2) + np.sum(beta[p:] ** 2))
    return np.array(errors)


def _real(s: Settings) -> Array:
    """The error if the entries were real, with one degree of freedom less."""
    p, k = _columns(s), np.minimum(s.n, _columns(s))
    return 1 - 2 * k / s.d + k / s.d * (s.d - k - 1) / (np.abs(p - s.n) - 1)


haar = Claim(
    statement="On any n rows and p columns of a random unitary transform the mean error of least squares "
    "without noise is known exactly at finite size. It equals its limit: no degree of freedom is lost.",
    formula="1 - 2 k/d + (k/d) (d - k)/|p - n|, k = min(n, p)",
    source="own calculation; [belkin2020, Thm 2†] is its limit",
    kind="exact",
    defaults={"n": 10, "d": 40},
    simulated="a Haar unitary d x d matrix and a target in a random direction; "
    "the error on all d points of the fit on n rows and p = n/2, 2n, 3n columns",
    trial=_haar,
    theory=lambda s: belkin2020.haar(s.n, _columns(s), s.d),
    # 1 over a Gamma variable of |p - n| + 1
    heavy_tailed=lambda s: np.abs(_columns(s) - s.n) < 3,
    labels=("p = n/2", "p = 2n", "p = 3n"),
    trials=3000,
    quick=800,
    sabotage={
        "a real orthogonal matrix": _real,
        "the Gaussian model": lambda s: belkin2020.gaussian_random(s.n, _columns(s), s.d, 1.0),
    },
    exercise=Exercise(
        question="What is the mean error, without noise, of the fit on p columns and n rows "
        "of a random unitary d x d transform, exactly, over the power of the target?",
        answer="1 - 2*k/d + k/d*(d - k)/abs(p - n)",
        names={"p": ("n/2", "2*n", "3*n"), "k": "min(n, p)"},
        elsewhere={"n": 12, "d": 60},
    ),
)
