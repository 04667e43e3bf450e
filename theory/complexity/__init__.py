"""Classical capacity theory: Rademacher averages, VC dimension, PAC-Bayes, Occam, uniform stability.

The loss lies in [0, 1] unless said otherwise. A gap bounds (population - empirical) from above with
probability 1 - delta over the n samples. For models that interpolate, these bounds exceed 1: they predict
no error. A bound by the norm still ranks the models along double descent, a bound that counts parameters
does not [oneto2023].
"""

from theory.complexity.counting import norm_vc_dimension, occam_gap, vc_gap
from theory.complexity.norms import (
    margin_gap,
    rademacher,
    rademacher_bound,
    rademacher_gap,
    rademacher_gaussian,
    rademacher_kernel,
)
from theory.complexity.posterior import gaussian_kl, gibbs_error, kl_inverse, pac_bayes
from theory.complexity.stability import stability_gap, uniform_stability
from theory.names import own_names

__all__ = [
    "gaussian_kl",
    "gibbs_error",
    "kl_inverse",
    "margin_gap",
    "norm_vc_dimension",
    "occam_gap",
    "pac_bayes",
    "rademacher",
    "rademacher_bound",
    "rademacher_gap",
    "rademacher_gaussian",
    "rademacher_kernel",
    "stability_gap",
    "uniform_stability",
    "vc_gap",
]

__dir__ = own_names(globals(), *__all__)
