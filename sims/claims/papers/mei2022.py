"""The generalization error of random features regression: samples, features and dimension in proportion."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from sims import features
from sims.claims import Claim, Settings
from sims.claims.claim import Array
from sims.experiments import sphere
from sims.experiments.gaussian import DesignRisk
from sims.verdict import edge
from theory.activation import Moments, moments
from theory.papers import mei2022

DRAWN = "n samples and p weights are drawn on the sphere of R^d; "
GIVEN = ", exact given both: in the mean over targets, noise and fresh inputs"
BASE: dict[str, int | float | str] = {
    "n": 120, "p": 240, "d": 40, "ridge": 0.1, "activation": "tanh", "signal": 1.0, "noise": 0.2,
}  # fmt: skip


def _allowed(s: Settings) -> float:
    # tanh and erf: up to 2/n at n = 90 to 360; an activation with an even part, such as relu, up to 10/n
    return 3 / s.n


def _at_threshold(s: Settings) -> bool:
    """Whether the ridge is too small to keep the error at p near n from having no mean."""
    return s.ridge < 1e-3 and abs(s.n - s.p) <= edge(s.n)


def _point(s: Settings, **change: Any) -> dict[str, Any]:
    """The paper's parameters; its lambda is d times the ridge of overparam."""
    psi1, psi2 = (getattr(s, name, np.inf) / s.d for name in ("p", "n"))
    return {"psi1": psi1, "psi2": psi2, "ridge": s.ridge, "activation": s.activation, **change}


def _risk(s: Settings, **change: Any) -> Any:
    return mei2022.risk(**{"signal": s.signal, "noise": s.noise, **_point(s, **change)})


def _swap(s: Settings) -> dict[str, Any]:
    """The paper's parameters with features taken for samples, and samples for features."""
    return {"psi1": s.n / s.d, "psi2": s.p / s.d}


def _inputs(s: Settings, p: int, rng: np.random.Generator) -> tuple[Array, Array]:
    return features.sphere(s.n, s.d, rng), features.sphere(p, s.d, rng)


def _target(s: Settings) -> sphere.Target:
    return sphere.Target(s.signal, getattr(s, "nonlinear", 0.0), s.noise)


def _features(s: Settings, X: Array, W: Array, ridge: float) -> float:
    """Test error of random features at the paper's ridge."""
    return sphere.measure(sphere.random_features(X, W, s.activation, ridge / s.d), _target(s)).test


def _kernel(s: Settings, X: Array, ridge: float) -> float:
    """Test error of infinitely many features, the kernel machine, at the paper's ridge."""
    return sphere.measure(sphere.kernel_machine(X, s.activation, ridge / s.d), _target(s)).test


def _fit(s: Settings, rng: np.random.Generator) -> DesignRisk:
    fit = sphere.random_features(*_inputs(s, s.p, rng), s.activation, s.ridge / s.d)
    return sphere.measure(fit, _target(s))


over_parameterized = Claim(
    statement="With more random features than samples, and both in proportion to the dimension, "
    "the test error of ridge regression has a limit in closed form.",
    formula="psi1 = p/d > psi2 = n/d: test -> noise + signal B + noise V; "
    "B, V rational in one root chi, which psi1, psi2, the ridge and the moments mu1, mu_star "
    "of the activation fix",
    source="[mei2022, Thm 2†]",
    kind="asymptotic",
    defaults={**BASE, "ridge": 0.03},
    simulated=DRAWN + "the test error of ridge regression on p random features" + GIVEN,
    trial=lambda s, rng: _fit(s, rng).test,
    theory=lambda s: _risk(s).test,
    allowance=_allowed,
    heavy_tailed=_at_threshold,
    grows=("n", "p", "d"),
    trials=128,
    quick=64,
    sabotage={
        "features and samples swapped": lambda s: _risk(s, **_swap(s)).test,
        "infinite width": lambda s: _risk(s, psi1=np.inf).test,
        "label noise in training forgotten": lambda s: _risk(s, noise=0.0).test + s.noise,
    },
)

under_parameterized = replace(
    over_parameterized,
    statement="With fewer random features than samples, and both in proportion to the dimension, "
    "the test error of ridge regression has the same closed form as with more features than samples.",
    formula="psi1 = p/d < psi2 = n/d: test -> noise + signal B + noise V",
    defaults={**BASE, "p": 40},
    sabotage={
        "features and samples swapped": lambda s: _risk(s, **_swap(s)).test,
        "the limit of infinite width": lambda s: _risk(s, psi1=np.inf).test,
    },
)

infinite_width = Claim(
    statement="With far more random features than samples, the test error is that of regression "
    "with the kernel behind the features.",
    formula="psi1 -> infinity at psi2 = n/d: kernel ridge regression, where mu_star^2 acts as added ridge",
    source="[mei2022, Sec. 5†]",
    kind="asymptotic",
    defaults={name: value for name, value in BASE.items() if name != "p"},
    simulated="n samples are drawn on the sphere of R^d; "
    "the test error of regression with the kernel of the features, exact given them: "
    "in the mean over targets, noise and fresh inputs",
    trial=lambda s, rng: _kernel(s, features.sphere(s.n, s.d, rng), s.ridge),
    theory=lambda s: _risk(s).test,
    allowance=_allowed,
    grows=("n", "d"),
    trials=96,
    quick=64,
    sabotage={
        "p = n features": lambda s: _risk(s, psi1=s.n / s.d).test,
        "the ridge counted n/d times": lambda s: _risk(s, ridge=s.ridge * s.n / s.d).test,
    },
)

infinite_samples = Claim(
    statement="With far more samples than random features, what remains is how well p features approximate "
    "the target; label noise no longer matters.",
    formula="psi2 -> infinity at psi1 = p/d: test -> noise + signal B",
    source="[mei2022, Sec. 5†]",
    kind="asymptotic",
    defaults={name: value for name, value in BASE.items() if name != "n"},
    simulated="p weights are drawn on the sphere of R^d; "
    "the error of the best ridge fit to the population, exact given them",
    trial=lambda s, rng: sphere.approximation(
        features.sphere(s.p, s.d, rng), s.activation, s.ridge / s.d, _target(s)
    ),
    theory=lambda s: _risk(s).test,
    allowance=lambda s: 4 / s.p,  # as for n elsewhere: they enter alike
    grows=("p", "d"),
    trials=96,
    quick=48,
    sabotage={
        "as many samples as features": lambda s: _risk(s, psi2=s.p / s.d).test,
        "no error of approximation": lambda s: s.noise,
    },
)


def _parts(s: Settings, rng: np.random.Generator) -> Array:
    fit = sphere.random_features(*_inputs(s, s.p, rng), s.activation, s.ridge / s.d)
    noise = sphere.measure(fit, sphere.Target(0.0, noise=1.0)).test - 1
    return np.array([sphere.measure(fit, sphere.Target(1.0)).test, noise])


bias_and_variance = Claim(
    statement="The error is a bias, in proportion to the power of the target, and a variance, "
    "in proportion to label noise; both have a limit in closed form.",
    formula="test - noise = signal B + noise V",
    source="[mei2022, Thm 2† and Def. 1†]",
    kind="asymptotic",
    defaults={"n": 60, "p": 120, "d": 60, "ridge": 0.1, "activation": "tanh"},
    simulated=DRAWN + "the error without noise, and without a target" + GIVEN,
    trial=_parts,
    theory=lambda s: mei2022.coefficients(**_point(s))[:2],
    allowance=_allowed,
    heavy_tailed=_at_threshold,
    labels=("B", "V"),
    grows=("n", "p", "d"),
    trials=128,
    quick=96,
    sabotage={
        "B and V swapped": lambda s: mei2022.coefficients(**_point(s))[1::-1],
        "features and samples swapped": lambda s: mei2022.coefficients(**_point(s, **_swap(s)))[:2],
    },
)

norm = Claim(
    statement="The squared norm of the fitted coefficients has a limit in closed form.",
    formula="|a|^2 -> (A_1/E_0) (signal + noise)/mu_star^2, polynomials in chi; features without 1/sqrt(p)",
    source="[mei2022, Thm 6†]",
    kind="asymptotic",
    defaults=BASE,
    simulated=DRAWN + "the squared norm of the coefficients of p random features, "
    "exact given both in the mean over targets and noise",
    trial=lambda s, rng: _fit(s, rng).norm / s.p,
    theory=lambda s: mei2022.norm(**_point(s), signal=s.signal, noise=s.noise),
    allowance=_allowed,
    heavy_tailed=_at_threshold,
    grows=("n", "p", "d"),
    trials=96,
    quick=48,
    sabotage={
        "features and samples swapped": lambda s: mei2022.norm(
            **_point(s, **_swap(s)), signal=s.signal, noise=s.noise
        ),
        "label noise forgotten": lambda s: mei2022.norm(**_point(s), signal=s.signal),
    },
)

objective = Claim(
    statement="The least value of the training objective, penalty included, has a limit in closed form.",
    formula="train + lambda psi1 |a|^2 -> (1 - T/psi2) (A + C + noise), T the degrees of freedom over d; "
    "A the bias and C as in theory.random_features",
    source="[mei2022, Thm 6†]",
    kind="asymptotic",
    defaults={**BASE, "p": 60, "ridge": 0.01},
    simulated=DRAWN + "training error plus penalty, exact given both in the mean over targets and noise",
    trial=lambda s, rng: (lambda fit: fit.train + s.ridge / s.d * fit.norm)(_fit(s, rng)),
    theory=lambda s: mei2022.objective(**_point(s), signal=s.signal, noise=s.noise),
    allowance=_allowed,
    heavy_tailed=_at_threshold,
    grows=("n", "p", "d"),
    trials=96,
    quick=64,
    sabotage={
        "the penalty left out": {"defaults": {"ridge": 0.1}, "theory": lambda s: _risk(s).train},
        "features and samples swapped": lambda s: mei2022.objective(
            **_point(s, **_swap(s)), signal=s.signal, noise=s.noise
        ),
    },
)


def _peak(s: Settings, rng: np.random.Generator, ratio: float = 1.0) -> Array:
    sizes = [round(ratio * s.n * share) for share in (0.5, 1, 2)]
    X, W = _inputs(s, sizes[-1], rng)
    below, top, beyond = (np.log(_features(s, X, W[:p], s.ridge)) for p in sizes)
    return np.array([top - below, top - beyond])


peak = Claim(
    statement="At vanishing ridge the test error has a peak where the number of features equals the number "
    "of samples.",
    formula="ridge = 0: test(p = n) > test(p = n/2), test(p = 2 n)",
    source="[mei2022, Fig. 1†]",
    kind="shape",
    defaults={"n": 60, "d": 30, "ridge": 0.0, "activation": "relu", "signal": 1.0, "noise": 0.2},
    simulated=DRAWN + "the logarithm of the test error at p = n, less that at n/2 and "
    "at 2 n on the same data" + GIVEN,
    trial=_peak,
    theory=lambda s: 0.0,
    relation=">=",
    labels=("log error at n, above that at n/2", "above that at 2 n"),
    theme="peak-at-n",
    trials=128,
    quick=96,
    sabotage={
        "a large ridge": {"defaults": {"ridge": 1.0}},
        "a peak at p = 2 n": {"trial": lambda s, rng: _peak(s, rng, ratio=2.0)},
    },
)


def _tuned(s: Settings, rng: np.random.Generator, tuned: bool = True) -> Array:
    sizes = [s.n // 2, s.n, 2 * s.n]
    X, W = _inputs(s, sizes[-1], rng)
    best = mei2022.optimal(np.array(sizes) / s.d, s.n / s.d, s.activation, s.signal, noise=s.noise).ridge
    ridges = best if tuned else np.zeros(len(sizes))
    errors = [_features(s, X, W[:p], ridge) for p, ridge in zip(sizes, ridges, strict=True)]
    return -np.diff(np.log(errors))


best_ridge = Claim(
    statement="With the best ridge at each width the peak at p = n is gone: more features lower the error.",
    formula="p -> min_ridge test(n, p, ridge) decreases through p = n",
    source="[mei2022, Fig. 4†]",
    kind="shape",
    defaults={"n": 60, "d": 30, "activation": "relu", "signal": 1.0, "noise": 0.2},
    simulated=DRAWN + "the logarithm of the test error at the ridge that theory calls best, "
    "at p = n/2 less that at n, and at n less that at 2 n, on the same data" + GIVEN,
    trial=_tuned,
    theory=lambda s: 0.0,
    relation=">=",
    theme="tuned-monotone",
    labels=("fall of log error from n/2 to n", "from n to 2 n"),
    trials=128,
    quick=64,
    sabotage={"ridge 0": {"trial": lambda s, rng: _tuned(s, rng, tuned=False)}},
)


def _rivals(s: Settings, rng: np.random.Generator) -> Array:
    X, W = _inputs(s, 4 * s.n, rng)
    best = min(_features(s, X, W, ridge) for ridge in (0.0, 0.01, 0.1, 1.0))
    return np.log([best, _kernel(s, X, s.ridge)]) - np.log(_kernel(s, X, 0.0))


high_signal = Claim(
    statement="Where the signal is strong beside the noise, infinite width with no ridge is best: "
    "interpolation errs less than a fit with a ridge, and less than 4 n features with the best "
    "of four ridges.",
    formula="signal/noise >= mu1^2/mu_star^2: min over psi1 and lambda at psi1 = infinity, lambda = 0",
    source="[mei2022, Prop. 5.2†]",
    kind="shape",
    defaults={"n": 60, "d": 30, "ridge": 0.1, "activation": "relu", "signal": 1.0, "noise": 0.1},
    simulated=DRAWN + "the logarithm of the test error of p = 4 n features at their best ridge, "
    "and of the kernel with a ridge, each less that of the kernel without one" + GIVEN,
    trial=_rivals,
    theory=lambda s: 0.0,
    relation=">=",
    quick=32,
    labels=("4 n features above ridgeless kernel", "kernel with ridge above it"),
    sabotage={"noise as strong as the signal": {"defaults": {"noise": 1.0}}},
)


def _around(s: Settings, rng: np.random.Generator, units: float = 1.0) -> Array:
    X = features.sphere(s.n, s.d, rng)
    best = units * float(mei2022.optimal(np.inf, s.n / s.d, s.activation, s.signal, noise=s.noise).ridge)
    there, less, more = (np.log(_kernel(s, X, best * factor)) for factor in (1, 1 / s.factor, s.factor))
    return np.array([less - there, more - there])


optimal_ridge = Claim(
    statement="Where noise is strong beside the signal, the best ridge of infinitely many features "
    "has a closed form: ridges a factor 1.4 smaller and larger both err more.",
    formula="lambda = max(0, mu1^2 noise/signal - mu_star^2)/psi2",
    source="[mei2022, Prop. 5.2†]",
    kind="shape",
    defaults={"n": 60, "d": 30, "factor": 1.4, "activation": "tanh", "signal": 1.0, "noise": 1.0},
    simulated="n samples are drawn on the sphere of R^d; "
    "the logarithm of the test error of the kernel of the features at the ridge divided "
    "by `factor`, and times it, each less that at the ridge, exact given the samples",
    trial=_around,
    theory=lambda s: 0.0,
    relation=">=",
    theme="best-ridge",
    labels=("a smaller ridge is worse by", "a larger one by"),
    quick=32,
    sabotage={
        "times psi2 for divided by it": {"trial": lambda s, rng: _around(s, rng, (s.n / s.d) ** 2)},
        "times 0.75": {"trial": lambda s, rng: _around(s, rng, 0.75)},
        "times 1.35": {"trial": lambda s, rng: _around(s, rng, 1.35)},
    },
)


nonlinear_is_noise = replace(
    over_parameterized,
    statement="With features and samples in proportion to the dimension, "
    "a nonlinear part of the target is not learnt at all: "
    "it acts as label noise of the same power.",
    formula="test -> (noise + nonlinear) (1 + V) + signal B",
    defaults={**BASE, "nonlinear": 0.5},
    simulated=DRAWN + "the target has a linear and a random quadratic part; "
    "the test error of ridge regression on p random features" + GIVEN,
    theory=lambda s: _risk(s, nonlinear=s.nonlinear).test,
    sabotage={
        "the nonlinear part learnt as the linear one": lambda s: _risk(s, signal=s.signal + s.nonlinear).test,
        "it does not disturb the fit": lambda s: _risk(s).test + s.nonlinear,
    },
)


def _equivalents(s: Settings, rng: np.random.Generator, power: Callable[[Moments], float]) -> Array:
    X, W = _inputs(s, s.p, rng)
    mu1, rest = moments(s.activation).mu1, power(moments(s.activation))
    equivalent = sphere.noisy_linear_error(X, W, mu1, rest, s.ridge / s.d, _target(s), rng)
    return np.array([_features(s, X, W, s.ridge), equivalent])


gaussian_equivalent = Claim(
    statement="A fit on nonlinear features errs like one on linear features to which independent noise "
    "of the power of the nonlinear part was added.",
    formula="activation(<w, x>/sqrt d) ~ mu1 <w, x>/sqrt d + mu_star z, z ~ N(0, 1)",
    source="[mei2022, Sec. 1†]",
    kind="asymptotic",
    defaults=BASE,
    simulated=DRAWN + "the test errors of ridge regression on p random features and on their linear part "
    "with noise; the ratio of the means" + GIVEN,
    trial=lambda s, rng: _equivalents(s, rng, lambda m: m.mu_star2),
    theory=lambda s: 1.0,
    statistic=lambda s, mean: mean[0] / mean[1],
    allowance=_allowed,
    heavy_tailed=_at_threshold,
    grows=("n", "p", "d"),
    trials=96,
    quick=32,
    sabotage={
        "no noise": {"trial": lambda s, rng: _equivalents(s, rng, lambda m: 0.0)},
        "as strong as the linear part": {"trial": lambda s, rng: _equivalents(s, rng, lambda m: m.mu1**2)},
    },
)
