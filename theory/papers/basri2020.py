"""Basri et al. 2020: how fast a two-layer relu network learns the frequencies of its target.

First layer trained, with or without a bias, inputs uniform on the sphere (the circle for d = 2). The paper's
printed cosine coefficients on the circle are twice these eigenvalues for k >= 1.
"""

from __future__ import annotations

from numpy.typing import ArrayLike

from theory import sphere
from theory.arguments import Array, flag
from theory.names import own_names
from theory.papers import Paper

__dir__ = own_names(globals())

PAPER = Paper(
    key="basri2020",
    title="Frequency bias in neural networks for input of non-uniform density",
    authors=("Basri", "Galun", "Geifman", "Jacobs", "Kasten", "Kritchman"),
    error="none",
    note="eigenvalues of a kernel and times",
    penalty="none",
    statements={
        "eigenvalue": "proved; normalised as eigenvalues, not as the paper's series",
        "learning_time": "proved for the population flow",
    },
    topics=("spectral bias", "neural tangent kernel"),
)


def _kernel(bias: bool) -> str:
    return "first_layer_bias" if flag("bias", bias) else "first_layer"


def eigenvalue(degree: ArrayLike, d: int = 2, bias: bool = True) -> Array:
    """Eigenvalue of the first layer's kernel: (1 + t) kappa0/4 with bias, t kappa0/2 without.

    On the circle with bias 1/(2 pi^2) + 1/8, 1/(2 pi^2) + 1/16, then (k^2 + 1)/(2 pi^2 (k^2 - 1)^2) for even
    and 1/(2 pi^2 k^2) for odd k; without bias odd k >= 3 are absent.

    Parameters
    ----------
    degree : array_like of int >= 0
    d : int >= 2
    bias : bool

    Returns
    -------
    array of the shape of `degree`

    Source: [basri2020]; [basri2019] without bias.

    >>> eigenvalue([0, 1, 2, 3]).round(8)
    array([0.17566059, 0.11316059, 0.02814477, 0.00562895])
    """
    return sphere.eigenvalues(_kernel(bias), degree, d)


def learning_time(degree: ArrayLike, d: int = 2, bias: bool = True, fraction: ArrayLike = 0.01) -> Array:
    """Time until a frequency is learnt up to a fraction: log(1/fraction)/eigenvalue.

    Parameters
    ----------
    degree : array_like of int >= 0
    d : int >= 2
    bias : bool
    fraction : array_like in (0, 1]

    Returns
    -------
    array; inf for frequencies that are never learnt. Grows as k^d; at a density p of the inputs on the circle
    as k^2/p in the paper.

    Source: [basri2020].

    >>> learning_time([1, 2, 3], bias=False).round(1)
    array([36.8, 81.8,  inf])
    """
    return sphere.learning_time(_kernel(bias), degree, d, fraction)
