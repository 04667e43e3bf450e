"""Problems for gradient flow, and the comparison of two of its risks."""

import numpy as np
from hypothesis import strategies as st

from tests.strategies import decades
from theory import Problem, Risk

PROBLEMS = [
    Problem([4.0, 0.25], [4.0, 0.25], [50, 50], noise=0.5),
    Problem([3.0, 1.0, 0.1], [1.0, 0.0, 0.6], [30, 80, 40], noise=0.2, tail_power=0.3),
    Problem([1.0, 1e-3], [0.4, 1.0], [60, 300], noise=0.1),
]
DEFINED = [name for name in Risk._fields if name not in ("df2", "kappa", "gamma_eff")]

scales = decades(-3.0, 3.0)
powers = st.floats(0.0, 5.0).map(lambda x: round(x, 6))  # 0 or well above the least float


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    """Up to four levels, with and without noise and power that cannot be learnt."""
    levels = draw(st.integers(1, 4))
    lam = draw(st.lists(scales, min_size=levels, max_size=levels, unique=True))
    m = draw(st.lists(st.floats(0.5, 500.0), min_size=levels, max_size=levels))
    power = draw(st.lists(powers, min_size=levels, max_size=levels))
    noise, lost = draw(st.sampled_from([0.0, 0.4])), draw(st.sampled_from([0.0, 0.3]))
    return Problem(lam, power, m, noise=noise, tail_power=lost)


def close(a: Risk, b: Risk, rtol: float, scale: float = 0.0) -> None:
    """The fields that gradient flow defines agree to `rtol`, absolutely to `rtol` times `scale`."""
    for name in DEFINED:
        np.testing.assert_allclose(
            getattr(a, name), getattr(b, name), rtol=rtol, atol=rtol * scale, err_msg=name
        )
