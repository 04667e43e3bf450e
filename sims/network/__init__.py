"""Fully connected networks in NumPy, many at once: start, outputs, gradient, tangent kernel, what they learn.

A `Network` is a shape; the parameters of B networks of that shape are one array theta (B, P), and network b
is theta[b] whatever the others are, bit for bit. Inputs are X (n, d), shared, or (B, n, d), one set per
network. BLAS runs on one thread: to use more cores, run trials side by side.
"""

from sims.network.derivatives import critical_step, empirical_ntk, forward, gradient, hidden, jacobian
from sims.network.initial import start
from sims.network.measures import FeatureLearning, feature_learning, sharpness
from sims.network.shape import Layer, Network

__all__ = [
    "FeatureLearning",
    "Layer",
    "Network",
    "critical_step",
    "empirical_ntk",
    "feature_learning",
    "forward",
    "gradient",
    "hidden",
    "jacobian",
    "sharpness",
    "start",
]
