"""Double descent on real images (extra `data`): contrasts of one draw of samples and features, or of trees.

Each function is the trial of a claim of belkin2019; its settings are data, n, fresh, label_noise and most
(the largest size over the threshold).
"""

from collections.abc import Sequence

import numpy as np

from sims.data import Split, split
from sims.experiments.images import feature_models, tree_ensembles
from sims.experiments.images.feature_models import NAMES, threshold
from sims.experiments.images.growing_models import loaded
from sims.experiments.settings import Settings
from sims.trials.sample import Array

LEFT = (0.05, 0.08, 0.12, 0.2, 0.3, 0.45, 0.7, 0.9)  # N/n below the threshold, where the loss is read
NORMS = (1.0, 1.25, 1.5, 2.0, 3.0, 4.0, 6.0)  # N/n beyond it, where the norm is read
EXCHANGED = ("fourier-real", "fourier", "relu")  # thresholds of `NAMES` with the wrong one for either Fourier


def _samples(s: Settings, rng: np.random.Generator) -> Split:
    return split(loaded(s.data), s.n, int(rng.integers(2**32)), s.fresh, s.label_noise)


def _most(s: Settings, model: str) -> int:
    """Units up to `most` times the threshold."""
    return round(s.most * threshold(model, s.n))


def _every_size(s: Settings, rng: np.random.Generator, model: str, parts: Split) -> tuple[Array, Array]:
    N = _most(s, model)
    return feature_models.every_size(model, feature_models.drawn(model, parts, N, rng), N, parts)


def descents(s: Settings, rng: np.random.Generator) -> Array:
    """Best loss of Fourier features below N = n against that at the largest N.

    The logarithm of the ratio of squared losses, and the difference of zero-one losses.
    """
    parts = _samples(s, rng)
    sizes = [*(round(share * s.n) for share in LEFT), _most(s, "fourier")]
    *left, right = feature_models.refits(feature_models.drawn("fourier", parts, sizes[-1], rng), parts, sizes)
    return np.array(
        [
            np.log(min(fit.test for fit in left) / right.test),
            min(fit.zero_one for fit in left) - right.zero_one,
        ]
    )


def peaks(s: Settings, rng: np.random.Generator, thresholds: Sequence[str] = tuple(NAMES)) -> Array:
    """Logarithm of the largest loss within a fifth of each model's threshold over the largest elsewhere.

    The threshold of each model of `NAMES` is taken to be that of the model in its place in `thresholds`.
    """
    parts, heights = _samples(s, rng), []
    for model, assumed in zip(NAMES, thresholds, strict=True):
        test, _ = _every_size(s, rng, model, parts)
        near = np.abs(np.arange(1, len(test) + 1) / threshold(assumed, s.n) - 1) <= 0.2
        heights.append(np.log(test[near].max() / test[~near].max()))
    return np.array(heights)


def norms(s: Settings, rng: np.random.Generator, power: int = 1) -> Array:
    """Falls of log N^power |a|^2 of Fourier features along the sizes of NORMS, and to the kernel's norm."""
    parts = _samples(s, rng)
    _, norm = _every_size(s, rng, "fourier", parts)
    N = np.array([round(share * s.n) for share in NORMS])
    limit = feature_models.kernel_limit("fourier", parts).norm
    return -np.diff(np.log([*norm[N - 1] * N ** (power - 1.0), limit]))


def members(s: Settings, rng: np.random.Generator, model: str) -> Array:
    """Contrasts of ensembles of 1, 3 and 9 full-grown members.

    Logarithms of the ratios of squared losses, 1 over 3 and 3 over 9, and the zero-one loss of 1 less that
    of 9.
    """
    full = tree_ensembles.full_size(model, s.n)
    one, three, nine = tree_ensembles.scores(model, _samples(s, rng), [full, 3 * full, 9 * full], rng)
    return np.array(
        [np.log(one.test / three.test), np.log(three.test / nine.test), one.zero_one - nine.zero_one]
    )
