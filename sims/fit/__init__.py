"""Least-squares fits: minimum norm, ridge, and both on the first p columns for every p or at every ridge.

Features are n x p, one sample per row; targets are a vector of n, or n x q for q right-hand sides at once.
`min_norm` and `ridge` return coefficients; the paths and `every_ridge` return errors, `left_out` residuals.
"""

from sims.fit.least_squares import min_norm, ridge
from sims.fit.left_out import left_out
from sims.fit.paths import Path, RidgePath, min_norm_path, ridge_path
from sims.fit.ridges import every_ridge

__all__ = ["Path", "RidgePath", "every_ridge", "left_out", "min_norm", "min_norm_path", "ridge", "ridge_path"]
