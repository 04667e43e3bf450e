"""The experiments that claims, figures, the explorer and the commands share.

A trial takes a `numpy.random.Generator` and returns numbers; the error it measures is exact given its random
design wherever a closed form exists, so that one draw is worth many.

Least squares
    `isotropic`, `spectral`, `partial`, `gaussian`, `ridge_slope`, `cross_validated`,
    `ablations`, `early_stopping`, `epochwise`
Random features and kernels
    `sphere`, `random_relu`, `projections`, `smooth`, `classical_bounds`
Networks
    `linearisation`, `signed_networks`, `certified_networks`, `clustered_labels`, `diagonal_networks`,
    `trained_relu`
Classifiers and trees
    `classifiers`, `gaussian_mixture`, `regression_trees`
Verdicts
    `false_alarms`
Double descent
    `descent_models` (the models of `python -m sims.double_descent`), `images` (on real images), `grids`
"""
