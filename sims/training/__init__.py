"""Training of many networks at once: steps of a rule, L-BFGS, and gradient flow."""

from sims.training.descent import DivergenceError, Run, train
from sims.training.solvers import flow, lbfgs

__all__ = ["DivergenceError", "Run", "flow", "lbfgs", "train"]
