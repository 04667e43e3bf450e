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
    labels,
    sgd,
    sparse,
    sphere,
    tradeoff,
    validation,
)
from theory.bayes import EmpiricalBayes, Evidence, empirical_bayes, evidence
from theory.consequences import (
    covariate_shift,
    ensemble,
    ensemble_ridge,
    general_norm,
    optimal_ridge,
    peak_constant,
)
from theory.equivalent import deep_features, random_features, ridge
from theory.errors import ConvergenceError, SingularKernelWarning
from theory.labels import Labels, other_target
from theory.names import own_names
from theory.problem import Problem
from theory.risk import Risk

__all__ = [
    "ConvergenceError",
    "EmpiricalBayes",
    "Evidence",
    "Labels",
    "Problem",
    "Risk",
    "SingularKernelWarning",
    "activation",
    "classification",
    "complexity",
    "covariate_shift",
    "deep_features",
    "descent",
    "dynamics",
    "empirical_bayes",
    "ensemble",
    "ensemble_ridge",
    "evidence",
    "exact",
    "general_norm",
    "kernel",
    "labels",
    "optimal_ridge",
    "other_target",
    "peak_constant",
    "random_features",
    "ridge",
    "sgd",
    "sparse",
    "sphere",
    "tradeoff",
    "validation",
]

__dir__ = own_names(globals(), *__all__)
