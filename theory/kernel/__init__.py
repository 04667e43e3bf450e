"""Kernels of wide networks (NNGP, NTK) and their relatives, as Gram matrices.

`networks` has fully connected networks of any depth and the classical kernels, `residuals` networks with
skip connections.
"""

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
    "Residual",
    "arc_cosine",
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
