"""Units of features that are given."""

import numpy as np

from sims.experiments.images.feature_models import Units


def given(F: np.ndarray, Ft: np.ndarray, step: int = 1) -> Units:
    """Units of `step` columns of each matrix."""
    return lambda first, last: (F[:, step * first : step * last], Ft[:, step * first : step * last])
