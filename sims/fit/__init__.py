"""Least-squares fits: minimum norm, ridge, and both on the first p columns for every p or at every ridge.

Features are n x p, one sample per row; targets are a vector of n, or n x q for q right-hand sides at once.
"""

from sims.fit.fits import Path, RidgePath, every_ridge, min_norm, min_norm_path, ridge, ridge_path

__all__ = ["Path", "RidgePath", "every_ridge", "min_norm", "min_norm_path", "ridge", "ridge_path"]
