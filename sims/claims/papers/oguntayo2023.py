"""An article for a general public on models that are larger than they need to be: its themes, made precise.

The claims of `everyday` are talk of this kind too. What the article says and which claim answers it is a
page of the paper (paper/article.typ).
"""

from functools import cache, partial

import numpy as np

from sims import fit
from sims.claims import Claim, Exercise, Settings
from sims.claims.claim import Array
from sims.experiments import random_relu as relu
from sims.experiments.costs import measured as measured_costs
from sims.experiments.isotropic import shares
from sims.experiments.sawtooth import least_unexplained, unexplained
from sims.features import random_features, sphere
from sims.network import Network, forward, start
from sims.training.solvers import lbfgs
from sims.verdict import edge
from theory import exact
from theory.papers import simon2024

# ---------------------------------------------------------------- outliers


def _outlier_variance(s: Settings) -> float:
    return float(s.share * s.size**2)


def _fitted_outliers(s: Settings, rng: np.random.Generator) -> Array:
    """Test errors with p = n/2 and p = 2n coordinates; a share of the training labels is far off."""
    errors = []
    for p in (s.n // 2, 2 * s.n):
        X, beta = rng.standard_normal((s.n, p)), rng.standard_normal((p, s.draws))
        beta *= np.sqrt(s.signal) / np.linalg.norm(beta, axis=0)
        shape = s.n, s.draws
        moved = s.size * rng.choice([-1.0, 1.0], shape) * (rng.random(shape) < s.share)
        fitted = np.linalg.pinv(X) @ (X @ beta + np.sqrt(s.noise) * rng.standard_normal(shape) + moved)
        errors.append(s.noise + np.sum((fitted - beta) ** 2) / s.draws)
    return np.array(errors)


def _with_outliers(s: Settings, variance: float) -> Array:
    """Exact test errors on labels without outliers, if those of the samples act as noise of this variance."""
    p = np.array([s.n // 2, 2 * s.n])
    return exact.least_squares(s.n, p, s.signal, s.noise + variance).test - variance


outliers = Claim(
    statement="Over-fitting follows outliers as it follows noise: what a share of labels that are far off "
    "costs least squares depends on their mean square alone, and is what noise of that variance costs.",
    formula="test = noise + signal (1 - n/p)_+ + (noise + share size^2) k/(|p - n| - 1), k = min(n, p)",
    source="[oguntayo2023] on outliers; the value is that of [breiman1983] and [belkin2020]",
    kind="exact",
    defaults={"n": 20, "signal": 1.0, "noise": 0.1, "share": 0.1, "size": 3.0, "draws": 16},
    simulated="least squares on p = n/2 and p = 2n Gaussian coordinates; a tenth of the labels is moved "
    "by 3 up or down; error on fresh labels without outliers, mean over 16 draws of target and labels",
    trial=_fitted_outliers,
    theory=lambda s: _with_outliers(s, _outlier_variance(s)),
    heavy_tailed=lambda s: np.array([s.n - s.n // 2 <= edge(s.n), s.n <= edge(s.n)]),
    theme="inverse-wishart",
    labels=("p = n/2", "p = 2n"),
    trials=1600,
    quick=800,
    sabotage={
        "by their share alone": lambda s: _with_outliers(s, s.share * s.size),
        "by the square of their mean": lambda s: _with_outliers(s, (s.share * s.size) ** 2),
        "without a lost degree of freedom": lambda s: (
            s.noise + np.array([0.0, s.signal / 2]) + (s.noise + _outlier_variance(s)) * np.array([1.0, 1.0])
        ),
    },
    exercise=Exercise(
        question="A share of the labels of n samples is moved by `size`, up or down. What is the mean error "
        "on fresh labels without outliers of least squares on p Gaussian coordinates, exactly?",
        answer="noise + (noise + share*size^2)*p/(n - p - 1); "
        "noise + signal*(1 - n/p) + (noise + share*size^2)*n/(p - n - 1)",
        names={"p": ("n/2", "2*n")},
        elsewhere={"n": 16, "share": 0.2, "size": 2.0, "noise": 0.3, "signal": 2.0},
        limit="noise + noise + share*size^2; noise + signal/2 + noise + share*size^2",
    ),
)

# ---------------------------------------------------------------- one layer and two


def _pairs(s: Settings, rng: np.random.Generator, target: tuple[int, ...] = (0, 1), units: int = 0) -> Array:
    """Test errors of a linear fit and of a trained network on the product of two signs."""
    X = rng.choice([-1.0, 1.0], (s.n, s.d))
    every = np.array(np.meshgrid(*[[-1.0, 1.0]] * s.d)).reshape(s.d, -1).T
    truth = every[:, target].prod(axis=1)
    y = X[:, target].prod(axis=1) + np.sqrt(s.noise) * rng.standard_normal(s.n)
    linear = np.mean((every @ np.linalg.pinv(X) @ y - truth) ** 2)
    network = Network(s.d, (units or s.units,), symmetric=True)
    run = lbfgs(network, start(network, rng.spawn(1)), X, y, s.steps, ridge=s.ridge, tolerance=1e-5)
    trained = np.mean((forward(network, run.theta, every)[0] - truth) ** 2)
    return np.array([linear - 1.0, np.log(0.5 / trained)])


exclusive_or = Claim(
    statement="A single layer cannot learn the exclusive or, and two layers can: on the product of two signs "
    "every linear fit errs at least as much as predicting 0, and a trained network has less than half of "
    "that error.",
    formula="test(linear) >= 1 = test(0), test(two layers) < 1/2; y = x_1 x_2, x in {-1, 1}^d",
    source="[own composition] on depth, a theme of [oguntayo2023]: x_1 x_2 is orthogonal to all x_j",
    kind="shape",
    defaults={"n": 100, "d": 6, "units": 24, "steps": 60, "ridge": 1e-3, "noise": 0.01},
    simulated="n random corners of the cube, labelled by the product of two signs and a little noise; least "
    "squares, and a two-layer ReLU network trained by L-BFGS; error on all corners, as excess over 1 and as "
    "log (1/2)/error",
    trial=_pairs,
    theory=lambda s: 0.0,
    relation=">=",
    labels=("linear: error - 1", "two layers: log (1/2)/error"),
    trials=160,
    quick=80,
    sabotage={
        "one sign alone, which is linear": {"trial": partial(_pairs, target=(0,))},
        "a network of two units": {"trial": partial(_pairs, units=2)},
    },
)

# ---------------------------------------------------------------- depth


def _one_layer(s: Settings, rng: np.random.Generator, units: int = 0, layers: int = 0) -> Array:
    """Share of the sawtooth's variance that one layer leaves, with random and with evenly spaced kinks."""
    count = units or 2 * s.layers
    kinks = (rng.random(count), (np.arange(count) + rng.random()) / count)
    return np.array([unexplained(each, layers or s.layers) for each in kinks])


depth = Claim(
    statement="Depth can be worth many units: six layers of two ReLU units make a sawtooth of 32 teeth "
    "without error, on which one layer of as many units, wherever its kinks are, leaves more than 60 % of "
    "the variance. The target is made for depth; others are not.",
    formula="error/variance >= 1 - units/teeth, units = 2 layers, teeth = 2^(layers - 1)",
    source="[telgarsky2016] for the idea; the bound is an [own composition] on a theme of [oguntayo2023]",
    kind="inequality",
    defaults={"layers": 6},
    simulated="least squares of a constant, a slope and 12 ReLU units with random, and with evenly spaced, "
    "kinks on the tent map applied to itself six times; error over the variance 1/12",
    trial=_one_layer,
    theory=lambda s: least_unexplained(2 * s.layers, s.layers),
    relation=">=",
    outcome="every",
    allowance=1e-3,  # the grid
    labels=("random kinks", "even kinks"),
    trials=48,
    quick=28,
    sabotage={
        "of three layers too": {"trial": partial(_one_layer, layers=3)},
        "with as many units as pieces": {"trial": partial(_one_layer, units=64)},
    },
)

# ---------------------------------------------------------------- experts


def _experts(s: Settings) -> Array:
    return np.array([1, 2, 4])


def _gated(s: Settings, rng: np.random.Generator) -> Array:
    """Test errors of one expert for each region, for 1, 2 and 4 regions with a target of its own each."""
    errors = []
    for count in map(int, _experts(s)):
        regions = [rng.standard_normal((s.n // count, s.p)) for _ in range(count)]
        errors.append(s.noise + s.noise * np.mean([shares(X).spread for X in regions]))
    return np.array(errors)


experts = Claim(
    statement="Experts behind a known gate divide the samples too: each of E experts of p parameters costs "
    "an input the arithmetic of one, and errs like least squares on n/E samples, as a model of E p "
    "parameters on n samples does in large dimension.",
    formula="test = noise (1 + p/(n/E - p - 1)), about noise/(1 - E p/n)",
    source="[own composition] on adaptive routing, a theme of [oguntayo2023]; the value is that of "
    "[breiman1983]",
    kind="exact",
    defaults={"n": 80, "p": 5, "noise": 0.5},
    simulated="E regions with n/E Gaussian samples and a linear target each; "
    "mean exact error of least squares in each region",
    trial=_gated,
    theory=lambda s: s.noise * (1 + s.p / (s.n / _experts(s) - s.p - 1)),
    heavy_tailed=lambda s: s.n / _experts(s) - s.p <= edge(s.n),
    theme="inverse-wishart",
    labels=("1 expert", "2 experts", "4 experts"),
    trials=1500,
    quick=600,
    sabotage={
        "each learns from all samples": lambda s: s.noise * (1 + s.p / (s.n - s.p - 1)) * np.ones(3),
        "one model of E p parameters": lambda s: (
            s.noise * (1 + _experts(s) * s.p / (s.n - _experts(s) * s.p - 1))
        ),
        "without a lost degree of freedom": lambda s: s.noise / (1 - _experts(s) * s.p / s.n),
    },
    exercise=Exercise(
        question="A known gate sends each input to one of E experts, each of which is least squares on p "
        "coordinates with n/E samples and its own target. What is the mean test error, exactly?",
        answer="noise*(1 + p/(n/E - p - 1))",
        names={"E": ("1", "2", "4")},
        elsewhere={"n": 64, "p": 4, "noise": 1.0},
        limit="noise/(1 - E*p/n)",
    ),
)

# ---------------------------------------------------------------- error and cost together


def _total(n: int, p: Array, test: Array, price: float) -> Array:
    """Test error and the price of width: `price` for each n features."""
    return np.asarray(test + price * p / n, dtype=float)


@cache
def _cheapest(n: int, d: int, noise: float, price: float) -> tuple[Array, Array]:
    """A quarter of the width of least total cost, that width and four times it, and their best ridges."""
    grid = np.unique(np.geomspace(n / 8, 16 * n, 100).astype(int))
    problem = relu.problem(d, 1.0, noise)
    best = grid[np.argmin(_total(n, grid, simon2024.optimal(problem, n, grid).test, price))]
    p = np.array([best // 4, best, 4 * best])
    return p, simon2024.optimal(problem, n, p).ridge


def _around_cheapest(s: Settings, rng: np.random.Generator, price: float | None = None) -> Array:
    """How much more a quarter and four times the cheapest width cost in all, in logarithms."""
    p, ridge = _cheapest(s.n, s.d, s.noise, s.price)
    design = relu.draw(s.n, s.d, int(p[-1]), rng)
    missed, spread = relu.parts(design, zip(map(int, p), map(float, ridge), strict=True))
    test = s.noise + missed + s.noise * spread
    total = np.log(_total(s.n, p, test, s.price if price is None else price))
    return np.array([total[0] - total[1], total[2] - total[1]])


sweet_spot_of_cost = Claim(
    statement="Error and cost together have a sweet spot where the error alone has none: with the best ridge "
    "at every width more features never hurt, but with a price on each there is a best width, and a quarter "
    "and four times of it cost more in all.",
    formula="p* = argmin test(p) + price p/n; total(p*/4) > total(p*) < total(4 p*)",
    source="[oguntayo2023] asks for the balance; [simon2024] for the errors; the price is our own",
    kind="shape",
    defaults={"n": 48, "d": 12, "noise": 0.25, "price": 0.05},
    simulated="random ReLU features of one design, each width with the best ridge of theory; "
    "log of exact error plus price, less that at the width that theory says is cheapest",
    trial=_around_cheapest,
    theory=lambda s: 0.0,
    relation=">=",
    labels=("a quarter of the width", "four times the width"),
    trials=64,
    quick=48,
    sabotage={
        "features are free": {"trial": partial(_around_cheapest, price=0.0)},
        "features are ten times as dear": {"trial": partial(_around_cheapest, price=0.5)},
    },
)

# ---------------------------------------------------------------- time of training and of an answer


def _steps_and_answers(s: Settings, rng: np.random.Generator, larger: int = 4, times: float = 2.0) -> Array:
    """Do `larger` times the features take `times` as long to train by descent, and to predict with?"""
    X, fresh, y = sphere(s.n, s.d, rng), sphere(s.n, s.d, rng), rng.standard_normal(s.n)
    widths = (s.width, larger * s.width)
    weights = [sphere(p, s.d, rng) for p in widths]
    hidden = [random_features(X, W) for W in weights]
    training = measured_costs([partial(_descend, H, y, s.steps) for H in hidden])
    answers = measured_costs([partial(_answer, fresh, W) for W in weights])
    return np.array([cost[1].seconds >= times * cost[0].seconds for cost in (training, answers)], dtype=float)


def _descend(H: Array, y: Array, steps: int) -> Array:
    a = np.zeros(H.shape[1])
    for _ in range(steps):
        a += H.T @ (y - H @ a) / H.size
    return a


def _answer(X: Array, W: Array) -> Array:
    return random_features(X, W) @ np.ones(len(W))


slower = Claim(
    statement="Bigger models train longer and answer later: with four times as many features, a step of "
    "gradient descent and a prediction take at least twice the time.",
    formula="seconds(4 p) >= 2 seconds(p) in each draw, for steps of descent and for predictions; n p "
    "multiplications say a factor of 4 (threshold chosen here)",
    source="[oguntayo2023] says so in words; [own composition], measured",
    kind="inequality",
    defaults={"n": 200, "d": 20, "width": 800, "steps": 10},
    simulated="processor seconds, the least of four runs in turns, of steps of descent on the read-out of "
    "random ReLU features, and of predictions at n inputs, for `width` features and for four times as many",
    trial=_steps_and_answers,
    theory=lambda s: np.ones(2),
    relation=">=",
    outcome="every",
    labels=("training", "prediction"),
    trials=40,
    quick=24,
    sabotage={
        "like the square of p": {"trial": partial(_steps_and_answers, times=14.0)},
        "as many features in both": {"trial": partial(_steps_and_answers, larger=1)},
    },
)

# ---------------------------------------------------------------- how far small sizes carry


def _sizes(s: Settings) -> Array:
    return s.n * np.array([1, 2, 4])


def _gaps(s: Settings, rng: np.random.Generator) -> Array:
    """Mean test errors at p = n/2, without signal and for noise 1, over many designs of each size."""
    means = []
    for n in map(int, _sizes(s)):
        X = rng.standard_normal((s.designs, n, n // 2))
        means.append(1 + np.linalg.inv(np.swapaxes(X, 1, 2) @ X).trace(axis1=1, axis2=2).mean())
    return np.array(means)


def _slope(s: Settings, errors: Array) -> float:
    """Slope in log n of the gap to the limit 1/(1 - p/n) = 2."""
    return float(np.polyfit(np.log(_sizes(s)), np.log(errors - 2.0), 1)[0])


small_sizes = Claim(
    statement="What small models show carries to large ones with the same ratios: at fixed p/n the mean "
    "error of least squares leaves its limit by about one over the size. (What a billion parameters do that "
    "the model leaves out, no small size can tell.)",
    formula="test(n) - limit ~ 1/n at p = n/2: (n - 1)/(n/2 - 1) - 2 = 2/(n - 2); here the slope from n = 16 "
    "to 64",
    source="[own composition] on a theme of [oguntayo2023]; the value is that of [breiman1983]",
    kind="rate",
    defaults={"n": 16, "designs": 500},
    simulated="least squares on p = n/2 Gaussian coordinates at n, 2n and 4n, many designs of each; slope of "
    "the logarithm of the gap of the mean error to its limit",
    trial=_gaps,
    statistic=_slope,
    theory=lambda s: _slope(s, exact.least_squares(_sizes(s), _sizes(s) // 2, 0.0, 1.0).test),
    theme="inverse-wishart",
    trials=128,
    quick=80,
    sabotage={
        "one over the root of the size": lambda s: -0.5,
        "one over the square": lambda s: -2.0,
    },
)

# ---------------------------------------------------------------- sparsity


def _pruned(s: Settings, rng: np.random.Generator, active: int = 0, at_random: bool = False) -> float:
    """Log of the error of a wide fit over that of its largest coefficients alone, fitted again."""
    X, beta = rng.standard_normal((s.n, s.p)), np.zeros(s.p)
    count = active or s.active
    beta[:count] = rng.choice([-1.0, 1.0], count) / np.sqrt(count)
    y = X @ beta + np.sqrt(s.noise) * rng.standard_normal(s.n)
    wide = fit.ridge(X, y, s.ridge)
    kept = rng.permutation(s.p) if at_random else np.argsort(-np.abs(wide))
    kept = kept[: s.p // 8]
    small = np.zeros(s.p)
    small[kept] = fit.ridge(X[:, kept], y, s.ridge)
    whole, pruned = (s.noise + np.sum((a - beta) ** 2) for a in (wide, small))
    return float(np.log(whole / pruned))


sparse = Claim(
    statement="Where few coefficients matter, an eighth of them is enough: a wide ridge fit that is cut down "
    "to its largest coefficients and fitted again errs less than before, at an eighth of the cost of an "
    "answer.",
    formula="log test(all p) - log test(largest p/8, fitted again) > 0, for 10 coefficients of 200",
    source="[own composition] on sparsity, a theme of [oguntayo2023]; [chang2021] for pruning",
    kind="shape",
    defaults={"n": 100, "p": 200, "active": 10, "noise": 0.25, "ridge": 0.1},
    simulated="ridge regression on Gaussian coordinates of which 10 matter, and again on the eighth of them "
    "with the largest coefficients; log ratio of the errors",
    trial=_pruned,
    theory=lambda s: 0.0,
    relation=">=",
    trials=96,
    quick=48,
    sabotage={
        "where all coefficients matter": {"trial": partial(_pruned, active=200)},
        "an eighth at random": {"trial": partial(_pruned, at_random=True)},
    },
)
