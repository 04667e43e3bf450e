"""Analytic models of over-parameterization: what is true.

One `Problem` (a spectrum, a target, a noise level), one scalar equation (`theory.equivalent`), one
answer (`Risk`). `theory.papers` holds the results of papers in their own notation.
"""

from theory import (
    activation,
    classification,
    complexity,
    descent,
    dynamics,
    exact,
    kernel,
    sphere,
    tradeoff,
    validation,
)
from theory.consequences import (
    covariate_shift,
    ensemble,
    ensemble_ridge,
    general_norm,
    optimal_ridge,
    peak_constant,
)
from theory.equivalent import random_features, ridge
from theory.errors import ConvergenceError, SingularKernelWarning
from theory.names import own_names
from theory.problem import Problem
from theory.risk import Risk

__all__ = [
    "ConvergenceError",
    "Problem",
    "Risk",
    "SingularKernelWarning",
    "activation",
    "classification",
    "complexity",
    "covariate_shift",
    "descent",
    "dynamics",
    "ensemble",
    "ensemble_ridge",
    "exact",
    "general_norm",
    "kernel",
    "optimal_ridge",
    "peak_constant",
    "random_features",
    "ridge",
    "sphere",
    "tradeoff",
    "validation",
]

__dir__ = own_names(globals(), *__all__)
