"""Reconciling modern machine learning and the bias-variance trade-off: double descent of many models."""

from dataclasses import replace

import numpy as np

from sims import features, fit
from sims.claims import Claim, Exercise, Settings
from sims.claims.claim import Array
from sims.experiments.images import contrasts
from sims.experiments.regression_trees import boosted, predictions
from sims.experiments.smooth import D, path, samples
from sims.network import Network, start
from sims.training.solvers import lbfgs
from theory.papers import belkin2019

CURVE = ("threshold over n/4", "threshold over 20n", "20n below the best before")


def _at_threshold(s: Settings, logarithms: Array) -> float:
    """Mean over p within n/20 of n, since at a single p the smallest singular value is mere chance."""
    return float(logarithms[s.n - 1 - s.n // 20 : s.n + s.n // 20].mean())


def _descents(s: Settings, rng: np.random.Generator, model: str, ridge: float = 0.0) -> Array:
    """Logarithms of ratios of the error, noise included, along the curve in p."""
    error = np.log(s.noise + path(s, rng, model, 20 * s.n, ridge).test)
    peak = _at_threshold(s, error)
    return np.array([peak - error[s.n // 4 - 1], peak - error[-1], error[: s.n].min() - error[-1]])


def _norms(s: Settings, rng: np.random.Generator, ridge: float = 0.0) -> Array:
    """Logarithms of ratios of the norm, in units of features/sqrt(p)."""
    norm = path(s, rng, "relu", 16 * s.n, ridge).norm
    log = np.log(norm * np.arange(1, len(norm) + 1))
    peak = _at_threshold(s, log)
    few, more, most = log[[s.n // 4 - 1, 4 * s.n - 1, -1]]
    return np.array([peak - few, peak - more, more - most])


def _threshold(s: Settings, rng: np.random.Generator) -> Array:
    """Numbers of units, and of frequencies, at which the training error is zero for the first time."""
    sizes = []
    for model, columns in (("relu", 1), ("real_fourier", 2)):
        train = path(s, rng, model, 2 * s.n).train
        sizes.append((1 + np.flatnonzero(train == 0)[0]) / columns)
    return np.array(sizes)


def _interpolators(s: Settings, rng: np.random.Generator, known: bool = False) -> Array:
    """Growth of the logarithm of the error from the minimum-norm fit to those of least weighted norm.

    If they are `known`, the target is made by features whose coefficients have the sizes of the weights.
    """
    X, y, fresh, truth = samples(s, rng)
    W = features.sphere(4 * s.n, D, rng)
    H, H_fresh = (features.random_features(x, W) for x in (X, fresh))
    size = np.exp(2.0 * rng.standard_normal(4 * s.n))
    if known:
        beta = size * rng.standard_normal(4 * s.n) / np.linalg.norm(size)
        y, truth = y - np.sin(X[:, 0]) - 0.5 * X[:, 1] + H @ beta, H_fresh @ beta
    errors = []
    for scale in (np.ones(4 * s.n), np.sqrt(size), size):
        a = scale * fit.min_norm(H * scale, y)
        errors.append(s.noise + np.mean((H_fresh @ a - truth) ** 2))
    return np.diff(np.log(errors))


def _informed(s: Settings, rng: np.random.Generator) -> float:
    """Logarithm of the error of a fit that knows where the target lies over that of minimum norm."""
    X, p = rng.standard_normal((s.n, 2 * s.n)), 2 * s.n
    first = np.arange(p) < s.n // 2
    beta = np.where(first, np.sqrt(2 * s.signal / s.n), 0.0) * rng.choice([-1.0, 1.0], p)
    y = X @ beta + np.sqrt(s.noise) * rng.standard_normal(s.n)
    scale = np.where(first, 1.0, s.elsewhere)
    plain, informed = fit.min_norm(X, y), scale * fit.min_norm(X * scale, y)
    errors = [s.noise + np.sum((a - beta) ** 2) for a in (informed, plain)]
    return float(np.log(errors[0] / errors[1]))


def _networks(s: Settings, rng: np.random.Generator) -> Array:
    """Logarithms of the error of a network at its threshold over those of a smaller and a larger one."""
    X, y, fresh, truth = samples(s, rng)
    errors = []
    for width in (1, s.width, 10 * s.width):
        network = Network(D, (width,), sigma_b2=0.1)
        run = lbfgs(network, start(network, rng.spawn(1)), X, y, s.steps, tolerance=1e-6, X_test=fresh)
        assert run.test is not None
        errors.append(s.noise + np.mean((run.test[-1, 0] - truth) ** 2))
    few, peak, many = np.log(errors)
    return np.array([peak - few, peak - many])


def _forest(s: Settings, rng: np.random.Generator) -> Array:
    """Logarithms of the error of a tree with n leaves over those of a stump and of the mean of many."""
    X, y, fresh, truth = samples(s, rng)
    small = predictions(X, y, fresh, 20, 2, rng)
    full = predictions(X, y, fresh, 20, s.n, rng)
    errors = [s.noise + np.mean((f - truth) ** 2) for f in (small, full, full.mean(axis=0))]
    return np.log([errors[1] / errors[0], errors[1] / errors[2]])


def _boosting(s: Settings, rng: np.random.Generator) -> Array:
    """Logarithms of the error after many rounds over those after one and of the mean of several forests."""
    X, y, fresh, truth = samples(s, rng)
    runs = np.array([boosted(X, y, fresh, s.rounds, 10, 0.85, rng) for _ in range(8)])
    errors = [
        s.noise + np.mean((f - truth) ** 2) for f in (runs[:, 0], runs[:, -1], runs[:, -1].mean(axis=0))
    ]
    return np.log([errors[1] / errors[0], errors[1] / errors[2]])


fourier = Claim(
    statement="On random Fourier features and labels of little noise the error "
    "of the minimum-norm fit peaks at p = n and falls again; "
    "with 20n features it is below its minimum over p <= n.",
    formula="test(p = n) > test(n/4), test(20n);  test(20n) < min over p <= n of test(p)",
    source="[belkin2019, Fig. 2†]",
    kind="shape",
    theme="peak-at-n",
    defaults={"n": 60, "noise": 0.01, "bandwidth": 2.0, "fresh": 200},
    simulated="noisy samples of a smooth function on a sphere in 10 dimensions; "
    "fits for every p come from one path; their error on fresh inputs plus the noise",
    trial=lambda s, rng: _descents(s, rng, "fourier"),
    theory=lambda s: 0.0,
    relation=">=",
    labels=CURVE,
    trials=128,
    quick=64,
    sabotage={
        "labels of pure noise": {"defaults": {"noise": 100.0}},
        "ridge regression": {"trial": lambda s, rng: _descents(s, rng, "fourier", 1.0)},
    },
)

relu = replace(
    fourier,
    statement="On random ReLU features and labels of little noise the error of the minimum-norm fit peaks "
    "at p = n and falls again; with 20n features it is below its minimum over p <= n.",
    source="[belkin2019, appendix on ReLU features†]",
    defaults={"n": 60, "noise": 0.01, "fresh": 200},
    trial=lambda s, rng: _descents(s, rng, "relu"),
    trials=80,
    quick=80,
    sabotage={
        "labels of pure noise": {"defaults": {"noise": 100.0}},
        "ridge regression": {"trial": lambda s, rng: _descents(s, rng, "relu", 1.0)},
    },
)

norm = Claim(
    statement="The norm of the minimum-norm fit grows up to p = n features, where it peaks, "
    "and falls beyond.",
    formula="|a_p|^2 (features scaled by 1/sqrt(p)): at n above n/4, above 4n, which is above 16n",
    source="[belkin2019, Fig. 2†]",
    kind="shape",
    defaults={"n": 60, "noise": 0.01, "fresh": 1},
    simulated="noisy samples, random ReLU features; differences of the logarithm of the norm along the path",
    trial=lambda s, rng: _norms(s, rng),
    theory=lambda s: 0.0,
    relation=">=",
    labels=("n over n/4", "n over 4n", "4n over 16n"),
    trials=128,
    quick=64,
    sabotage={
        "ridge regression": {"trial": lambda s, rng: _norms(s, rng, 1.0)},
        "from 4n to 16n it halves again": lambda s: np.log([1.0, 1.0, 2.0]),
    },
)

threshold = Claim(
    statement="In every draw the training error of least squares is zero from n random ReLU units on and not "
    "before, and from n/2 Fourier frequencies on, since each frequency gives a sine and a cosine.",
    formula="smallest p with zero training error: n units, n/2 frequencies",
    source="[belkin2019, Fig. 2†]",
    kind="exact",
    outcome="every",
    defaults={"n": 60, "noise": 0.01, "bandwidth": 2.0, "fresh": 1},
    simulated="noisy samples; the first p on the path of minimum-norm fits at "
    "which the training error is zero",
    trial=_threshold,
    theory=lambda s: [belkin2019.interpolation_threshold(s.n, m) for m in ("random_relu", "real_fourier")],
    labels=("ReLU units", "frequencies"),
    trials=100,
    quick=25,
    sabotage={
        "a frequency taken for one feature": lambda s: belkin2019.interpolation_threshold(s.n, "random_relu"),
        "more features than samples": lambda s: [s.n + 1, s.n // 2 + 1],
        "an intercept fits one sample": lambda s: [s.n - 1, s.n // 2],
    },
    exercise=Exercise(
        question="From how many random ReLU units on, and from how many Fourier frequencies on (each gives a "
        "sine and a cosine), is the training error of least squares on n samples zero?",
        answer="n; n/2",
        elsewhere={"n": 40},
    ),
)

interpolators = Claim(
    statement="Of the fits that interpolate the samples with 4n ReLU features, "
    "the one of minimum norm errs least. Those of least weighted norm, with random weights, "
    "have a larger norm and err more.",
    formula="test(a_0) < test(a_1) < test(a_2), a_k of least sum_j a_j^2/c_j^k, Ha = y, log c_j ~ N(0, 4)",
    source="[belkin2019, discussion of the norm†]",
    kind="shape",
    defaults={"n": 60, "noise": 0.01, "fresh": 200},
    simulated="noisy samples, random ReLU features H; growth of the logarithm of the error from k to k + 1",
    trial=_interpolators,
    theory=lambda s: 0.0,
    relation=">=",
    labels=("from a_0 to a_1", "from a_1 to a_2"),
    trials=128,
    quick=64,
    sabotage={
        "a target made by the cheap features": {"trial": lambda s, rng: _interpolators(s, rng, known=True)}
    },
)

minimum_norm_is_best = Claim(
    statement="No fit that interpolates the samples errs less than the one of minimum norm.",
    formula="test(a) >= test(minimum norm) for every a with Xa = y; here a of least |a_1|^2 + |a_2|^2/0.3^2",
    source="a straw man: a hasty reading of [belkin2019], which does not say so",
    kind="shape",
    defaults={"n": 50, "signal": 1.0, "noise": 0.25, "elsewhere": 0.3},
    simulated="n samples of 2n Gaussian coordinates, of which the first n/2 make the target; "
    "the logarithm of the exact error of an interpolator that expects the others (a_2) to be smaller, "
    "over that of minimum norm",
    trial=_informed,
    theory=lambda s: 0.0,
    relation=">=",
    expected="disagrees",
    why="Minimum norm is best on average over targets without a preferred direction. "
    "Someone who knows in which quarter of the coordinates the target lies finds an interpolator "
    "that errs less.",
    trials=128,
    quick=64,
    sabotage={"none errs less by a tenth": lambda s: np.log(0.9)},
)

network = Claim(
    statement="Small ReLU networks trained long on noisy labels show the peak of double descent too: "
    "one with slightly more parameters than samples errs more than one with a single unit, "
    "and more than one ten times as wide.",
    formula="test(1 unit) < test(7 units) > test(70 units); H units have 12 H + 1 parameters, n = 60",
    source="[belkin2019, Fig. 3†]",
    kind="shape",
    defaults={"n": 60, "noise": 0.2, "width": 7, "steps": 250, "fresh": 200},
    simulated="networks of three widths trained by L-BFGS on noisy samples; "
    "logarithms of ratios of their errors on fresh inputs",
    trial=_networks,
    theory=lambda s: 0.0,
    relation=">=",
    labels=("over one unit", "over ten times the width"),
    quick=48,
    sabotage={
        "the peak at one unit": {"defaults": {"width": 1}},
    },
)

forest = Claim(
    statement="Trees on noisy labels show the peak of double descent: "
    "one with n leaves, which interpolates, errs more than one with 2 leaves, "
    "and more than the mean of 20 trees with n leaves.",
    formula="test(a tree of 2 leaves) < test(a tree of n leaves) > test(mean of 20 trees of n leaves)",
    source="[belkin2019, Fig. 4†]",
    kind="shape",
    defaults={"n": 60, "noise": 1.0, "fresh": 200},
    simulated="trees of scikit-learn on noisy samples; logarithms of ratios of errors on fresh inputs",
    trial=_forest,
    theory=lambda s: 0.0,
    relation=">=",
    labels=("over 2 leaves", "over 20 trees"),
    quick=48,
    sabotage={"labels without noise": {"defaults": {"noise": 1e-4}}},
)

boosting = Claim(
    statement="Boosted trees on noisy labels show the peak of double descent: "
    "after 15 rounds, which nearly interpolate, they err more than after one round, "
    "and more than the mean of 8 such forests.",
    formula="test(1 round) < test(15 rounds) > test(mean of 8 forests of 15 rounds), shrinkage 0.85",
    source="[belkin2019, appendix on boosting†]",
    kind="shape",
    defaults={"n": 60, "noise": 1.0, "rounds": 15, "fresh": 200},
    simulated="boosted trees of 10 leaves (scikit-learn) on noisy samples; logarithms of ratios of errors",
    trial=_boosting,
    theory=lambda s: 0.0,
    relation=">=",
    labels=("over one round", "over 8 forests"),
    quick=48,
    sabotage={"labels without noise": {"defaults": {"noise": 1e-4}}},
)

mnist_descent = Claim(
    statement="On random Fourier features of MNIST images the test loss, squared and zero-one, "
    "of the minimum-norm fit with many features is below the best with fewer features than samples.",
    formula="test(6n) < min over N < n of test(N), N features exp(i v.x), one-hot classes",
    source="[belkin2019, Fig. 2†]",
    kind="shape",
    defaults={"data": "mnist", "n": 80, "most": 6.0, "label_noise": 0.0, "fresh": 500},
    simulated="n of 5000 images are fitted and others tested; "
    "the logarithm of the ratio of the squared losses, and the difference of the zero-one losses",
    trial=contrasts.descents,
    theory=lambda s: 0.0,
    relation=">=",
    labels=("squared loss", "zero-one loss"),
    quick=48,
    sabotage={
        "labels drawn anew": {"defaults": {"label_noise": 1.0}},
        "a fifth more features than samples": {"defaults": {"most": 1.2}},
    },
)

mnist_peak = Claim(
    statement="On random features of MNIST images the squared test loss is highest "
    "where interpolation begins: at n complex Fourier features, n/2 pairs of cosine "
    "and sine, n ReLU features.",
    formula="max of test(N) over |N/N* - 1| <= 1/5 > max of test(N) elsewhere, N* = n, n/2, n, N <= 3 N*",
    source="[belkin2019, Fig. 2† and its appendix†]",
    kind="shape",
    theme="peak-at-n",
    defaults={"data": "mnist", "n": 60, "most": 3.0, "label_noise": 0.0, "fresh": 200},
    simulated="n of 5000 images are fitted for every N by one path; "
    "the logarithm of the ratio of the losses on other images",
    trial=contrasts.peaks,
    theory=lambda s: 0.0,
    relation=">=",
    labels=("complex Fourier", "real Fourier", "ReLU"),
    trials=96,
    quick=96,
    sabotage={"thresholds exchanged": {"trial": lambda s, rng: contrasts.peaks(s, rng, contrasts.EXCHANGED)}},
)

mnist_norm = Claim(
    statement="Beyond N = n Fourier features of MNIST images the norm of the minimum-norm fit falls "
    "at every step, down to that of the kernel interpolant.",
    formula="N |a_N|^2 falls along N/n = 1, 5/4, 3/2, 2, 3, 4, 6, infinity",
    source="[belkin2019, Fig. 2†]",
    kind="shape",
    defaults={"data": "mnist", "n": 80, "most": 6.0, "label_noise": 0.0, "fresh": 1},
    simulated="n of 5000 images are fitted for every N by one path; "
    "falls of log N |a|^2 along it, and from its end to the kernel's norm",
    trial=contrasts.norms,
    theory=lambda s: 0.0,
    relation=">=",
    labels=tuple(f"from {place:g}n on" for place in contrasts.NORMS),
    quick=48,
    sabotage={"features scaled by 1/N": {"trial": lambda s, rng: contrasts.norms(s, rng, power=2)}},
)


def _more_members(
    model: str, *, interpolator: str, averaged: str, formula: str, source: str, n: int, wrong: str
) -> Claim:
    """The claim that on digits the losses of trees that interpolate fall as 3 and 9 of them are averaged."""
    return Claim(
        statement="On images of digits the test loss, squared and zero-one, "
        f"of {interpolator} that interpolate keeps falling when more {averaged} are averaged.",
        formula=formula,
        source=source,
        kind="shape",
        defaults={"data": "digits", "n": n, "label_noise": 0.0, "fresh": 500},
        simulated="n digits are fitted and 500 others tested; "
        "logarithms of the ratios of squared losses, and the difference of the zero-one losses",
        trial=lambda s, rng: contrasts.members(s, rng, model),
        theory=lambda s: 0.0,
        relation=">=",
        labels=("squared, 1 and 3", "squared, 3 and 9", "zero-one, 1 and 9"),
        quick=64,
        sabotage={wrong: lambda s: [np.log(3.0), np.log(3.0), 0.0]},
    )


digits_forest = _more_members(
    "forest",
    interpolator="trees",
    averaged="of them",
    formula="test(1 tree) > test(3 trees) > test(9 trees), each tree of n leaves and grown on all samples",
    source="[belkin2019, Fig. 4†]",
    n=60,
    wrong="the squared loss goes like 1/trees",
)

digits_boosting = _more_members(
    "boosting",
    interpolator="boosted trees",
    averaged="such forests",
    formula="test(1 forest) > test(3) > test(9), each of n/5 rounds, trees of 10 leaves, shrinkage 0.85",
    source="[belkin2019, appendix on boosting†]",
    n=30,
    wrong="the squared loss goes like 1/forests",
)
