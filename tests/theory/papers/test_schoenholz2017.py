"""Schoenholz et al. 2017: depths, the edge, and gradients of finite networks against them."""

import numpy as np
from numpy.testing import assert_allclose

from theory.kernel import ntk_layers
from theory.papers.poole2016 import chi_1, correlation
from theory.papers.schoenholz2017 import critical_sigma_w, depth_scales


def test_depths_are_those_of_the_last_layers() -> None:
    for w, start in ((1.0, 0.5), (1.9, 0.9)):
        late = [float(correlation(start, depth, w, 0.3)) for depth in (50, 51, 400)]
        rate = (late[1] - late[2]) / (late[0] - late[2])
        assert_allclose(-1 / np.log(rate), depth_scales(w, 0.3).correlation, rtol=0.02)


def test_in_order_both_factors_are_one() -> None:
    assert_allclose(depth_scales(1.0, 0.3).correlation, -1 / np.log(chi_1(1.0, 0.3)), rtol=1e-12)
    assert depth_scales(critical_sigma_w(0.3), 0.3).correlation > 1e6


def test_gradients_change_by_chi_1_a_layer() -> None:
    """The first weights' part of a tangent kernel over that of the last, at the variance that stays."""
    w = 2.0
    parts = ntk_layers([10.0], [10.0], depth=60, activation="erf", sigma_w2=w**2)
    assert_allclose(parts[40] / parts[42], chi_1(w, activation="erf"), rtol=1e-6)


def test_the_edge() -> None:
    assert_allclose(critical_sigma_w([0.0, 1.0], "relu"), np.sqrt(2), rtol=1e-13)
    assert_allclose(chi_1(critical_sigma_w(0.5), 0.5), 1, rtol=1e-10)
