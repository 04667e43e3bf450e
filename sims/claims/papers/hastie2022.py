"""Surprises in high-dimensional ridgeless least squares."""

import numpy as np
from numpy.typing import ArrayLike

from sims.claims import Claim, Exercise, Settings
from sims.claims.claim import Array
from sims.experiments import partial
from sims.experiments.cross_validated import chosen_errors
from sims.experiments.gaussian import measure
from sims.experiments.ridge_slope import slopes, turning_point
from sims.experiments.spectral import along, ridge
from sims.verdict import edge
from theory import Problem
from theory.papers import hastie2022


def _at_threshold(s: Settings) -> bool:
    return abs(s.p - s.n) <= edge(s.n)


def _ridgeless(s: Settings, n: float) -> float:
    return float(hastie2022.isotropic(s.p / n, signal=s.signal, noise=s.noise).test)


def _missing(s: Settings) -> float:
    """What the limit lacks, as a share: Gaussian samples have p - n - 1 for its p - n."""
    return float(s.noise * s.n / ((s.p - s.n) * max(s.p - s.n - 1, 1)) / _ridgeless(s, s.n))


ridgeless = Claim(
    statement="The test error of ridgeless least squares on p > n coordinates of variance 1 has three parts: "
    "the noise of the test label, the part of the target outside the span of the samples, and the cost of "
    "fitting the noise of the labels, which falls like 1/(p/n - 1).",
    formula="test = noise + signal (1 - 1/gamma) + noise/(gamma - 1), gamma = p/n > 1",
    source="[hastie2022, Thm 1†]",
    kind="asymptotic",
    theme="inverse-wishart",
    defaults={"n": 50, "p": 150, "signal": 1.0, "noise": 2.0},
    simulated="n Gaussian samples in p dimensions; the exact risk of the minimum-norm fit given the design",
    trial=lambda s, rng: measure(Problem.isotropic(s.p, s.signal, s.noise), s.n, None, 0.0, rng).test,
    theory=lambda s: _ridgeless(s, s.n),
    allowance=_missing,
    heavy_tailed=_at_threshold,
    grows=("n", "p"),
    trials=512,
    quick=400,
    sabotage={
        "n and p swapped": lambda s: hastie2022.isotropic(s.n / s.p, signal=s.signal, noise=s.noise).test,
        "the cost of fitting noise, noise n/(p - n), dropped": lambda s: s.noise + s.signal * (1 - s.n / s.p),
        "the noise of the test label dropped": lambda s: _ridgeless(s, s.n) - s.noise,
        "n - 1 for n": lambda s: _ridgeless(s, s.n - 1),
    },
    exercise=Exercise(
        question="What is the test error of the minimum-norm fit to p > n isotropic coordinates, "
        "when n and p are large?",
        answer="noise + signal*(1 - 1/gamma) + noise/(gamma - 1)",
        names={"gamma": "p/n"},
        elsewhere={"p": 100, "signal": 4.0, "noise": 1.0},
    ),
)


def _correlated(s: Settings, rng: np.random.Generator) -> float:
    eigenvalues = np.array([4.0, 1.0, 0.1])
    problem = Problem(eigenvalues, s.signal * eigenvalues / 3, np.full(3, s.p // 3), noise=s.noise)
    return measure(problem, s.n, None, 0.0, rng).test


below = Claim(
    statement="The test error of least squares on p < n coordinates depends neither on the target nor on the "
    "covariance: it is the noise times 1/(1 - p/n), which diverges at p = n.",
    formula="test = noise + noise gamma/(1 - gamma), gamma = p/n < 1",
    source="[hastie2022, Prop. 2†]",
    kind="asymptotic",
    defaults={"n": 60, "p": 30, "signal": 5.0, "noise": 1.0},
    simulated="n Gaussian samples of p coordinates, a third each of variance 4, 1, 0.1; "
    "the exact risk of least squares given the design",
    trial=_correlated,
    theory=lambda s: hastie2022.isotropic(s.p / s.n, signal=s.signal, noise=s.noise).test,
    # the exact factor is (n - 1)/(n - p - 1): 1/n more at p = n/2
    allowance=lambda s: 1.5 / s.n,
    heavy_tailed=_at_threshold,
    grows=("n", "p"),
    trials=256,
    quick=192,
    sabotage={
        "noise/(1 - gamma) added to the noise": lambda s: s.noise + s.noise / (1 - s.p / s.n),
        "the formula for p > n": lambda s: s.noise + s.noise / (s.n / s.p - 1) + s.signal * (1 - s.p / s.n),
    },
    exercise=Exercise(
        question="What is the test error of least squares on p < n coordinates, when n and p are large?",
        answer="noise/(1 - gamma)",
        names={"gamma": "p/n"},
        elsewhere={"p": 15, "noise": 2.0},
    ),
)


bias_variance = Claim(
    statement="Beyond p = n the ridgeless fit to noise alone becomes smaller with every feature, "
    "and the part of the target that the samples do not see becomes larger.",
    formula="variance = noise/(gamma - 1), lost = signal (1 - 1/gamma)",
    source="[hastie2022, Thm 1†]; the paper calls the lost part bias",
    kind="asymptotic",
    defaults={"n": 50, "p": 150, "signal": 1.0, "noise": 1.0},
    simulated="n Gaussian samples in p dimensions and one random target; "
    "what the minimum-norm fit makes of noise alone, and what it loses of the target without noise",
    trial=partial.variance_and_lost,
    theory=lambda s: [s.noise / (s.p / s.n - 1), s.signal * (1 - s.n / s.p)],
    labels=("variance", "lost"),
    allowance=lambda s: 1.0 / s.n,
    heavy_tailed=_at_threshold,
    grows=("n", "p"),
    trials=256,
    quick=128,
    sabotage={
        "bias of the average fit": lambda s: [s.noise / (s.p / s.n - 1), s.signal * (1 - s.n / s.p) ** 2],
        "variance of p < n": lambda s: [s.noise * s.p / s.n / (s.p / s.n - 1), s.signal * (1 - s.n / s.p)],
    },
    exercise=Exercise(
        question="When n and p > n are large, how large is the variance of the ridgeless fit "
        "that label noise makes, and how much of the target is lost?",
        answer="noise/(gamma - 1); signal*(1 - 1/gamma)",
        names={"gamma": "p/n"},
        elsewhere={"p": 100, "signal": 2.0, "noise": 0.5},
    ),
)

_RATIOS = np.array([0.5, 2.0, 4.0])


def _near(s: Settings) -> Array:
    result: Array = np.abs(_RATIOS - 1) * s.n <= edge(s.n)
    return result


def _errors(s: Settings, rng: np.random.Generator, ratios: ArrayLike, penalty: ArrayLike = 0.0) -> Array:
    keep = [ridge(each) for each in np.broadcast_to(penalty, np.shape(ratios))]
    return s.noise + np.array([each.excess for each in along(s, rng, ratios, keep)])


norm = Claim(
    statement="The squared norm of the ridgeless fit grows towards p = n and falls beyond it, "
    "and in the end it is below that of the target.",
    formula="|b|^2 = signal + noise gamma/(1 - gamma); signal/gamma + noise/(gamma - 1) for gamma > 1",
    source="[hastie2022, corollary on the norm†]",
    kind="asymptotic",
    defaults={"n": 50, "signal": 1.0, "noise": 0.5},
    simulated="n Gaussian samples in 4n dimensions; "
    "least squares on the first n/2, 2n and 4n coordinates, the target within them; "
    "the exact mean squared norm given the design",
    trial=lambda s, rng: [each.norm for each in along(s, rng, _RATIOS, [ridge(0.0)] * 3)],
    theory=lambda s: hastie2022.isotropic(_RATIOS, s.signal, s.noise).norm,
    labels=("p = n/2", "p = 2n", "p = 4n"),
    allowance=lambda s: 1.5 / s.n,
    heavy_tailed=_near,
    grows=("n",),
    trials=256,
    quick=160,
    sabotage={
        "no noise in the norm": lambda s: s.signal * np.minimum(1, 1 / _RATIOS),
        "the target kept whole": lambda s: s.signal + s.noise / np.abs(_RATIOS - 1),
    },
    exercise=Exercise(
        question="When n and p are large, what is the squared norm of the ridgeless fit, below p = n and "
        "beyond it?",
        answer="signal + noise*gamma/(1 - gamma); "
        "signal/gamma + noise/(gamma - 1); "
        "signal/gamma + noise/(gamma - 1)",
        names={"p": ("n/2", "2*n", "4*n"), "gamma": "p/n"},
        elsewhere={"signal": 3.0, "noise": 2.0},
    ),
)


_PENALTIES = np.geomspace(0.02, 10.0, 150)
_TWO = np.array([0.5, 2.0])


def _slopes(s: Settings, rng: np.random.Generator) -> Array:
    X = rng.standard_normal((s.n, 2 * s.n))
    designs = (X[:, : round(gamma * s.n)] for gamma in _TWO)
    return np.ravel([slopes(each, _PENALTIES, s.signal, s.noise, rng) for each in designs])


def _best_of_two(s: Settings, factor: Array | float = 1.0) -> Array:
    return np.asarray(factor * hastie2022.optimal_ridge(_TWO, s.signal, s.noise))


best_ridge = Claim(
    statement="The best ridge grows with the number of features: for a target of power `signal` in a random "
    "direction it is gamma noise/signal, gamma = p/n, below the threshold and beyond.",
    formula="argmin over ridge of E test = gamma noise/signal, the ridge beside the mean squared error",
    source="[hastie2022, Cor. 6†]",
    kind="exact",
    theme="best-ridge",
    defaults={"n": 40, "signal": 2.0, "noise": 1.0},
    simulated="n Gaussian samples of n/2 and of 2n coordinates, 64 targets with noisy labels; "
    "the ridge at which the slope of the mean test error of the fits is 0",
    trial=_slopes,
    statistic=lambda s, mean: [turning_point(_PENALTIES, half) for half in np.split(mean, 2)],
    theory=_best_of_two,
    labels=("p = n/2", "p = 2n"),
    trials=256,
    quick=96,
    sabotage={
        "three quarters of it": lambda s: _best_of_two(s, 0.75),
        "1.35 times as much": lambda s: _best_of_two(s, 1.35),
        "gamma dropped": lambda s: _best_of_two(s, 1 / _TWO),
        "penalty of the sum of squares": lambda s: _best_of_two(s, s.n),
    },
    exercise=Exercise(
        question="Which ridge, beside the mean squared error, is best for p coordinates of variance 1 and a "
        "target of power `signal` in a random direction?",
        answer="gamma*noise/signal",
        names={"p": ("n/2", "2*n"), "gamma": "p/n"},
        elsewhere={"n": 30, "signal": 1.0, "noise": 0.7},
    ),
)


_SIZES = np.array([0.5, 1.0, 2.0, 4.0])


no_peak = Claim(
    statement="The best ridge removes the peak at p = n: where a target of fixed power is spread evenly over "
    "all p coordinates, the test error rises with p throughout, also from n to 2n.",
    formula="test(2 p) >= test(p) with ridge = gamma noise/signal",
    source="[hastie2022, Cor. 6†]",
    kind="shape",
    theme="tuned-monotone",
    defaults={"n": 40, "signal": 5.0, "noise": 1.0, "scale": 1.0},
    simulated="n Gaussian samples; ridge regression on n/2, n, 2n and 4n coordinates "
    "with `scale` times the best ridge; by what power of e the exact test error rises from one to the next",
    trial=lambda s, rng: np.diff(
        np.log(_errors(s, rng, _SIZES, s.scale * hastie2022.optimal_ridge(_SIZES, s.signal, s.noise)))
    ),
    theory=lambda s: 0.0,
    relation=">=",
    labels=("n/2 to n", "n to 2n", "2n to 4n"),
    quick=48,
    sabotage={"hardly any ridge": {"defaults": {"scale": 0.001}}},
)


def _peak(s: Settings, rng: np.random.Generator, ratio: float) -> Array:
    """Logarithm of the error at p = ratio n less that at half and at twice as many coordinates."""
    below, top, beyond = np.log(_errors(s, rng, ratio * _SIZES[:3], s.ridge))
    return np.array([top - below, top - beyond])


peak = Claim(
    statement="The test error of the ridgeless fit peaks where there are as many features as samples.",
    formula="log test(n) > log test(n/2) and log test(n) > log test(2n)",
    source="[hastie2022, Thm 1†]",
    kind="shape",
    theme="peak-at-n",
    defaults={"n": 40, "signal": 5.0, "noise": 1.0, "ridge": 0.0},
    simulated="n Gaussian samples; the fit on the first n/2, n and 2n coordinates, the target within them; "
    "differences of the logarithms of the exact test errors given the design",
    trial=lambda s, rng: _peak(s, rng, 1.0),
    theory=lambda s: 0.0,
    relation=">=",
    labels=("above n/2", "above 2n"),
    trials=128,
    quick=96,
    sabotage={
        "ridge": {"defaults": {"ridge": 0.2}},
        "a peak at p = 2n": {"trial": lambda s, rng: _peak(s, rng, 2.0)},
    },
)


misspecified = Claim(
    statement="To a fit on independent features, the part of the target along features "
    "that are left out acts as noise, in the labels and in the test error.",
    formula="test = isotropic with signal - omitted and noise + omitted, omitted = signal (1 + gamma)^-decay",
    source="[hastie2022, section on the misspecified model†]",
    kind="asymptotic",
    defaults={"n": 50, "signal": 5.0, "noise": 1.0, "decay": 2.0},
    simulated="n Gaussian samples of 10n coordinates that make the labels; "
    "the ridgeless fit on the first n/2, 2n and 4n, beyond which power `omitted` is left; "
    "the exact test error given the design",
    trial=lambda s, rng: partial.misspecified_errors(s, s.decay, _RATIOS, rng),
    theory=lambda s: hastie2022.misspecified(_RATIOS, s.signal, s.noise, s.decay).test,
    labels=("p = n/2", "p = 2n", "p = 4n"),
    allowance=lambda s: 1.5 / s.n,
    heavy_tailed=_near,
    grows=("n",),
    trials=256,
    quick=128,
    sabotage={
        "nothing left out": lambda s: hastie2022.isotropic(_RATIOS, s.signal, s.noise).test,
        "1/decay": lambda s: hastie2022.misspecified(_RATIOS, s.signal, s.noise, 1 / s.decay).test,
    },
    exercise=Exercise(
        question="Of the target's power `signal`, the part `omitted` lies on features "
        "that the ridgeless fit does not see. What is its test error for large n, below p = n and beyond it?",
        answer="(noise + omitted)/(1 - gamma); "
        "(signal - omitted)*(1 - 1/gamma) + (noise + omitted)*gamma/(gamma - 1); "
        "(signal - omitted)*(1 - 1/gamma) + (noise + omitted)*gamma/(gamma - 1)",
        names={"p": ("n/2", "2*n", "4*n"), "gamma": "p/n", "omitted": "signal*(1 + gamma)^(-decay)"},
        elsewhere={"signal": 2.0, "noise": 2.0, "decay": 1.0},
    ),
)

valleys = Claim(
    statement="Double descent has a valley below p = n and one beyond, and either may be the deeper one: "
    "that beyond if the target is spread over many features, so that what is left out decays slowly with p, "
    "the one below if it decays fast.",
    formula="min_{p>n} test < min_{p<n} test at decay 2, > at decay 5",
    source="[hastie2022, section on the misspecified model†]",
    kind="shape",
    defaults={"n": 40, "signal": 5.0, "noise": 1.0, "slow": 2.0, "fast": 5.0},
    simulated="data as in hastie2022.misspecified; the ridgeless fit at p/n = 0.1 ... 0.6 and 1.5 ... 4; "
    "the logarithm of the lowest mean error on one side over that on the other",
    trial=partial.valleys_of_two_decays,
    statistic=partial.deeper_valleys,
    theory=lambda s: 0.0,
    relation=">=",
    labels=("decay 2: beyond is deeper", "decay 5: before is deeper"),
    trials=192,
    quick=128,
    sabotage={
        "the valley beyond is the deeper at any decay": {"defaults": {"fast": 2.0}},
        "the classical one is": {"defaults": {"slow": 5.0}},
    },
)


_LATENT = {"n": 40, "d": 8, "mu": 1.0, "signal": 1.0, "noise": 0.1}

latent = Claim(
    statement="Features that are noisy views of a few latent variables act as a spiked covariance, "
    "and a part of a target made of these variables is out of reach.",
    formula="eigenvalues 1 + mu p/d (d times) and 1; signal/(1 + mu p/d) out of reach",
    source="[hastie2022, section on the latent space model†]",
    kind="asymptotic",
    defaults=_LATENT,
    simulated="n samples of d Gaussian latent variables, which alone make the target, "
    "seen as p = 2n features in which they have variance mu beside noise of variance 1; "
    "the exact test error of the minimum-norm fit given design and features",
    trial=lambda s, rng: partial.latent_error(s, 2 * s.n, rng),
    theory=lambda s: hastie2022.latent(2.0, s.d / (2 * s.n), s.mu, s.signal, s.noise).test,
    allowance=lambda s: 1.5 / s.n,
    grows=("n", "d"),
    trials=256,
    quick=128,
    sabotage={
        "nothing out of reach": lambda s: (
            hastie2022.latent(2.0, s.d / (2 * s.n), s.mu, s.signal, s.noise).test
            - s.signal / (1 + 2 * s.mu * s.n / s.d)
        ),
        "d/n for d/p": lambda s: hastie2022.latent(2.0, s.d / s.n, s.mu, s.signal, s.noise).test,
    },
)

latent_falls = Claim(
    statement="With latent variables the ridgeless error keeps falling beyond the threshold: "
    "the more features the better.",
    formula="test(2 p) < test(p) for p = 2n, 4n",
    source="[hastie2022, section on the latent space model†]",
    kind="shape",
    defaults=_LATENT,
    simulated="as in hastie2022.latent at p = 2n, 4n, 8n; the fall of log test with each doubling",
    trial=lambda s, rng: -np.diff(np.log([partial.latent_error(s, k * s.n, rng) for k in (2, 4, 8)])),
    theory=lambda s: 0.0,
    relation=">=",
    labels=("2n to 4n", "4n to 8n"),
    quick=48,
    sabotage={
        "the target in plain sight": {"trial": lambda s, rng: -np.diff(np.log(_errors(s, rng, (2, 4, 8))))}
    },
)


cross_validation = Claim(
    statement="Cross-validation finds the ridge: "
    "with a ridge chosen by leave-one-out or by generalised cross-validation on the training set, "
    "the error is less than a tenth above that of the best ridge.",
    formula="test(argmin CV)/test(ridge*) < 1.1 at n = 200; it tends to 1",
    source="[hastie2022, section on cross-validation†]; the tenth is chosen here",
    kind="inequality",
    theme="best-ridge",
    defaults={"n": 200, "p": 300, "signal": 2.0, "noise": 1.0},
    simulated="n noisy Gaussian samples in p dimensions; "
    "the exact test errors of the ridges chosen on them, among 1/64 ... "
    "64 times the best one, over that of the best",
    trial=chosen_errors,
    statistic=lambda s, mean: mean[:2] / mean[3],
    theory=lambda s: 1.1,
    relation="<=",
    labels=("generalised", "leave one out"),
    trials=320,
    quick=320,
    sabotage={
        "chosen by training error": {"statistic": lambda s, mean: mean[[2, 2]] / mean[3]},
    },
)
