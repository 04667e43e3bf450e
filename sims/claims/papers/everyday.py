"""What articles for a general public say about models with many parameters, made precise and judged."""

from functools import partial

import numpy as np

from sims import fit
from sims.claims import Claim, Exercise, Settings
from sims.claims.claim import Array
from sims.experiments import isotropic
from sims.experiments import random_relu as relu
from sims.experiments.costs import measured as measured_costs
from sims.experiments.gaussian import measure
from sims.features import random_features, sphere
from theory import Problem
from theory import random_features as random_features_risk
from theory.papers import belkin2020, simon2024

# ---------------------------------------------------------------- "enough parameters fit anything"


def _random_labels(s: Settings, rng: np.random.Generator) -> Array:
    X, W = sphere(s.n, s.d, rng), sphere(2 * s.n, s.d, rng)
    labels = rng.choice([-1.0, 1.0], size=(s.n, 200))
    path = fit.min_norm_path(random_features(X, W, s.activation), labels, p=_around(s))
    return path.train.mean(axis=1)


def _around(s: Settings) -> Array:
    return np.array([s.n // 2, s.n - 1, s.n, 2 * s.n])


capacity = Claim(
    statement="Enough parameters fit anything: least squares on p features fits random labels without error "
    "if and only if p is at least the number of samples.",
    formula="train = (1 - p/n)_+ for labels +-1 drawn by coin",
    source="[own composition]: the residual is a projection on n - p dimensions",
    kind="exact",
    defaults={"n": 80, "d": 20, "activation": "relu"},
    simulated="random ReLU features of inputs on the sphere; training error on 200 vectors of random labels",
    trial=_random_labels,
    theory=lambda s: np.maximum(1 - _around(s) / s.n, 0.0),
    labels=("p = n/2", "p = n - 1", "p = n", "p = 2n"),
    quick=48,
    sabotage={
        "two parameters for each sample": lambda s: np.maximum(1 - _around(s) / (2 * s.n), 0.0),
        "one parameter more than samples": lambda s: np.maximum(1 - _around(s) / (s.n + 1), 0.0),
        "features that span d dimensions only": {"defaults": {"activation": "identity"}},
    },
    exercise=Exercise(
        question="What is the training error of least squares on p features of labels drawn by coin?",
        answer="max(0, 1 - p/n)",
        names={"p": ("n/2", "n - 1", "n", "2*n")},
        elsewhere={"n": 40},
    ),
)

# ---------------------------------------------------------------- "too many parameters overfit"


def _least_squares(X: Array, signal: float, error: float, ridge: float) -> float:
    """Test error of the ridge fit; it is `isotropic.risk`, summed in another order (last bit)."""
    unseen, lost, spread = isotropic.shares(X, ridge)
    return error * (1 + spread) + signal * (unseen + lost) / X.shape[1]


def _powers(s: Settings) -> Array:
    """Power of the target along each coordinate, most important first; 1 in all."""
    powers = np.arange(1.0, s.d + 1) ** -1.5
    return powers / powers.sum()


def _errors(s: Settings, rng: np.random.Generator, points: list[int]) -> Array:
    """Logarithms of the test errors of models on the first p coordinates; the others act as noise."""
    X, power = rng.standard_normal((s.n, max(points))), _powers(s)
    risks = [_least_squares(X[:, :p], power[:p].sum(), s.noise + power[p:].sum(), s.ridge) for p in points]
    return np.log(risks)


def _best_below(s: Settings) -> int:
    """The classical optimum: the best number of coordinates below n."""
    p = np.arange(1, int(0.8 * s.n))
    return int(p[np.argmin(belkin2020.prescient(s.n, p, np.sqrt(_powers(s)), s.noise))])


def _sides_of_u(s: Settings, rng: np.random.Generator) -> Array:
    few, best, many = _errors(s, rng, [1, _best_below(s), int(0.8 * s.n)])
    return np.array([few - best, many - best])


def _beyond(s: Settings, rng: np.random.Generator) -> Array:
    return np.diff(_errors(s, rng, [5 * s.n // 4, 2 * s.n]))


underfit_overfit = Claim(
    statement="Models with too few parameters underfit and those with too many overfit: "
    "below p = n the test error first falls and then rises with p.",
    formula="test(1) > min over p < n of test(p) < test(0.8 n)",
    source="[belkin2020, Sec. 2 on prescient selection†]",
    kind="shape",
    theme="peak-at-n",
    defaults={"n": 60, "d": 240, "noise": 0.25, "ridge": 0.0},
    simulated="Gaussian coordinates in the order of their importance; "
    "the logarithm of the exact error with 1 and with 0.8 n of them, less that at the best number below n",
    trial=_sides_of_u,
    theory=lambda s: 0.0,
    relation=">=",
    labels=("1 against best", "0.8 n against best"),
    quick=48,
    sabotage={
        "the rise goes on beyond n": {"trial": _beyond},
    },
)

always_overfit = Claim(
    statement="Too many parameters always overfit: "
    "the more parameters a model has beyond the number of samples, the worse it predicts.",
    formula="p -> test(p) grows beyond p = n: test(5n/4) < test(2n)",
    source="[belkin2019] for the second descent; [belkin2020, Thm 1†]",
    kind="shape",
    defaults={"n": 60, "d": 240, "noise": 0.25, "ridge": 0.0},
    simulated="Gaussian coordinates in the order of their importance; "
    "growth of the logarithm of the exact error from p = 5n/4 to 2n",
    trial=_beyond,
    theory=lambda s: 0.0,
    relation=">=",
    expected="disagrees",
    why="The error of the minimum-norm fit falls again beyond p = n: its noise part is noise n/(p - n - 1).",
    quick=48,
    sabotage={
        "the error grows with the number of parameters": lambda s: np.log(2 / 1.25),
        "with a small ridge too": {"defaults": {"ridge": 0.01}},
    },
)

# ---------------------------------------------------------------- "there is a sweet spot"


def _spots(s: Settings, rng: np.random.Generator) -> Array:
    """Logarithm of the best error below n over that of the widest model, for little noise, and its
    negative for much noise.
    """
    points = [s.n // 12, s.n // 6, s.n // 3, s.n // 2, s.wide * s.n]
    missed, spread = relu.parts(relu.draw(s.n, s.d, points[-1], rng), [(p, s.ridge) for p in points])
    ratios = []
    for noise, sign in ((s.little, 1.0), (s.much, -1.0)):
        test = np.log(noise + missed + noise * spread)
        ratios.append(sign * (test[:-1].min() - test[-1]))
    return np.array(ratios)


def _falls(s: Settings, rng: np.random.Generator, tuned: bool = True) -> Array:
    """Falls of the log error from each width to the next, each with its best ridge."""
    points = np.array([s.n // 4, s.n // 2, s.n, 2 * s.n, 4 * s.n])
    best = simon2024.optimal(relu.problem(s.d, 1.0, s.noise), s.n, points).ridge
    ridges = best if tuned else np.full(len(points), 1e-6)
    missed, spread = relu.parts(
        relu.draw(s.n, s.d, int(points[-1]), rng), zip(map(int, points), map(float, ridges), strict=True)
    )
    return -np.diff(np.log(s.noise + missed + s.noise * spread))


sweet_spot = Claim(
    statement="There is a sweet spot, but on which side of p = n depends on the noise: "
    "without a ridge, the best model below p = n loses to the widest one on nearly clean labels, "
    "and beats it on noisy ones.",
    formula="min over p < n of test(p) > test(8n) at noise 0.05, < test(8n) at noise 3; signal 1",
    source="[mei2022]; the two noises are an [own composition]",
    kind="shape",
    defaults={"n": 48, "d": 12, "wide": 8, "little": 0.05, "much": 3.0, "ridge": 0.0},
    simulated="random ReLU features of one design; "
    "the logarithm of the smallest exact error at p = n/12, n/6, n/3 and n/2 over that at 8n",
    trial=_spots,
    theory=lambda s: 0.0,
    relation=">=",
    labels=("little noise: wide wins", "much noise: narrow wins"),
    quick=56,
    sabotage={
        "little and much noise exchanged": {"defaults": {"little": 3.0, "much": 0.05}},
        "a ridge of 0.1 in place of none": {"defaults": {"ridge": 0.1}},
    },
)

no_sweet_spot = Claim(
    statement="For random features with the best ridge at each width there is no sweet spot: "
    "more features of the same inputs never hurt, and the optimum is the infinitely wide model. "
    "(Where more parameters also mean a harder target they do hurt: hastie2022.no_peak.)",
    formula="p -> min over ridge of test(p, ridge) is non-increasing",
    source="[simon2024, Thm 1†]",
    kind="shape",
    defaults={"n": 48, "d": 12, "noise": 0.5},
    simulated="random ReLU features of one design, each p with the best ridge of theory; "
    "falls of the logarithm of the exact error",
    trial=_falls,
    theory=lambda s: 0.0,
    relation=">=",
    labels=("n/4 to n/2", "n/2 to n", "n to 2n", "2n to 4n"),
    trials=64,
    quick=48,
    theme="tuned-monotone",
    sabotage={"one tiny ridge at every p": {"trial": lambda s, rng: _falls(s, rng, tuned=False)}},
)

# ---------------------------------------------------------------- "bigger costs more"


def _doublings(s: Settings) -> Array:
    return s.n * 2 ** np.arange(1, 5)


def _savings(s: Settings, rng: np.random.Generator) -> Array:
    """Falls of the mean test error with each doubling of p, over models that share the largest's units."""
    points = _doublings(s)
    design = relu.draw(s.n, s.d, int(points[-1]), rng)
    errors = []
    for p in map(int, points):
        models = [relu.parts(design.units(first, p), [(p, s.ridge)]) for first in range(0, len(design.W), p)]
        errors.append(np.mean([missed + s.noise * spread for missed, spread in models]))
    return -np.diff(errors)


def _arithmetic(s: Settings) -> Array:
    """Multiplications that each fit takes, n p min(n, p)."""
    points = _doublings(s)
    return s.n * points * np.minimum(s.n, points)


def _per_cost(s: Settings, savings: Array) -> float:
    return float(np.polyfit(np.log(_arithmetic(s)[1:]), np.log(savings), 1)[0])


def _per_cost_theory(s: Settings) -> float:
    test = random_features_risk(relu.problem(s.d, 1.0, s.noise), s.n, _doublings(s), s.ridge).test
    return _per_cost(s, -np.diff(test))


bigger_costs_more = Claim(
    statement="Bigger models cost more and gain less: "
    "beyond p = n the count of multiplications grows in proportion to p, while each doubling takes only half "
    "as much off the error as the one before.",
    formula="test(p) - test(2p) ~ 1/cost, cost = n p min(n, p) multiplications, counted and not timed",
    source="[simon2024] for the errors; the count is an [own composition]",
    kind="rate",
    defaults={"n": 24, "d": 24, "noise": 0.25, "ridge": 0.01},
    simulated="random ReLU features of one design at p = 2n, 4n, 8n and 16n: "
    "slope of the logarithm of the error saved by a doubling against that of the arithmetic",
    trial=_savings,
    statistic=_per_cost,
    theory=_per_cost_theory,
    allowance=0.05,
    trials=128,
    quick=96,
    sabotage={
        "the Monte Carlo rate, one over the root": lambda s: _per_cost_theory(s) / 2,
        "savings like 1/p^2": lambda s: 2 * _per_cost_theory(s),
    },
)


def _grows(
    s: Settings, rng: np.random.Generator, larger: int = 4, time: float = 2.0, memory: float = 3.0
) -> Array:
    """Does the larger fit take `time` times the processor time, and `memory` times the memory?"""
    X, y = sphere(s.n, s.d, rng), rng.standard_normal(s.n)
    weights = [sphere(p, s.d, rng) for p in (8 * s.n, 8 * larger * s.n)]
    small, large = measured_costs([partial(_relu_fit, X, y, W, s.ridge) for W in weights])
    return np.array([large.seconds >= time * small.seconds, large.bytes >= memory * small.bytes], dtype=float)


def _relu_fit(X: Array, y: Array, W: Array, ridge: float) -> Array:
    return fit.ridge(random_features(X, W) / np.sqrt(len(W)), y, ridge)


bigger_takes_longer = Claim(
    statement="Bigger models take longer and more memory: a ridge fit with four times as many random "
    "features, both beyond p = n, takes at least twice the time and three times the memory.",
    formula="seconds(32 n) >= 2 seconds(8 n) and bytes(32 n) >= 3 bytes(8 n) in each draw; n p^2 or n^2 p "
    "multiplications, whichever is less, and n p numbers say a factor of 4 (thresholds chosen here)",
    source="[own composition], measured",
    kind="inequality",
    defaults={"n": 100, "d": 20, "ridge": 0.001},
    simulated="processor seconds, the least of four runs in turns, and the largest memory in use while "
    "random ReLU features of n inputs are made and fitted, for 8 n and for 32 n of them",
    trial=_grows,
    theory=lambda s: np.ones(2),
    relation=">=",
    outcome="every",
    labels=("time", "memory"),
    trials=48,
    quick=24,
    sabotage={
        "like the square of p": {"trial": lambda s, rng: _grows(s, rng, time=12.0, memory=12.0)},
        "as many features in both": {"trial": lambda s, rng: _grows(s, rng, larger=1)},
    },
)

# ---------------------------------------------------------------- "more data is always better"


def _with_more_data(s: Settings, rng: np.random.Generator) -> Array:
    sizes = [s.p // 4, s.p // 2, 7 * s.p // 8, 2 * s.p]
    X = rng.standard_normal((sizes[-1], s.p))
    logs = np.log([_least_squares(X[:n], s.signal, s.noise, s.ridge) for n in sizes])
    return -np.diff(logs)[[1, 0, 2]]


more_data = Claim(
    statement="More data is always better: the test error of a model of fixed size falls with every sample.",
    formula="test(n = p/4) > test(p/2) > test(7p/8) > test(2p)",
    source="[nakkiran2019]",
    kind="shape",
    defaults={"p": 64, "signal": 1.0, "noise": 0.25, "ridge": 0.0},
    simulated="least squares on one growing set of Gaussian samples; "
    "falls of the logarithm of the exact error",
    trial=_with_more_data,
    theory=lambda s: 0.0,
    relation=">=",
    labels=("p/2 to 7p/8", "p/4 to p/2", "7p/8 to 2p"),
    expected="disagrees",
    why="Without a ridge the error has its peak at n = p, so data hurt on the way there. "
    "For isotropic inputs and the best ridge the statement is true (nakkiran2021).",
    trials=64,
    quick=48,
    theme="more-data-hurts",
    sabotage={
        "with a tiny ridge too": {"defaults": {"ridge": 1e-4}},
        "each step saves a tenth": lambda s: np.log(1.1),
    },
)

# ---------------------------------------------------------------- "who fits the noise cannot predict"


def _interpolated(s: Settings, rng: np.random.Generator) -> float:
    eigenvalues, power = np.array([1.0, s.trace / s.tail]), np.array([1.0, 0.0])
    problem = Problem(eigenvalues, power, np.array([s.large, s.tail]), noise=s.noise)
    return measure(problem, s.n, None, s.ridge, rng).test


fitted_noise = Claim(
    statement="A model that fits noisy labels without error cannot predict well: "
    "it errs by at least twice the noise, once for the new label and once for the old one that it repeats.",
    formula="test >= 2 noise for every model with train = 0",
    source="[bartlett2020, Thm 4† of the preprint] for the counter-example",
    kind="inequality",
    defaults={"n": 40, "large": 2, "tail": 400, "trace": 0.5, "noise": 0.5, "ridge": 0.0},
    simulated="minimum-norm fit to n noisy samples of 2 large and 400 small Gaussian coordinates, "
    "which fits every label; its exact error",
    trial=_interpolated,
    theory=lambda s: 2 * s.noise,
    relation=">=",
    expected="disagrees",
    why="The many small coordinates absorb the noise and hardly matter at new inputs: "
    "the error is only 1.2 times the noise.",
    sabotage={
        "twice the noise and the target besides": lambda s: 2 * s.noise + 1.0,
        "half of the old label's noise": lambda s: 1.5 * s.noise,
    },
)
