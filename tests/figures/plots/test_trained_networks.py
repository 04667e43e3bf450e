"""Figures of trained networks: what they compute beside theory and simulation, and that they judge."""

import numpy as np
import pytest

from figures import marks
from figures.plots import arora2019_labels, basri2020_modes, oymak2020_transition


def test_time_to_learn_is_exact_for_exponentials() -> None:
    rates = np.array([0.02, 0.3])
    shares = np.exp(-np.outer(basri2020_modes.STEPS, rates))
    found = np.array(basri2020_modes._reached(shares))
    np.testing.assert_allclose(found, -np.log(basri2020_modes.LEFT) / rates * basri2020_modes.STEP)


@pytest.mark.parametrize("successes", [0, 5, 16])
def test_wilson_interval_holds_the_shares_not_rejected(successes: int) -> None:
    """Its ends are where the normal test of a share just rejects what was seen."""
    trials = 16
    low, high = oymak2020_transition._wilson(trials, np.array([float(successes)]))
    ends = np.array([low[0], high[0]])
    deviation = np.abs(successes / trials - ends)
    z = deviation - 1.96 * np.sqrt(ends * (1 - ends) / trials)
    np.testing.assert_allclose(z, 0.0, atol=1e-9)


def test_a_wrong_theory_stops_the_figure(monkeypatch: pytest.MonkeyPatch) -> None:
    right = arora2019_labels.arora2019.residual
    monkeypatch.setattr(
        arora2019_labels.arora2019, "residual", lambda X, y, step, steps: right(X, y, 2 * step, steps)
    )
    with pytest.raises(marks.Disagreement):
        arora2019_labels.data()
