"""More data can hurt for linear regression: sample-wise double descent."""

import numpy as np

from sims.claims import Claim, Exercise, Settings
from sims.claims.claim import Array
from sims.experiments.isotropic import risk
from sims.verdict import edge
from theory.papers import nakkiran2019

LABELS = ("n = 9d/20", "n = 4d/5", "n = 6d/5", "n = 2d")


def _sizes(s: Settings) -> list[int]:
    return [9 * s.d // 20, 4 * s.d // 5, 6 * s.d // 5, 2 * s.d]


def _risks(s: Settings, rng: np.random.Generator, sizes: list[int]) -> Array:
    """Test errors of the fits to the first n samples of one data set, for each n of `sizes`."""
    X = rng.standard_normal((max(sizes), s.d))
    return np.array([risk(X[:n], s.signal, s.noise) for n in sizes])


def _more_data(s: Settings, rng: np.random.Generator) -> Array:
    return _risks(s, rng, _sizes(s))


def _rise(s: Settings, rng: np.random.Generator) -> Array:
    at_best, before, double, half = np.log(_risks(s, rng, [s.d // 2, 9 * s.d // 10, 2 * s.d, s.d // 5]))
    return np.array([before - at_best, before - double, half - at_best])


def _near_threshold(s: Settings) -> list[bool]:
    return [abs(n - s.d) <= edge(s.d) for n in _sizes(s)]


def _shifted(s: Settings, samples: int, dimensions: int) -> Array:
    """Test errors with so many samples or dimensions too many in the formula."""
    sizes = np.array(_sizes(s)) + samples
    return nakkiran2019.risk(sizes, s.d + dimensions, s.signal, s.noise)


def _for_large_sizes(s: Settings) -> Array:
    n = np.array(_sizes(s))
    lost = s.signal * np.maximum(1 - n / s.d, 0)
    return lost + s.noise * (1 + np.minimum(n, s.d) / np.abs(s.d - n))


def _bottom_at(s: Settings, rng: np.random.Generator, best: float) -> Array:
    step = s.d // 8
    n = round(best)
    fewer, there, more = _risks(s, rng, [n - step, n, n + step])
    return np.array([more - there, fewer - there])


def _bottom(s: Settings, rng: np.random.Generator) -> Array:
    return _bottom_at(s, rng, float(nakkiran2019.best_samples(s.d, s.signal, s.noise)))


def _beside_threshold(s: Settings) -> list[bool]:
    best = round(float(nakkiran2019.best_samples(s.d, s.signal, s.noise)))
    there, more = (abs(s.d - n) <= edge(s.d) for n in (best, best + s.d // 8))
    return [there or more, there]


test_error = Claim(
    statement="The minimum-norm fit in d dimensions loses the part of the target "
    "that n < d samples do not span, and noise costs it n/(d - n - 1); "
    "beyond n = d only the noise is left, and costs d/(n - d - 1).",
    formula="test = signal (1 - n/d) + noise (1 + n/(d - n - 1)), n < d - 1; "
    "noise (1 + d/(n - d - 1)), n > d + 1",
    source="[nakkiran2019, Claims 1 and 2†]",
    kind="exact",
    defaults={"d": 40, "signal": 1.0, "noise": 0.25},
    simulated="one growing set of Gaussian samples; the exact error of its fit at four sizes",
    trial=_more_data,
    theory=lambda s: nakkiran2019.risk(_sizes(s), s.d, s.signal, s.noise),
    heavy_tailed=_near_threshold,
    theme="inverse-wishart",
    labels=LABELS,
    trials=1600,
    quick=400,
    sabotage={
        "without the -1, as for large n and d": _for_large_sizes,
        "n - 1 for n": lambda s: _shifted(s, -1, 0),
        "d + 1 for d": lambda s: _shifted(s, 0, 1),
        "the signal that is not spanned dropped": lambda s: nakkiran2019.risk(_sizes(s), s.d, 0.0, s.noise),
    },
    exercise=Exercise(
        question="What is the mean test error of the minimum-norm fit in d dimensions, exactly, "
        "with n < d samples and with n > d?",
        answer="signal*(1 - n/d) + noise*(1 + n/(d - n - 1)); "
        "signal*(1 - n/d) + noise*(1 + n/(d - n - 1)); "
        "noise*(1 + d/(n - d - 1)); "
        "noise*(1 + d/(n - d - 1))",
        limit="signal*(1 - n/d) + noise*(1 + n/(d - n)); "
        "signal*(1 - n/d) + noise*(1 + n/(d - n)); "
        "noise*(1 + d/(n - d)); "
        "noise*(1 + d/(n - d))",
        names={"n": ("9*d/20", "4*d/5", "6*d/5", "2*d")},
        elsewhere={"d": 20, "signal": 2.0, "noise": 1.0},
    ),
)

more_data_hurts = Claim(
    statement="More samples can hurt: the minimum-norm fit errs more with n = 9d/10 samples than "
    "with n = d/2. From few samples to d/2, and from 9d/10 to 2d, more samples help.",
    formula="test(n = 9d/10) > test(n = d/2), test(9d/10) > test(2d), test(d/5) > test(d/2); "
    "here noise = signal/4",
    source="[nakkiran2019, Claims 1 and 2†]",
    checked="text",
    kind="shape",
    defaults={"d": 100, "signal": 1.0, "noise": 0.25},
    simulated="one growing set of Gaussian samples; differences of the logarithm of the exact error",
    trial=_rise,
    theory=lambda s: 0.0,
    relation=">=",
    labels=("9d/10 over d/2", "9d/10 over 2d", "d/5 over d/2"),
    theme="more-data-hurts",
    trials=256,
    quick=128,
    sabotage={
        "labels with hardly any noise, where more data never hurt": {"defaults": {"noise": 1e-9}},
        "so much noise that no data is best": {"defaults": {"noise": 2.0}},
    },
)

bottom = Claim(
    statement="Below the threshold n = d the error is least at n = d (1 - sigma/|beta|) samples: "
    "with d/8 samples more or fewer it is larger.",
    formula="argmin over n < d of test = d - 1 - sqrt(noise d (d - 1)/signal), about d (1 - sigma/|beta|)",
    source="[nakkiran2019, Sec. 3†]",
    kind="shape",
    defaults={"d": 160, "signal": 1.0, "noise": 0.25},
    simulated="one growing set of Gaussian samples; how much the exact error grows on either side",
    trial=_bottom,
    theory=lambda s: 0.0,
    relation=">=",
    labels=("more samples", "fewer samples"),
    heavy_tailed=_beside_threshold,
    theme="more-data-hurts",
    trials=256,
    quick=96,
    sabotage={
        "the variance ratio without its root": {
            "trial": lambda s, rng: _bottom_at(s, rng, s.d * (1 - s.noise / s.signal))
        },
        "the best n taken for the share that is left": {
            "trial": lambda s, rng: _bottom_at(s, rng, s.d * (s.noise / s.signal))
        },
    },
)
