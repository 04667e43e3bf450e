"""Training time and networks in the explorer: two descents, and networks beside their linearisation."""

import numpy as np

from figures.explorer import _networks, _time
from figures.explorer._view import Line
from tests.figures.explorer.views import default, parts


def test_time_shows_two_descents_and_agrees() -> None:
    *_, view = _time.settle(default(_time), None)
    line = next(line for line in parts(view, Line) if line.label == "theory, test error")
    rises = np.diff(line.y) > 0
    assert rises[: len(rises) // 2].any()
    assert np.argmin(line.y) > np.argmax(rises)  # a second descent below the first
    assert view.status == "agrees"


def test_wide_networks_stay_beside_their_linearisation() -> None:
    gaps = []
    for width in (16, 1024):
        *_, view = _networks.settle(default(_networks, width=width, n=5), None)
        network, linear = (
            next(p for p in parts(view, Line) if p.label == name) for name in ("network", "linearisation")
        )
        gaps.append(np.abs(network.y - linear.y).max())
        loss = view.charts[1].parts[1]
        assert loss.y[-1] < 0.2 * loss.y[0]  # type: ignore[union-attr]
    assert gaps[1] < gaps[0] / 2
