"""Training of many networks at once: `train` takes steps of a rule, `lbfgs` minimises, `flow` follows time."""

from sims.training.descent import train
from sims.training.run import DivergenceError, Run
from sims.training.solvers import flow, lbfgs

__all__ = ["DivergenceError", "Run", "flow", "lbfgs", "train"]
