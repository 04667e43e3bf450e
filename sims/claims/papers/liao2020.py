"""Random Fourier features beyond the Gaussian kernel: samples and frequencies in proportion."""

import numpy as np

from sims import features, fit
from sims.claims import Claim, Settings
from sims.claims.claim import Array
from sims.verdict import edge
from theory import kernel
from theory.papers import liao2020


def _data(s: Settings, times: int = 1) -> tuple[Array, Array]:
    """Inputs with entries of variance 1/d, and labels, `times` n of them: the same for every trial."""
    rng = np.random.default_rng(s.data)
    X = rng.standard_normal((times * s.n, s.d)) / np.sqrt(s.d)
    return X, np.sign(X[:, 0]) + 0.5 * rng.standard_normal(times * s.n)


def _train(s: Settings, rng: np.random.Generator) -> float:
    X, y = _data(s)
    H = features.random_fourier(X, rng.standard_normal((s.frequencies, s.d))) / np.sqrt(2)
    # Q y is the residual over n ridge
    Q = np.linalg.inv(H @ H.T / s.n + s.ridge * np.eye(s.n))
    return float(s.ridge**2 * np.mean((Q @ y) ** 2))


def _theory(s: Settings, frequencies: float = 1.0) -> Array:
    return liao2020.train_error(*_data(s), frequencies * s.frequencies, s.ridge).train


def _gaussian(s: Settings) -> float:
    X, y = _data(s)
    Q = np.linalg.inv(s.frequencies / s.n * kernel.gaussian(X) + s.ridge * np.eye(s.n))
    return float(s.ridge**2 * np.mean((Q @ y) ** 2))


FIXED = "inputs and labels are fixed by `data`; "


train_error = Claim(
    statement="When the numbers of frequencies and samples are in proportion, "
    "ridge regression on random Fourier features of given data has the training error "
    "of a corrected kernel, not that of the Gaussian kernel.",
    formula="K -> K_cos/(1 + delta_cos) + K_sin/(1 + delta_sin), delta_a = tr(K_a Q)/n; "
    "K_a the kernel of a alone, Q the inverse of N/n times the corrected kernel plus the ridge",
    source="[liao2020, Thm 1 and 2†]",
    kind="asymptotic",
    defaults={"n": 120, "frequencies": 30, "d": 60, "ridge": 0.1, "data": 0},
    simulated=FIXED + "the training error of ridge regression on sines and cosines of normal frequencies",
    trial=_train,
    theory=_theory,
    allowance=lambda s: 4 / s.n,
    grows=("n", "frequencies", "d"),
    trials=512,
    quick=192,
    sabotage={
        "the Gaussian kernel": _gaussian,
        "frequencies counted as features": lambda s: _theory(s, 0.5),
    },
)


def split(s: Settings) -> tuple[Array, Array, Array, Array]:
    """Samples, and as many test points with noisy labels: the same for every trial."""
    X, y = _data(s, 2)
    return X[: s.n], y[: s.n], X[s.n :], y[s.n :]


def _counts(s: Settings) -> Array:
    """Numbers of frequencies below the peak, at it and beyond."""
    return np.rint(s.n * np.array([0.25, 0.5, 1.0]))


def errors(s: Settings, frequencies: Array, rng: np.random.Generator) -> Array:
    """Test error with the first of one draw of frequencies, for each number of them."""
    X, y, Z, truth = split(s)
    W = rng.standard_normal((int(max(frequencies)), s.d))
    found = []
    for N in frequencies.astype(int):
        H, fresh = (features.random_fourier(points, W[:N]) / np.sqrt(2) for points in (X, Z))
        fit = fresh @ H.T @ np.linalg.inv(H @ H.T + s.n * s.ridge * np.eye(s.n)) @ y
        found.append(np.mean((truth - fit) ** 2))
    return np.array(found)


def _test_theory(s: Settings, frequencies: float = 1.0) -> liao2020.Generalization:
    return liao2020.test_error(*split(s), frequencies * _counts(s), s.ridge)


def _kernel_test(s: Settings) -> Array:
    X, y, Z, truth = split(s)
    K, cross = kernel.gaussian(X), kernel.gaussian(Z, X)
    fits = [cross @ np.linalg.solve(K + s.n * s.ridge / N * np.eye(s.n), y) for N in _counts(s)]
    return np.array([np.mean((truth - fit) ** 2) for fit in fits])


test_error = Claim(
    statement="The test error of ridge regression on random Fourier features of given data is known "
    "below the peak at half as many frequencies as samples, at it and beyond, "
    "when dimensions, frequencies and samples are in proportion.",
    formula="test = (error of the mean fit) + (variance over frequencies), each from the corrected kernel of "
    "liao2020.train_error; the variance diverges at N = n/2 as ridge -> 0",
    source="[liao2020, Thm 3†]; own derivation, checked by simulation",
    kind="asymptotic",
    defaults={"n": 80, "d": 40, "ridge": 0.03, "data": 0},
    simulated="n samples and n test points are fixed by `data`; the mean squared error at the test points "
    "of ridge regression on sines and cosines of n/4, n/2 and n normal frequencies",
    trial=lambda s, rng: errors(s, _counts(s), rng),
    theory=lambda s: _test_theory(s).test,
    allowance=lambda s: 4 / s.n,
    heavy_tailed=lambda s: (np.abs(2 * _counts(s) - s.n) <= edge(s.n)) & (s.ridge == 0),
    labels=("N = n/4", "N = n/2", "N = n"),
    grows=("n", "d"),
    trials=512,
    quick=448,
    sabotage={
        "the error of the mean fit alone": lambda s: _test_theory(s).bias,
        "the Gaussian kernel": _kernel_test,
        "frequencies counted as features": lambda s: _test_theory(s, 0.5).test,
        "the training error": lambda s: liao2020.train_error(*split(s)[:2], _counts(s), s.ridge).train,
    },
)


def _distances(s: Settings, rng: np.random.Generator, power: int = 1) -> Array:
    """Largest entry and spectral norm of the kernel estimate's error at two sizes; frequencies ~ n^power."""
    errors = []
    for size in (1, s.factor):
        n, d, frequencies = size * s.n, size * s.d, size**power * s.frequencies
        X = rng.standard_normal((n, d)) / np.sqrt(d)
        H = features.random_fourier(X, rng.standard_normal((frequencies, d))) / np.sqrt(2 * frequencies)
        lost = H @ H.T - kernel.gaussian(X)
        errors += [np.abs(lost).max(), np.linalg.norm(lost, 2)]
    return np.array(errors)


gram_matrix = Claim(
    statement="With the number of frequencies in proportion to that of samples, "
    "every entry of the Gram matrix tends to the Gaussian kernel, but the matrix does not: "
    "its error in spectral norm does not fall.",
    formula="max |G - K| -> 0, |G - K|_2 does not, as n, N, d grow in proportion",
    source="[liao2020, Sec. 1†]",
    kind="shape",
    defaults={"n": 40, "frequencies": 40, "d": 40, "factor": 4},
    simulated="n Gaussian inputs and N frequencies, then `factor` times as many of each and of dimensions; "
    "the ratio of the largest errors of an entry, and of the spectral norms",
    trial=_distances,
    statistic=lambda s, mean: [mean[0] / mean[2], mean[3] / mean[1]],
    theory=lambda s: [1.2, 0.8],
    relation=">=",
    quick=64,
    labels=("entries fall by", "spectral norm, large over small"),
    sabotage={
        "frequencies like the cube of the samples": {"trial": lambda s, rng: _distances(s, rng, power=3)},
        "entries that fall like 1/N": lambda s: [s.factor, 0.8],
    },
)


def _tests(s: Settings, rng: np.random.Generator, threshold: float = 0.5) -> Array:
    X = rng.standard_normal((3 * s.n, s.d)) / np.sqrt(s.d)
    truth = X[:, 0] * np.sqrt(s.d)
    y = truth[: s.n] + s.noise * rng.standard_normal(s.n)
    frequencies = rng.standard_normal((round(4 * threshold * s.n), s.d))
    H = features.random_fourier(X, frequencies)
    columns = 2 * np.array([round(threshold * share * s.n) for share in (0.5, 1, 2, 4)])
    path = fit.min_norm_path(H[: s.n], y, H[s.n :], truth[s.n :], p=columns)
    below, top, beyond, far = np.log(path.test)
    return np.array([top - below, top - beyond, beyond - far])


transition = Claim(
    statement="The test error of random Fourier features peaks where twice the number "
    "of frequencies equals the number of samples, and falls beyond.",
    formula="ridge = 0: peak at 2 N = n",
    source="[liao2020, Sec. 4†]",
    kind="shape",
    theme="peak-at-n",
    defaults={"n": 80, "d": 20, "noise": 0.5},
    simulated="samples of a noisy linear function; "
    "the logarithm of the excess test error of least squares on sines and cosines at 2 N = n, "
    "less that at n/2 and at 2 n, and its fall from 2 n to 4 n, on the same held-out points",
    trial=_tests,
    theory=lambda s: 0.0,
    relation=">=",
    trials=128,
    quick=80,
    labels=("at 2 N = n above n/2", "above 2 n", "fall from 2 n to 4 n"),
    sabotage={
        "a peak at N = n": {"trial": lambda s, rng: _tests(s, rng, threshold=1.0)},
        "a peak at 4 N = n": {"trial": lambda s, rng: _tests(s, rng, threshold=0.25)},
    },
)
