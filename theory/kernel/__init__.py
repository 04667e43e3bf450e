"""Kernels of wide networks (NNGP, NTK) and their relatives, as Gram matrices.

`networks` has fully connected networks of any depth and the classical kernels, `residuals` networks with
skip connections, `deep` the limit of infinite depth.
"""

from theory.kernel.deep import DeepLimit, deep_limit, edge_of_chaos
from theory.kernel.networks import (
    arc_cosine,
    empirical_ntk_variance,
    first_layer,
    gaussian,
    laplace,
    nngp,
    ntk,
    ntk_layers,
    spectrum,
)
from theory.kernel.residuals import Residual, residual
from theory.names import own_names

__all__ = [
    "DeepLimit",
    "Residual",
    "arc_cosine",
    "deep_limit",
    "edge_of_chaos",
    "empirical_ntk_variance",
    "first_layer",
    "gaussian",
    "laplace",
    "nngp",
    "ntk",
    "ntk_layers",
    "residual",
    "spectrum",
]

__dir__ = own_names(globals(), *__all__)
