"""Fully connected networks in NumPy, many at once: start, outputs, gradient, Jacobian, tangent kernel.

A `Network` is a shape; the parameters of B networks of that shape are one array theta (B, P), and network b
is theta[b] whatever the others are, bit for bit. Inputs are X (n, d), shared, or (B, n, d), one set per
network. BLAS runs on one thread: to use more cores, run trials side by side.
"""

from sims.network.derivatives import critical_step, empirical_ntk, forward, gradient, hidden, jacobian
from sims.network.initial import start
from sims.network.shape import Layer, Network

__all__ = [
    "Layer",
    "Network",
    "critical_step",
    "empirical_ntk",
    "forward",
    "gradient",
    "hidden",
    "jacobian",
    "start",
]
