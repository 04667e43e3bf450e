"""How much of the label noise an interpolating kernel machine passes on, by the decay of its spectrum."""

import numpy as np

from sims.claims import Claim, Exercise, Settings
from sims.claims.claim import Array
from theory.papers import mallinar2022


def _overfitting(Phi: Array, eigenvalues: Array, tail: Array, ridge: float = 0.0) -> float:
    """Test error of a fit to pure noise of variance 1, averaged over the noise: 1 + E f(x)^2.

    `tail`: sums of lambda and lambda^2 beyond the eigenfunctions Phi; so many small ones act as a ridge.
    """
    n = len(Phi)
    K = (Phi * eigenvalues) @ Phi.T + (tail[0] + n * ridge) * np.eye(n)
    inverse = np.linalg.inv(K)
    return float(1 + ((inverse @ Phi * eigenvalues) ** 2).sum() + tail[1] * (inverse**2).sum())


def _power_law(n: int, exponents: tuple[float, ...], ridge: float, rng: np.random.Generator) -> Array:
    """Test errors of fits to pure noise on one set of samples, for each spectrum i^-a without end."""
    from scipy.special import zeta

    i = np.arange(1.0, 40 * n + 1)
    Phi = rng.standard_normal((n, len(i)))
    tails = [np.array([zeta(a, len(i) + 1), zeta(2 * a, len(i) + 1)]) for a in exponents]
    return np.array([_overfitting(Phi, i**-a, tail, ridge) for a, tail in zip(exponents, tails, strict=True)])


EXPONENTS = (2.0, 1.5, 3.0)


tempered = Claim(
    statement="With eigenvalues i^-a, interpolation multiplies the noise by a. Overfitting is tempered: "
    "its cost neither vanishes nor grows with the number of samples.",
    formula="E0 = test/noise -> a as n -> inf, for lambda_i = i^-a without end, ridge 0",
    source="[mallinar2022, Thm 3.1†]",
    checked="text",
    kind="asymptotic",
    defaults={"n": 25, "ridge": 0.0},
    simulated="n Gaussian samples of 40 n eigenfunctions, the rest of the spectrum as a ridge; "
    "the exact test error of the fit to pure noise of variance 1",
    trial=lambda s, rng: _power_law(s.n, EXPONENTS, s.ridge, rng),
    theory=lambda s: mallinar2022.power_law(np.inf, EXPONENTS).overfitting,
    allowance=lambda s: 1.0 / s.n,  # measured: 1.7, 0.9, 0.4 and 0.2 % at n = 25, 50, 100 and 200
    labels=tuple(f"a = {a:g}" for a in EXPONENTS),
    grows=("n",),
    trials=256,
    quick=48,
    sabotage={
        "1/a: a fast decay helps": lambda s: 1 + 1 / np.array(EXPONENTS),
        "benign": lambda s: 1.0,
        "a ridge": {"defaults": {"ridge": 0.01}},
    },
    exercise=Exercise(
        question="With eigenvalues i^-a, by what does interpolation multiply the noise, with many samples?",
        answer="a",
        names={"a": ("2", "1.5", "3")},
    ),
)


def _logarithmic(n: int, exponent: float, rng: np.random.Generator, whole: bool = True) -> float:
    """Test error of a fit to pure noise, for eigenvalues 1/(i log^a i), i > 1, without end or cut."""
    i = np.arange(2.0, 40 * n + 2)
    end = i[-1] + 0.5
    tail = np.log(end) ** np.array([1 - exponent, -2 * exponent]) / [exponent - 1, end]
    return _overfitting(rng.standard_normal((n, len(i))), 1 / (i * np.log(i) ** exponent), tail * whole)


def _slowly(s: Settings, rng: np.random.Generator) -> Array:
    return np.array([_logarithmic(n, s.exponent, rng, bool(s.whole)) - 1 for n in (s.n, 4 * s.n)])


logarithmic = Claim(
    statement="With eigenvalues 1/(i log^2 i) overfitting is benign without a ridge, but slowly: "
    "the share of the noise that is passed on falls from 0.39 with 12 samples to 0.31 with 48, "
    "and theory says that it takes a billion to bring it to 0.05.",
    formula="E0 = n/(n - df2), sum 1/(1 + kappa i log^a i) = n, df2 = sum (1 + kappa i log^a i)^-2; "
    "E0 - 1 ~ (a - 1)/log n",
    source="[mallinar2022] (names the spectrum as benign†); the values by own calculation and simulation",
    kind="asymptotic",
    defaults={"n": 12, "exponent": 2.0, "whole": 1},
    simulated="n and 4n Gaussian samples of 40 times as many eigenfunctions, the rest of the spectrum as a "
    "ridge (whole = 0: left out); the exact test error of the fit to pure noise of variance 1, less 1",
    trial=_slowly,
    theory=lambda s: mallinar2022.logarithmic([s.n, 4 * s.n], s.exponent).overfitting - 1,
    allowance=lambda s: 1.0 / s.n,  # measured: up to 3 and 0.8 % at n = 12 and 25
    labels=("n", "4n"),
    grows=("n",),
    trials=384,
    quick=256,
    sabotage={
        "harmless at once": lambda s: 0.0,
        "the rate 1/log n without its constant": lambda s: 1 / np.log([s.n, 4 * s.n]),
        "i^-1.2": lambda s: mallinar2022.power_law([s.n, 4 * s.n], 1.2).overfitting - 1,
        "a spectrum that is cut": {"defaults": {"whole": 0}},
    },
)


def _doubled(s: Settings) -> list[int]:
    return [s.n, 2 * s.n, 4 * s.n]


def _slope(s: Settings, logs: Array) -> float:
    """Exponent of what was measured at n, 2n and 4n."""
    return float(logs[2] - logs[0]) / np.log(4)


def _geometric(s: Settings, rng: np.random.Generator) -> Array:
    errors = []
    for n in _doubled(s):
        lam = s.ratio ** np.arange(n + round(12 / (1 - s.ratio)))  # the rest is e^-12 of the n-th
        Phi = rng.standard_normal((n, len(lam)))
        errors.append(_overfitting(Phi, lam, np.zeros(2), s.ridge))
    return np.log(errors)


def _power_law_logs(s: Settings, rng: np.random.Generator) -> Array:
    return np.log([_power_law(n // 4, (2.0,), 0.0, rng)[0] for n in _doubled(s)])


catastrophic = Claim(
    statement="With eigenvalues r^i, interpolation multiplies the noise in proportion to the number "
    "of samples. Overfitting is catastrophic: more data make it worse.",
    formula="E0 = test/noise ~ n log(1/r) for lambda_i = r^i, ridge 0: the slope of log E0 over log n is 1",
    source="[mallinar2022, Thm 3.1†]",
    kind="rate",
    defaults={"n": 80, "ratio": 0.95, "ridge": 0.0},
    simulated="n, 2n and 4n Gaussian samples; the logarithm of the exact test error of the fit "
    "to pure noise of variance 1; the slope between n and 4n of its mean",
    trial=_geometric,
    statistic=_slope,
    theory=lambda s: _slope(s, np.log(mallinar2022.exponential(_doubled(s), s.ratio).overfitting)),
    allowance=0.01,  # log E0 exceeds theory by 0.01 to 0.02 at each n, for only some 1/log(1/r) modes decide
    labels=("slope",),
    trials=128,
    quick=24,
    sabotage={
        "tempered": lambda s: 0.0,
        "the square of n": lambda s: 2.0,
        "a power law": {"trial": _power_law_logs},
        "a ridge": {"defaults": {"ridge": 0.01}},
    },
)


def _ridged(s: Settings, rng: np.random.Generator) -> Array:
    return np.array([_power_law(n, (s.exponent,), s.ridge, rng)[0] - 1 for n in _doubled(s)])


benign = Claim(
    statement="With a fixed ridge, the share of the label noise that is passed on "
    "to predictions falls like 1/n: overfitting is benign.",
    formula="E0 - 1 = df2/(n - df2) ~ 1/n at a fixed ridge > 0, lambda_i = i^-a; "
    "df2 = sum (lambda_i/(lambda_i + kappa))^2",
    source="[mallinar2022, Thm 3.1†]",
    kind="rate",
    defaults={"n": 40, "exponent": 2.0, "ridge": 0.01},
    simulated="n, 2n and 4n Gaussian samples; the exact test error of the fit to pure noise "
    "of variance 1, less 1; the slope between n and 4n of the logarithm of its mean",
    trial=_ridged,
    statistic=lambda s, mean: _slope(s, np.log(mean)),
    theory=lambda s: _slope(
        s, np.log(mallinar2022.power_law(_doubled(s), s.exponent, s.ridge).overfitting - 1)
    ),
    allowance=0.02,  # E0 - 1 exceeds theory by 2, 1 and 0.5 % at n = 50, 100 and 200
    labels=("slope",),
    trials=192,
    quick=24,
    sabotage={
        "without a ridge": {"defaults": {"ridge": 0.0}, "theory": lambda s: -1.0},
        "1/sqrt(n)": lambda s: -0.5,
        "1/n^2": lambda s: -2.0,
    },
)
