"""The models of double descent, test error against the number p of parameters at fixed n.

Each `Model` is one line of mathematics, two theories (the best prediction at finite size and the paper's
limit) and an experiment, which measures the test error of one random design at every p, exactly given the
design. `python -m sims.double_descent` and the explorer show them.

>>> sorted(MODELS)
['fourier', 'linear', 'network', 'random-features', 'weak-features']
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
