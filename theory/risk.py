"""What theory answers: the risk of a model, and where it comes from."""

from __future__ import annotations

from typing import NamedTuple

from theory.arguments import Array
from theory.names import own_names

__dir__ = own_names(globals())


class Risk(NamedTuple):
    """Errors of a fitted model; each field is a float or an array of the broadcast shape.

    test = noise + bias + variance, and variance is the sum of the five `var_` fields: the part of the
    error that comes from the training inputs (samples), the random features, their interaction, and
    from label noise through each of them. Infinite where the model diverges. Errors are never nan; `df2`,
    `kappa` and `gamma_eff` are where they are not defined: at finite times of `theory.dynamics.gradient_flow`
    and at the finite sizes of `theory.exact`.
    """

    test: Array
    """E (y - f(x))^2 on a fresh noisy sample."""
    train: Array
    """Mean squared residual on the training set, without the penalty."""
    bias: Array
    """Squared error of the predictor averaged over samples, features and noise."""
    variance: Array
    """test - noise - bias."""
    norm: Array
    """E |a|^2 of the fitted coefficients."""
    df: Array
    """E trace of the hat matrix, 0..n."""
    df2: Array
    """sum m (lambda / (lambda + gamma_eff))^2."""
    kappa: Array
    """Effective ridge after samples (and features)."""
    gamma_eff: Array
    """The constant that solves the scalar equation; equals kappa without random features."""
    var_samples: Array
    var_features: Array
    var_samples_features: Array
    var_noise_samples: Array
    var_noise_samples_features: Array
