"""Double descent on real images (extra `data`): contrasts of one draw of samples and features, or trees."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sims.data import Split, split
from sims.experiments.images import feature_models, tree_ensembles
from sims.experiments.images.feature_models import NAMES, threshold
from sims.experiments.images.growing_models import loaded
from sims.experiments.settings import Settings
from sims.trials.sample import Array

LEFT = (0.05, 0.08, 0.12, 0.2, 0.3, 0.45, 0.7, 0.9)  # N/n below the threshold, where the loss is read
NORMS = (1.0, 1.25, 1.5, 2.0, 3.0, 4.0, 6.0)  # N/n beyond it, where the norm is read
EXCHANGED = ("fourier-real", "fourier", "relu")  # of `NAMES`: the wrong convention for either


def _samples(s: Settings, rng: np.random.Generator) -> Split:
    return split(loaded(s.data), s.n, int(rng.integers(2**32)), s.fresh, s.label_noise)


def _features(
    s: Settings, rng: np.random.Generator, model: str, parts: Split
) -> tuple[NDArray[Any], NDArray[Any]]:
    """Of training and test images, up to `most` times the threshold."""
    N = round(s.most * threshold(model, s.n))
    F, Ft = feature_models.features(model, [parts.X, parts.X_test], N, rng)
    return F, Ft


def descents(s: Settings, rng: np.random.Generator) -> Array:
    """Best loss of Fourier features below N = n against that at the right end: log ratio, difference."""
    parts = _samples(s, rng)
    F, Ft = _features(s, rng, "fourier", parts)
    sizes = [round(place * s.n) for place in LEFT]
    *left, right = feature_models.refits("fourier", F, Ft, parts, [*sizes, F.shape[1]])
    return np.array(
        [
            np.log(min(fit.test for fit in left) / right.test),
            min(fit.zero_one for fit in left) - right.zero_one,
        ]
    )


def peaks(s: Settings, rng: np.random.Generator, places: Sequence[str] = tuple(NAMES)) -> Array:
    """Log of the largest loss within a fifth of each model's threshold over the largest elsewhere.

    Thresholds of complex and real Fourier and of ReLU features are taken to be those of `places`.
    """
    parts, found = _samples(s, rng), []
    for model, place in zip(NAMES, places, strict=True):
        test, _ = feature_models.every_size(model, *_features(s, rng, model, parts), parts)
        near = np.abs(np.arange(1, len(test) + 1) / threshold(place, s.n) - 1) <= 0.2
        found.append(np.log(test[near].max() / test[~near].max()))
    return np.array(found)


def norms(s: Settings, rng: np.random.Generator, power: int = 1) -> Array:
    """Falls of log N^power |a|^2 of Fourier features between the places of NORMS, and on to the kernel's."""
    parts = _samples(s, rng)
    _, norm = feature_models.every_size("fourier", *_features(s, rng, "fourier", parts), parts)
    N = np.array([round(place * s.n) for place in NORMS])
    limit = feature_models.kernel_limit("fourier", parts).norm
    return -np.diff(np.log([*norm[N - 1] * N ** (power - 1.0), limit]))


def members(s: Settings, rng: np.random.Generator, model: str) -> Array:
    """Log ratios of the losses of 1 full-grown member and 3, and of 3 and 9; zero-one loss of 1 less 9."""
    full = tree_ensembles.full_size(model, s.n)
    one, three, nine = tree_ensembles.scores(model, _samples(s, rng), [full, 3 * full, 9 * full], rng)
    return np.array(
        [np.log(one.test / three.test), np.log(three.test / nine.test), one.zero_one - nine.zero_one]
    )
