"""Training of many networks at once: `train` by steps of a rule, `lbfgs` to a minimum, `flow` over time."""

from sims.training.descent import train
from sims.training.run import DivergenceError, Run
from sims.training.solvers import flow, lbfgs

__all__ = ["DivergenceError", "Run", "flow", "lbfgs", "train"]
