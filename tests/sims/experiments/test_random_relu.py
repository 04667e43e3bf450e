"""Exact errors of ReLU models on Gaussian inputs, against fresh inputs."""

import numpy as np

from sims import features
from sims.experiments import random_relu

FRESH = 40_000


def test_parts_of_a_fit() -> None:
    rng = np.random.default_rng(6)
    design = random_relu.draw(15, 5, 8, rng)
    [missed], [spread] = random_relu.parts(design, [(8, 0.02)])
    labels = np.hstack([design.X / np.sqrt(5), np.eye(15)])
    H = design.features(8)
    a = np.linalg.solve(H.T @ H + 15 * 0.02 * np.eye(8), H.T @ labels)
    X = rng.standard_normal((FRESH, 5))
    predicted = features.random_features(X, design.W) @ a / np.sqrt(8)
    gap = ((predicted[:, :5] - X / np.sqrt(5)) ** 2).sum(axis=1)
    noise = (predicted[:, 5:] ** 2).sum(axis=1)
    for exact, each in ((missed, gap), (spread, noise)):
        assert abs(each.mean() - exact) < 5 * each.std() / np.sqrt(FRESH)
