"""Training of many networks at once: steps of a rule, L-BFGS, and gradient flow."""

from sims.training.descent import train
from sims.training.run import DivergenceError, Run
from sims.training.solvers import flow, lbfgs

__all__ = ["DivergenceError", "Run", "flow", "lbfgs", "train"]
