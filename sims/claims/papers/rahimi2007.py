"""Random features for large-scale kernel machines: how well they estimate Gaussian and Laplace kernels."""

import numpy as np

from sims import features
from sims.claims import Claim, Exercise, Settings
from sims.claims.claim import Array
from theory import kernel
from theory.papers import rahimi2007

SINGLE = "independent draws of D random Fourier features of the Gaussian kernel at two points, "


def _errors(distance: float, count: int, variant: str, repeats: int, rng: np.random.Generator) -> Array:
    """Errors of the estimate of exp(-distance^2/2) from `count` features, in independent repeats."""
    draws = repeats * (count // 2 if variant == "paired" else count)
    # along the line through both points a Gaussian frequency is a normal number
    pair, w = np.array([[0.0], [distance]]), rng.standard_normal((draws, 1))
    phases = rng.uniform(0, 2 * np.pi, draws) if variant == "phase" else None
    z = features.random_fourier(pair, w, phases)
    return (z[0] * z[1]).reshape(repeats, count).mean(axis=1) - np.exp(-(distance**2) / 2)


def _squares(s: Settings, rng: np.random.Generator) -> Array:
    both = (_errors(s.distance, s.features, variant, s.repeats, rng) for variant in ("paired", "phase"))
    return np.array([np.mean(error**2) for error in both])


def _variances(s: Settings, scale: float = 1.0) -> Array:
    of = rahimi2007.feature_variance
    return np.array([of(s.distance, scale * s.features, name) for name in ("paired", "phase")])


variance = Claim(
    statement="The estimate of the Gaussian kernel from D random Fourier features has a variance "
    "of exactly c/D; pairs of sine and cosine have a smaller constant c than random phases.",
    formula="paired (1 - e^(-x^2))^2/D, phase (1 - e^(-x^2) + e^(-2 x^2)/2)/D, x = distance/bandwidth",
    source="moments of the features of [rahimi2007]; [sutherland2015, Sec. 2†]",
    kind="exact",
    defaults={"features": 20, "distance": 1.0, "repeats": 4000},
    simulated=SINGLE + "`repeats` times; the mean squared error of the estimate for both variants",
    trial=_squares,
    theory=_variances,
    labels=("paired", "phase"),
    trials=160,
    quick=64,
    sabotage={
        "D - 1 for D": lambda s: _variances(s) * s.features / (s.features - 1),
        "variants swapped": lambda s: _variances(s)[::-1],
        "D pairs": lambda s: _variances(s, 2.0),
        "the variance of one cosine, 1/2": lambda s: 0.5 / s.features,
    },
    exercise=Exercise(
        question="At this distance (bandwidth 1), what is the variance of the estimate "
        "of the Gaussian kernel from so many random Fourier features: "
        "with pairs of sine and cosine, and with random phases?",
        answer="(1 - exp(-distance^2))^2/features; (1 - exp(-distance^2) + exp(-2*distance^2)/2)/features",
        elsewhere={"distance": 0.5, "features": 40},
    ),
)

SIZES = np.array([10, 40, 160, 640])


rate = Claim(
    statement="The error of the kernel estimate falls like one over the square root of the number "
    "of features.",
    formula="(E (k_D - k)^2)^(1/2) = C D^(-1/2)",
    source="[rahimi2007, Sec. 3†]",
    kind="rate",
    defaults={"distance": 1.0, "repeats": 500},
    simulated=SINGLE
    + "D = 10 to 640, `repeats` times each; the slope of log root mean square error over log D",
    trial=lambda s, rng: [
        np.mean(_errors(s.distance, count, "paired", s.repeats, rng) ** 2) for count in SIZES
    ],
    statistic=lambda s, mean: np.polyfit(np.log(SIZES), np.log(mean) / 2, 1)[0],
    theory=lambda s: -0.5,
    trials=160,
    quick=64,
    sabotage={"1/D": lambda s: -1.0, "D^(-1/3)": lambda s: -1 / 3},
    exercise=Exercise(
        question="With what power of the number of features does the error of the kernel estimate fall?",
        answer="-1/2",
    ),
)


pointwise = Claim(
    statement="The chance that the estimate of one kernel value is wrong "
    "by epsilon or more is below Hoeffding's bound, whose exponent is half as large for random phases.",
    formula="P(|k_D - k| >= epsilon) <= 2 exp(-D epsilon^2/4) paired, 2 exp(-D epsilon^2/8) phase; "
    "here 50 and 120 times the chance",
    source="[rahimi2007, Sec. 3†]",
    kind="inequality",
    defaults={"features": 60, "distance": 3.0, "epsilon": 0.35, "repeats": 1000},
    simulated=SINGLE + "`repeats` times; the share with an error of epsilon or more, for both variants",
    trial=lambda s, rng: [
        np.mean(np.abs(_errors(s.distance, s.features, variant, s.repeats, rng)) >= s.epsilon)
        for variant in ("paired", "phase")
    ],
    theory=lambda s: [
        rahimi2007.pointwise_bound(s.epsilon, s.features, variant) for variant in ("paired", "phase")
    ],
    relation="<=",
    labels=("paired", "phase"),
    trials=160,
    quick=64,
    sabotage={
        "an exponent of D epsilon^2": lambda s: 2 * np.exp(-s.features * s.epsilon**2),
        "a tenth of the features": {
            "trial": lambda s, rng: [
                np.mean(np.abs(_errors(s.distance, s.features // 10, variant, s.repeats, rng)) >= s.epsilon)
                for variant in ("paired", "phase")
            ]
        },
    },
)


def _worst(s: Settings, rng: np.random.Generator, share: int = 1) -> float:
    points = np.linspace(0, s.diameter, s.points)[:, None]
    z = features.random_fourier(points, rng.standard_normal((s.features // (2 * share), 1)))
    return float(np.abs(z @ z.T / z.shape[1] - kernel.gaussian(points)).max())


uniform = Claim(
    statement="The largest error over all pairs of points of a bounded set is below epsilon, "
    "except with a chance that falls exponentially in the number of features; so its mean has a bound too "
    "(here twelve times the mean).",
    formula="E sup |k_D - k| <= epsilon + 2 P, P = 2^8 d (diameter/epsilon)^2 exp(-D epsilon^2/(8 (d + 2)))",
    source="[rahimi2007, Claim 1†]",
    kind="inequality",
    defaults={"features": 3600, "epsilon": 0.4, "diameter": 20.0, "points": 80},
    simulated="D random Fourier features on a grid of `points` on a line (d = 1); "
    "the largest error of the Gaussian kernel at any pair",
    trial=_worst,
    theory=lambda s: s.epsilon + 2 * rahimi2007.uniform_bound(s.epsilon, s.features, 1, s.diameter),
    relation="<=",
    trials=128,
    quick=64,
    sabotage={
        "a six-hundredth of the features": {"trial": lambda s, rng: _worst(s, rng, share=600)},
        "the standard deviation at one pair": lambda s: 1 / np.sqrt(s.features),
    },
)


def _binned(s: Settings, rng: np.random.Generator, shape: float = 2.0, isotropic: bool = False) -> Array:
    """Mean and mean squared error of the estimate of the Laplace kernel, in independent repeats."""
    pair = np.vstack([np.zeros(s.d), s.distance / s.d * rng.choice([-1.0, 1.0], s.d)])
    pitches = rng.gamma(shape, 1.0, (s.repeats * s.grids, s.d))
    if isotropic:
        pitches = np.repeat(pitches[:, :1], s.d, axis=1)
    one, two = features.random_bins(pair, pitches, rng.uniform(size=pitches.shape) * pitches)
    found = (one == two).all(axis=1).reshape(s.repeats, s.grids).mean(axis=1)
    return np.array([found.mean(), np.mean((found - np.exp(-s.distance)) ** 2)])


def _laplace(s: Settings) -> Array:
    return np.array([np.exp(-s.distance), rahimi2007.binning_variance(s.distance, s.grids)])


binning = Claim(
    statement="Random grids estimate a kernel too: the chance that two points share a cell is the Laplace "
    "kernel if the pitch of each coordinate has a gamma law of shape 2, and its estimate from P grids has "
    "the variance k (1 - k)/P.",
    formula="P(one cell) = E max(0, 1 - |x - y|/s) = exp(-|x - y|) per coordinate, s of density s exp(-s) "
    "(s k''(s) for other k), the shift uniform on [0, s]",
    source="[rahimi2007, Sec. 4†]; the variance is own derivation",
    kind="exact",
    defaults={"d": 3, "grids": 20, "distance": 0.8, "repeats": 2000},
    simulated="two points at the distance |x - y|_1; P independent grids of random pitch and shift in each "
    "coordinate, `repeats` times: mean and mean squared error of the share that has both in one cell",
    trial=_binned,
    theory=_laplace,
    labels=("kernel", "variance"),
    trials=96,
    quick=32,
    sabotage={
        "exponential pitches": {"trial": lambda s, rng: _binned(s, rng, shape=1.0)},
        "one pitch for all coordinates": {"trial": lambda s, rng: _binned(s, rng, isotropic=True)},
        "the Euclidean distance": lambda s: _laplace(
            type(s)(**{**vars(s), "distance": s.distance / np.sqrt(s.d)})
        ),
        "the variance of random phases": lambda s: [
            np.exp(-s.distance), rahimi2007.feature_variance(s.distance, s.grids, "phase"),
        ],
    },
)  # fmt: skip
