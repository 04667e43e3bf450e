"""What theory says of wide networks, held against the sweep: slopes in the width, and the widest networks."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from sims.experiments.linearisation import QUANTITIES, Slope, Sweep, WideNetworks, slope
from sims.trials.sample import Sample
from sims.verdict import Verdict, judge
from sims.verdict.statuses import AGREES, DISAGREES, UNDECIDED
from theory import dynamics, kernel

KINKED = ("relu", "leaky_relu", "abs")
"""Units whose slope jumps: some of them change sign in training, and the jumps add up."""
DRIFT = 2.0  # sqrt(width) times what training at finite width may add to a mean, in standard deviations
LEVEL = 0.99  # of the intervals of slopes
FALSE_ALARM = 1e-3  # of each statement
COARSEST = 0.5  # resolution: a number that would not notice a theory 50 % off says nothing
WIDEST_MARGIN = 0.25  # of a slope: -1/2 and -1 are no further apart

# ---------------------------------------------------------------- slopes in the width


def slopes(setting: WideNetworks, sweep: Sweep) -> list[dict[str, Any]]:
    """The slope of each quantity in the width, what is expected of it, and whether it is so."""
    found = []
    for j, quantity in enumerate(QUANTITIES):
        fitted = slope(setting.widths, sweep.logs[:, :, j], LEVEL)
        kinked = setting.activation in KINKED
        found.append(
            {
                "quantity": quantity,
                **fitted._asdict(),
                "expected": expected(quantity, kinked),
                "status": slope_status(quantity, kinked, fitted),
            }
        )
    return found


def expected(quantity: str, kinked: bool) -> str:
    """What is expected of a slope, in words."""
    drift = "flatter than -1" if kinked else "steeper than -1/2"
    return {"fluctuation": "-1/2", "gap": "-1/2 or steeper", "drift": drift}[quantity]


def slope_status(quantity: str, kinked: bool, fitted: Slope) -> str:
    """Whether a slope is what is expected, up to chance FALSE_ALARM."""
    margin = -float(ndtri(FALSE_ALARM / 2)) * fitted.se
    low, high = fitted.value - margin, fitted.value + margin
    if margin > WIDEST_MARGIN:
        return UNDECIDED
    if quantity == "fluctuation":  # units are independent: exactly 1/sqrt(width), in mean square
        return AGREES if low <= -0.5 <= high else DISAGREES
    if quantity == "gap":
        return DISAGREES if low > -0.5 else AGREES
    if kinked:
        return AGREES if low > -1 else DISAGREES if high < -1 else UNDECIDED
    return AGREES if high < -0.5 else DISAGREES if low > -0.5 else UNDECIDED


# ---------------------------------------------------------------- the widest networks


def checks(setting: WideNetworks, sweep: Sweep) -> list[dict[str, Any]]:
    """Means and variances over the widest networks against theory, each with a status and a resolution."""
    return [
        {
            "name": name,
            "status": check_status(verdict),
            "resolution": verdict.resolution,
            "hidden": verdict.hidden,
            "family": verdict.family,
        }
        for name, verdict in (_kernel(setting, sweep) | _trained(setting, sweep)).items()
    ]


def check_status(verdict: Verdict) -> str:
    """The verdict's status, except that any resolution up to COARSEST is fine enough to decide."""
    if verdict.status == DISAGREES:
        return DISAGREES
    return AGREES if verdict.resolution <= COARSEST else UNDECIDED


def _kernel(setting: WideNetworks, sweep: Sweep) -> dict[str, Verdict]:
    """The tangent kernel at the start, entry by entry."""
    entries, width = np.tril_indices(setting.n), setting.widths[-1]
    limit = setting.ntk[entries]
    # one layer is a mean of independent units; each further one adds a bias of order 1/width
    size = np.sqrt(np.outer(np.diag(setting.ntk), np.diag(setting.ntk)))[entries]
    granted = (setting.depth - 1) * 2 / width * size / np.abs(limit)
    variance = _unit_variance(setting)
    if variance is None:
        return {"mean of the kernel": judge(sweep.entries, limit, granted, heavy_tailed=False)}
    spread = np.sqrt(variance[entries] / width)
    squares = (sweep.entries.values - limit) ** 2 / (variance[entries] / width)
    return {
        "mean of the kernel": judge(sweep.entries, limit, granted, heavy_tailed=False, spread=spread),
        "variance of the kernel": judge(Sample(squares.mean(axis=1, keepdims=True)), 1.0, heavy_tailed=False),
    }


def _unit_variance(setting: WideNetworks) -> NDArray[np.float64] | None:
    """Variance of the kernel's entries times the width, where it is known: one hidden layer of relu units."""
    if setting.activation != "relu" or setting.depth != 1:
        return None
    return np.asarray(
        kernel.empirical_ntk_variance(setting.data[0], None, setting.sigma_w2, setting.sigma_b2)
    )


def exact_fluctuation(setting: WideNetworks, width: int) -> float | None:
    """Root mean square of |K - Theta|/|Theta|, where it is known: one hidden layer of relu units."""
    variance = _unit_variance(setting)
    if variance is None:
        return None
    return float(np.sqrt(variance.sum() / width) / np.linalg.norm(setting.ntk))


def _trained(setting: WideNetworks, sweep: Sweep) -> dict[str, Verdict]:
    """Outputs at fresh inputs after training."""
    X, y, fresh = setting.data
    time, allowance = setting.steps * setting.step, DRIFT / np.sqrt(setting.widths[-1])
    ensemble = dynamics.linearised_network(X, y, fresh, time, *setting.network, step=setting.step)
    # in units of the spread, and shifted by it: a share of the spread is granted, not of a mean near 0
    standard = (sweep.outputs.values - ensemble.mean) / np.sqrt(ensemble.variance)
    outputs, squares = Sample(1 + standard), Sample((standard**2).mean(axis=1, keepdims=True))
    correlation = ensemble.covariance / np.sqrt(np.outer(ensemble.variance, ensemble.variance))
    spread = np.sqrt(2 * np.mean(correlation**2))  # of the mean square of Gaussian outputs
    return {
        "mean of trained networks": judge(outputs, 1.0, allowance, heavy_tailed=False, spread=1.0),
        "variance of trained networks": judge(squares, 1.0, 2 * allowance, heavy_tailed=False, spread=spread),
    }
