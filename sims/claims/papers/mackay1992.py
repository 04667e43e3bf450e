"""The evidence: what it chooses, and whether the model that it chooses knows how wrong it is."""

import numpy as np

import theory
from sims.claims import Claim, Exercise, Settings
from sims.claims.claim import Array
from sims.experiments.empirical import believed, best_noise, chosen, draw
from theory import Problem
from theory.papers import mackay1992


def problem(s: Settings) -> Problem:
    """Two levels, n/4 directions of variance 2 and n/2 of variance 1/2."""
    power, multiplicity = np.array([s.strong, s.weak]), np.array([s.n // 4, s.n // 2])
    return Problem(np.array([2.0, 0.5]), power, multiplicity, noise=s.noise)


def _calibrated(s: Settings, rng: np.random.Generator) -> Array:
    """Test error and predictive variance at the largest evidence."""
    data = draw(problem(s), s.n, rng)
    found = believed(data, *chosen(data))
    return np.array([found.test, found.predictive_variance])


def _at_a_tenth(s: Settings, rng: np.random.Generator) -> Array:
    """The same at a tenth of the ridge, with the noise of largest evidence for it."""
    data = draw(problem(s), s.n, rng)
    ridge = chosen(data)[0] / 10
    found = believed(data, ridge, best_noise(data, ridge))
    return np.array([found.test, found.predictive_variance])


_DEFAULTS = {"n": 120, "strong": 0.3, "weak": 2.2, "noise": 0.3}
_DRAWN = "n Gaussian samples, n/4 directions of variance 2 and n/2 of variance 1/2; "

calibrated = Claim(
    statement="Choose ridge and noise by the largest evidence: the model then expects, on average, the test "
    "error that it has, even if the target is none that its prior would expect.",
    formula="predictive variance = test error where the evidence is largest over ridge and noise",
    source="derived here; proof in theory.proofs.bayes. The evidence: [mackay1992]",
    kind="asymptotic",
    defaults=_DEFAULTS,
    simulated=_DRAWN
    + "the target mostly in those of small variance; the evidence's maximum on each data set; "
    "the mean test error, exact given the data, over the mean variance that the model gives to fresh labels",
    trial=_calibrated,
    theory=lambda s: 1.0,
    statistic=lambda s, mean: mean[0] / mean[1],
    allowance=lambda s: 5.0 / s.n,  # measured gap 4/n at n = 40 and 80
    grows=("n",),
    trials=640,
    quick=640,
    sabotage={
        "a tenth of the ridge": {"trial": _at_a_tenth},
        "the noise alone is expected": {"statistic": lambda s, mean: mean[0] / s.noise},
    },
)


def _chosen_error(s: Settings) -> Array:
    found = theory.empirical_bayes(problem(s), s.n)
    return np.array([found.test, found.predictive_variance])


risk = Claim(
    statement="The evidence chooses another ridge than the one of least test error: its maximum has a test "
    "error of its own, which one equation gives.",
    formula="df2/n = kappa B'/(e + B), test = e + B; B = sum v^2 kappa/(lambda + kappa), "
    "e = noise + unlearnable power",
    source="derived here for [mackay1992]",
    kind="asymptotic",
    defaults={**_DEFAULTS, "n": 80, "strong": 2.4, "weak": 0.1},
    simulated=_DRAWN + "the target mostly in those of large variance; test error and predictive variance at "
    "the evidence's maximum on each data set",
    trial=_calibrated,
    theory=_chosen_error,
    labels=("test error", "predictive variance"),
    allowance=lambda s: 4.0 / s.n,
    grows=("n",),
    trials=512,
    quick=512,
    sabotage={
        "no ridge": lambda s: np.repeat(theory.ridge(problem(s), s.n).test, 2),
        "without the noise": lambda s: _chosen_error(s) - s.noise,
    },
)


def _variance(s: Settings, rng: np.random.Generator) -> float:
    X = rng.standard_normal((s.n, s.p))
    inverse = np.linalg.inv(X.T @ X + s.n * s.ridge * np.eye(s.p))
    return float(s.noise * (1 + np.trace(inverse)))


def _kappa(s: Settings, n: float | None = None) -> float:
    return float(theory.ridge(Problem.isotropic(s.p), s.n if n is None else n, s.ridge).kappa)


variance = Claim(
    statement="Bayesian linear regression gives a fresh label the noise times kappa/ridge as its variance: "
    "the factor by which the samples raise the ridge.",
    formula="noise (1 + E x'(X'X + n ridge I)^-1 x) = noise kappa/ridge, kappa (1 - T(kappa)/n) = ridge",
    source="direct calculation; the predictive variance of [mackay1992]",
    kind="asymptotic",
    defaults={"n": 40, "p": 60, "ridge": 0.2, "noise": 0.5},
    simulated="an isotropic Gaussian design; the exact mean of the predictive variance over fresh inputs",
    trial=_variance,
    theory=lambda s: s.noise * _kappa(s) / s.ridge,
    allowance=lambda s: 0.5 / s.n,
    grows=("n", "p"),
    trials=200,
    quick=128,
    sabotage={
        "kappa alone": lambda s: s.noise * _kappa(s),
        "the noise alone": lambda s: s.noise,
        "a tenth more samples": lambda s: s.noise * _kappa(s, 1.1 * s.n) / s.ridge,
    },
    exercise=Exercise(
        question="Bayesian linear regression on n samples of p isotropic Gaussian inputs, prior variance "
        "noise/(n ridge) for each coefficient: which variance does it give to a fresh noisy label, in the "
        "limit?",
        answer="noise*(g + r - 1 + sqrt((g + r - 1)^2 + 4*r))/(2*r)",
        names={"g": "p/n", "r": "ridge"},
        elsewhere={"n": 60, "p": 30, "ridge": 0.5, "noise": 1.0},
    ),
)


def _count(s: Settings, rng: np.random.Generator) -> float:
    """gamma/n at the largest evidence of one data set."""
    data = draw(problem(s), s.n, rng)
    return float((data.values / (data.values + chosen(data)[0])).mean())


determined = Claim(
    statement="At the largest evidence the data determine a number of parameters gamma that the limit "
    "predicts: as many as the prior's variance is learnt from, while the noise is learnt from the other "
    "n - gamma.",
    formula="gamma = df at the ridge of largest evidence; n ridge |a|^2 = gamma s2, n train = (n - gamma) s2",
    source="[mackay1992, Sec. 4†]; the limit derived here",
    kind="asymptotic",
    defaults={**_DEFAULTS, "n": 80, "strong": 2.4, "weak": 0.1},
    simulated=_DRAWN + "the target mostly in those of large variance; the trace of the hat matrix at the "
    "evidence's maximum on each data set, over n",
    trial=_count,
    theory=lambda s: mackay1992.well_determined(problem(s), s.n) / s.n,
    allowance=lambda s: 2.0 / s.n,
    grows=("n",),
    trials=160,
    quick=320,
    sabotage={
        "all samples": lambda s: 1.0,
        "the parameters of the best ridge": lambda s: (
            theory.ridge(problem(s), s.n, theory.optimal_ridge(problem(s), s.n)).df / s.n
        ),
        "df2 for df": lambda s: (
            theory.ridge(problem(s), s.n, theory.empirical_bayes(problem(s), s.n).ridge).df2 / s.n
        ),
    },
)
