"""What is granted to a forecast on rows that it has not seen, and the answers that it gives."""

import numpy as np
import pytest

from sims.sweet_spot import agreement, answers

pytestmark = pytest.mark.jit

WIDTHS = np.array([10.0, 20.0, 40.0, 80.0])


def _measured(errors: np.ndarray) -> agreement.HeldOutErrors:
    return agreement.averaged(errors, WIDTHS)


@pytest.mark.parametrize(
    ("factor", "half", "status"),
    [
        (1.05, 0.1, "agrees"),
        (1.6, 0.1, "disagrees"),
        (0.6, 0.1, "disagrees"),
        (1.6, 0.4, "undecided"),
        (1.0, 0.8, "not predictable"),
    ],
)
def test_prediction_against_measurement(factor: float, half: float, status: str) -> None:
    measured = _measured(factor * np.ones((2, 4, 1)) * np.linspace(0.95, 1.05, 20))
    one = np.ones(4)
    judged = agreement.compare(one, np.exp(-half) * one, np.exp(half) * one, measured, 200, 400)
    assert judged.status == status
    assert bool(judged.advice) == (status in ("undecided", "not predictable"))
    assert status != "agrees" or np.exp(np.median(judged.margin)) < agreement.USEFUL


def test_a_right_forecast_is_called_wrong_as_seldom_as_promised() -> None:
    """Errors of n told rows and of the measured ones are both normal; so are draws of the features."""
    rng = np.random.default_rng(0)
    wrong = 0
    for _ in range(1000):
        told = np.exp(0.05 * rng.standard_normal(4))
        draws = 1 + 0.1 * rng.standard_normal((3, 4, 1)) * np.sqrt(10 / WIDTHS)[:, None]
        own = 1 + 0.1 * rng.standard_normal(4) * np.sqrt(10 / WIDTHS)
        errors = draws + 0.1 * rng.standard_normal((4, 20))
        half = np.exp(1.96 * 0.05)
        judged = agreement.compare(
            told * own, told * own / half, told * own * half, _measured(errors), 200, 400
        )
        wrong += judged.status == "disagrees"
    # the promise is 1 %; binomial with standard deviation 3.1
    assert wrong < 10 + 4 * 3.2


def test_what_decides_does_decide() -> None:
    rng = np.random.default_rng(0)

    def judged(n: int, rows: int) -> agreement.Agreement:
        """Errors of rows have the standard deviation of their mean, as those of squares of normal numbers."""
        half, one = np.exp(1.96 * np.sqrt(2 / n)), np.ones(4)
        groups = 1 + np.sqrt(2 / rows * 20) * np.ones((2, 4, 1)) * rng.standard_normal(20)
        return agreement.compare(one, one / half, one * half, _measured(groups), n, rows)

    few = judged(100, 60)
    assert few.status == "undecided"
    needed = int(float(few.advice.split()[1]))
    assert judged(2 * needed, 2 * needed).status == "agrees"


def test_arithmetic_of_a_fit() -> None:
    assert answers.flops(100, 200, 4) == 2 * 100 * 200 * (4 + 100)


def test_ridge_0_is_judged_by_the_median_beside_the_threshold() -> None:
    """exp(0.25) is 1.284; widths below 0.7 n and above 3 n do not count; inf at p = n - 1 is one of five."""
    ratio = np.array([0.2, 0.7, 0.9, 0.99, 1.2, 3.0, 4.0])
    told = np.array([1.0, 1.0, 2.0, np.inf, 3.0, 1.0, 1.0])
    far = np.array([9.0, 1.0, 1.0, 1.0, 1.0, 1.0, 9.0])
    measured = far * np.minimum(told, 50)
    status, gap = agreement.ridgeless(told, 1.27 * measured, ratio)
    assert status == "agrees"
    assert gap == pytest.approx(np.log(1.27))
    assert agreement.ridgeless(told, measured / 1.29, ratio)[0] == "not predictable"
    assert agreement.ridgeless(np.full(7, np.inf), far, ratio) == ("not predictable", np.inf)
    assert agreement.ridgeless(told[:1], told[:1], ratio[:1]) == ("not predictable", np.inf)
