"""Training of many networks at once: `train` by steps of a rule, `lbfgs` to a minimum, `flow` over time.

`sgd` trains a linear model on a stream of rows.
"""

from sims.training.descent import train
from sims.training.run import DivergenceError, Run
from sims.training.solvers import flow, lbfgs
from sims.training.stream import sgd

__all__ = ["DivergenceError", "Run", "flow", "lbfgs", "sgd", "train"]
