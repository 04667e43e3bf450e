"""How big should my model be? The test error of every width on your own data, predicted before training.

python -m sims.sweet_spot digits --quick
"""

from sims.sweet_spot.prediction import Forecast, forecast

__all__ = ["Forecast", "forecast"]
