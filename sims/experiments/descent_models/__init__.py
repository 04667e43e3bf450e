"""The models of double descent: for each, one line of mathematics, two theories and an experiment.

`theory` is the best prediction at finite size, `limit` the paper's asymptotic formula, and `trial`
measures the test error of one random design at every p, exactly given the design: averaged in closed
form over label noise and target directions.
"""

from sims.experiments.descent_models.fourier import FOURIER
from sims.experiments.descent_models.gaussian import LINEAR, WEAK_FEATURES
from sims.experiments.descent_models.model import (
    ALLOWANCE,
    Model,
    Prediction,
    Setting,
    allowance,
    heavy_tailed,
)
from sims.experiments.descent_models.network import NETWORK
from sims.experiments.descent_models.random_features import RANDOM_FEATURES

MODELS = {
    "linear": LINEAR,
    "weak-features": WEAK_FEATURES,
    "random-features": RANDOM_FEATURES,
    "fourier": FOURIER,
    "network": NETWORK,
}

__all__ = ["ALLOWANCE", "MODELS", "Model", "Prediction", "Setting", "allowance", "heavy_tailed"]
