"""Samples of the smooth function sin x_1 + x_2/2 on a sphere, and fits on random features for every p.

Used by the claims of belkin2019.
"""

import numpy as np

from sims import features, fit
from sims.experiments.settings import Settings
from sims.trials.sample import Array

D = 10  # input dimension


def samples(s: Settings, rng: np.random.Generator) -> tuple[Array, Array, Array, Array]:
    """Inputs on the sphere of radius sqrt(D), noisy labels, fresh inputs, and the truth there.

    The settings are n, fresh (how many fresh inputs) and noise.

    >>> from types import SimpleNamespace
    >>> s = SimpleNamespace(n=5, fresh=3, noise=0.1)
    >>> [a.shape for a in samples(s, np.random.default_rng(0))]
    [(5, 10), (5,), (3, 10), (3,)]
    """
    X, fresh = features.sphere(s.n, D, rng), features.sphere(s.fresh, D, rng)
    y, truth = (np.sin(x[:, 0]) + 0.5 * x[:, 1] for x in (X, fresh))
    return X, y + np.sqrt(s.noise) * rng.standard_normal(s.n), fresh, truth


def path(s: Settings, rng: np.random.Generator, model: str, most: int, ridge: float = 0.0) -> fit.Path:
    """Fits on the first p random features of such samples, for every p up to `most`.

    Features are ReLU if `model` is "relu", else sines and cosines of frequencies N(0, 1/bandwidth^2).

    >>> from types import SimpleNamespace
    >>> s = SimpleNamespace(n=5, fresh=3, noise=0.1)
    >>> path(s, np.random.default_rng(0), "relu", most=8).test.shape
    (8,)
    """
    X, y, fresh, truth = samples(s, rng)
    if model == "relu":
        W = features.sphere(most, D, rng)
        maps = [features.random_features(x, W) for x in (X, fresh)]
    else:
        frequencies = rng.standard_normal((most // 2, D)) / s.bandwidth
        maps = [features.random_fourier(x, frequencies) for x in (X, fresh)]
    if ridge > 0:
        return fit.Path(*fit.ridge_path(maps[0], y, maps[1], truth, ridge=ridge)[:3])
    return fit.min_norm_path(maps[0], y, maps[1], truth)
