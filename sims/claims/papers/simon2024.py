"""More is better: random-feature regression with the best ridge."""

import numpy as np

import theory
from sims.claims import Claim, Exercise, Settings
from sims.claims.claim import Array
from sims.experiments import power_law, projections
from theory.papers import simon2024

RIDGES = np.geomspace(1e-3, 10.0, 33)  # the best lies between


def _ridges(s: Settings) -> Array:
    return RIDGES if s.tuned else np.array([s.fixed])


def _tests(s: Settings, sizes: list[tuple[int, int]], rng: np.random.Generator) -> Array:
    """Test error at each (n, p), parts of one design, and each ridge."""
    problem = projections.problem(s.n, s.noise)
    Phi, features = projections.draw(problem, max(n for n, _ in sizes), max(p for _, p in sizes), rng)
    excess = (projections.excess(problem, Phi[:n], features[:, :p], _ridges(s)) for n, p in sizes)
    return np.array([s.noise * (1 + e.noise_part) + e.noiseless for e in excess]).ravel()


def _best(s: Settings, mean: Array) -> Array:
    """The mean error of the best ridge, at each size."""
    least: Array = mean.reshape(-1, len(_ridges(s))).min(axis=1)
    return least


def _falls(s: Settings, mean: Array) -> Array:
    return -np.diff(np.log(_best(s, mean)))


def _widths(s: Settings, rng: np.random.Generator) -> Array:
    return _tests(s, [(s.n, s.n * k // 2) for k in (1, 2, 4, 8)], rng)


SETTINGS = {"n": 50, "noise": 0.2, "tuned": 1, "fixed": 1e-4}

more_features = Claim(
    statement="With the best ridge for each width, the test error falls whenever features are added: "
    "there is no peak and no best width.",
    formula="min over ridge of test(n, p, ridge) falls as p grows",
    source="[simon2024, Thm 1†]",
    checked="text",
    kind="shape",
    relation=">=",
    defaults=SETTINGS,
    simulated="n samples and random features of three levels of eigenvalues, p = n/2, n, 2n and 4n on one "
    "design; the mean test error at the best of 33 ridges (tuned = 0: "
    "at the fixed one), its logarithm at each p less that at 2p",
    trial=_widths,
    statistic=_falls,
    theory=lambda s: 0.0,
    labels=("n/2 to n", "n to 2n", "2n to 4n"),
    trials=192,
    quick=48,
    sabotage={"one small ridge for all widths": {"defaults": {"tuned": 0}}},
)


def _samples(s: Settings, rng: np.random.Generator) -> Array:
    return _tests(s, [(s.n * k // 2, s.n) for k in (1, 2, 4, 8)], rng)


more_samples = Claim(
    statement="With the best ridge for each number of samples, "
    "the test error falls whenever samples are added.",
    formula="min over ridge of test(n, p, ridge) falls as n grows",
    source="[simon2024, Thm 1†]",
    checked="text",
    kind="shape",
    relation=">=",
    defaults=SETTINGS,
    simulated="random features of three levels of eigenvalues, as many as n; "
    "n/2, n, 2n and 4n samples of one design; the mean test error at the best of 33 ridges (tuned = 0: "
    "at the fixed one), its logarithm at each size less that at twice as many samples",
    trial=_samples,
    statistic=_falls,
    theory=lambda s: 0.0,
    labels=("n/2 to n", "n to 2n", "2n to 4n"),
    trials=192,
    quick=48,
    sabotage={"one small ridge for all sizes": {"defaults": {"tuned": 0}}},
)


def _optimal(s: Settings, factor: float = 1.0) -> Array:
    problem = projections.problem(s.n, s.noise)
    return np.asarray(simon2024.optimal(problem, factor * s.n, [s.n / 2, s.n, 2 * s.n]).test)


def _small_ridge(s: Settings) -> Array:
    problem = projections.problem(s.n, s.noise)
    return np.asarray(theory.random_features(problem, s.n, [s.n / 2, s.n, 2 * s.n], 1e-3).test)


optimum = Claim(
    statement="The least test error that a ridge can reach with n samples and p random features follows "
    "from the spectrum and the target's power along it.",
    formula="min over ridge of test(n, p, ridge), test that of theory.random_features",
    source="[simon2024] (the equations behind it)",
    checked="code",
    kind="asymptotic",
    defaults=SETTINGS,
    simulated="n samples and random features of three levels of eigenvalues, p = n/2, n and 2n on one "
    "design; the mean test error at the best of 33 ridges (tuned = 0: at the fixed one)",
    trial=lambda s, rng: _tests(s, [(s.n, s.n // 2), (s.n, s.n), (s.n, 2 * s.n)], rng),
    statistic=_best,
    theory=_optimal,
    allowance=lambda s: 1.0 / s.n,  # measured: 0.5, 0.2 and 0.15 % at n = 50, 100 and 200
    labels=("p = n/2", "p = n", "p = 2n"),
    grows=("n",),
    trials=256,
    quick=32,
    sabotage={
        "infinitely many features": lambda s: (
            simon2024.optimal(projections.problem(s.n, s.noise), s.n, np.full(3, np.inf)).test
        ),
        "one small ridge": _small_ridge,
        "the best of twice the samples": lambda s: _optimal(s, 2.0),
        "the noise left out": lambda s: _optimal(s) - s.noise,
    },
)


def _noise(n: int, exponent: float, target: float, relative: float) -> float:
    """Label noise as a multiple of the error that interpolation without noise makes."""
    return relative * float(theory.ridge(power_law.problem(n, exponent, target), n, 0.0).test)


def _train_and_test(n: int, a: float, b: float, s: float, ridges: Array, rng: np.random.Generator) -> Array:
    noise = _noise(n, a, b, s)
    fits = power_law.errors(power_law.draw(n, rng), a, b, ridges)
    return np.array([
        fits.train_target + noise * fits.train_noise, noise + fits.target + noise * fits.noise
    ])  # fmt: skip


TASKS = np.array([[2.0, 1.5, 0.0], [2.0, 3.0, 2.0], [1.5, 2.0, 3.0]])
"""Exponents a and b of spectrum and target, and the relative noise s."""


def _at_the_best(s: Settings, rng: np.random.Generator) -> Array:
    found = []
    for a, b, relative in TASKS:
        problem = power_law.problem(s.n, a, b, _noise(s.n, a, b, relative))
        best = s.times * simon2024.optimal(problem, s.n, np.inf).ridge
        found.append(_train_and_test(s.n, a, b, relative, np.array([best]), rng))
    return np.ravel(found)


def _wrong_root(s: Settings) -> Array:
    """u itself, the share of the residual that training leaves, for its square."""
    return np.sqrt(simon2024.train_ratio(*TASKS.T))


best_ratio = Claim(
    statement="With a power-law spectrum and target, the best ridge leaves one ratio of training to test "
    "error, whatever the number of samples: it depends on two exponents and the relative noise alone.",
    formula="train/test = u^2, a - b - (a - 1) b u + a (a - 1) s (1 - u)^b = 0, for eigenvalues i^-a, "
    "power i^-b, and noise of s times the error of interpolation without noise",
    source="[simon2024] (the theorem on the optimal ratio†); own derivation and simulation",
    kind="asymptotic",
    defaults={"n": 24, "times": 1.0},
    simulated="n Gaussian samples of 40 n eigenfunctions, the rest of the spectrum as a ridge, for three "
    "choices of a, b and s; the exact training and test error at the best ridge, `times` which is used; "
    "the ratio of their means",
    trial=_at_the_best,
    statistic=lambda s, mean: mean[::2] / mean[1::2],
    theory=lambda s: simon2024.train_ratio(*TASKS.T),
    allowance=lambda s: 1.8 / s.n,  # theory at finite n: up to 4.2, 2.1 and 1.1 % at n = 24, 48 and 96
    labels=tuple(f"a = {a:g}, b = {b:g}, s = {s:g}" for a, b, s in TASKS),
    grows=("n",),
    trials=128,
    quick=48,
    sabotage={
        "u for its square": _wrong_root,
        "without noise": lambda s: simon2024.train_ratio(TASKS[:, 0], TASKS[:, 1], 0.0),
        "training error = test error": lambda s: 1.0,
        "twice the best ridge": {"defaults": {"times": 2.0}},
    },
)


def _ratios(s: Settings, rng: np.random.Generator) -> Array:
    """Test errors of interpolation and of three fits whose training error is a part of their test error."""
    problem, ridges = power_law.problem(s.n, s.exponent, s.target), [0.0]
    for part in (0.02, 0.1, 0.3):
        # train/test = (ridge/kappa)^2 does not depend on the target
        ridges.append(_ridge_of_ratio(problem, s.n, part))
    return _train_and_test(s.n, s.exponent, s.target, s.relative, np.array(ridges), rng)[1]


def _ridge_of_ratio(problem: theory.Problem, n: int, ratio: float) -> float:
    from scipy.optimize import brentq

    def excess(log_ridge: float) -> float:
        risk = theory.ridge(problem, n, np.exp(log_ridge))
        return float(risk.train / risk.test - ratio)

    return float(np.exp(brentq(excess, -40.0, 10.0)))


obligatory = Claim(
    statement="Overfitting can be obligatory: where the target is smooth and the noise small beside "
    "the error, every fit that leaves some training error has a larger test error than interpolation.",
    formula="the best ridge is 0 if noise < s (test error of interpolation without noise), "
    "s = (b - a)/(a (a - 1)), for eigenvalues i^-a and power i^-b; s = 1/2 at a = 2, b = 3",
    source="[simon2024] (the theorem on the optimal ratio†); own derivation and simulation",
    kind="shape",
    relation=">=",
    defaults={"n": 40, "exponent": 2.0, "target": 3.0, "relative": 0.1},
    simulated="n Gaussian samples of 40 n eigenfunctions, the rest of the spectrum as a ridge; logarithms of "
    "the mean test errors of three fits whose training error is 2 %, 10 % and 30 % of their test error, "
    "less that of interpolation",
    trial=_ratios,
    statistic=lambda s, mean: np.log(mean[1:] / mean[0]),
    theory=lambda s: 0.0,
    labels=("2 %", "10 %", "30 %"),
    trials=128,
    quick=48,
    sabotage={
        "noise of twice the error": {"defaults": {"relative": 2.0}},
        "a rough target": {"defaults": {"target": 1.5}},
    },
)


SMOOTH = np.array([[2.0, 3.0], [2.0, 4.0], [1.5, 2.5]])
"""Exponents a < b."""


def _turning_points(s: Settings, rng: np.random.Generator) -> Array:
    """What a little ridge adds to the error of the target, what it takes from unit noise, and the error."""
    Phi, found = power_law.draw(s.n, rng), []
    for a, b in SMOOTH:
        ridge = s.part * float(theory.ridge(power_law.problem(s.n, a, b), s.n, 0.0).kappa)
        fits = power_law.errors(Phi, a, b, np.array([0.0, ridge]))
        found += [fits.target[1] - fits.target[0], fits.noise[0] - fits.noise[1], fits.target[0]]
    return np.array(found)


obligatory_noise = Claim(
    statement="Interpolation is the best fit up to a level of noise that two exponents decide: "
    "the faster the target's power falls and the slower the spectrum does, the more noise should be fitted.",
    formula="the slope of the test error in the ridge is 0 at ridge 0 and noise s times the test error of "
    "interpolation without noise, s = (b - a)/(a (a - 1)), for eigenvalues i^-a and power i^-b",
    source="[simon2024] (the theorem on the optimal ratio†); own derivation and simulation",
    kind="asymptotic",
    defaults={"n": 32, "part": 1e-4},
    simulated="n Gaussian samples of 40 n eigenfunctions, the rest of the spectrum as a ridge; what a ridge "
    "of `part` of kappa adds to the mean error of the target, over what it takes from that of unit noise, "
    "and over the mean error of interpolation without noise",
    trial=_turning_points,
    statistic=lambda s, mean: mean[::3] / (mean[1::3] * mean[2::3]),
    theory=lambda s: simon2024.obligatory_noise(*SMOOTH.T),
    allowance=lambda s: 2.0 / s.n,  # measured: up to 2.1 and 1.3 % at n = 48 and 96
    labels=tuple(f"a = {a:g}, b = {b:g}" for a, b in SMOOTH),
    grows=("n",),
    trials=256,
    quick=192,
    sabotage={
        "never": lambda s: 0.0,
        "(b - a)/a": lambda s: (SMOOTH[:, 1] - SMOOTH[:, 0]) / SMOOTH[:, 0],
        "(b - 1)/(a (a - 1))": lambda s: (SMOOTH[:, 1] - 1) / (SMOOTH[:, 0] * (SMOOTH[:, 0] - 1)),
        "a ridge as large as kappa": {"defaults": {"part": 1.0}},
    },
    exercise=Exercise(
        question="With eigenvalues i^-a and a target of power i^-b, up to which noise is interpolation the "
        "best kernel ridge regression for large n, in units of its test error without noise? "
        "Use that df2 = (a - 1)/a df1, that the bias goes like df1^(1 - b), and df1 = n without a ridge.",
        answer="(b - a)/(a*(a - 1))",
        names={"a": ("2", "2", "1.5"), "b": ("3", "4", "2.5")},
    ),
)
