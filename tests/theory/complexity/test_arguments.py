"""Arguments of capacity bounds: scalars broadcast, and a bad one is named."""

from math import inf, nan
from typing import Any

import numpy as np
import pytest

from tests.samples import inputs
from theory import complexity as c


def test_scalars_broadcast() -> None:
    rows, columns = np.array([[0.1], [0.2]]), np.array([10.0, 20.0, 30.0])
    for table in (
        c.rademacher_gap(rows, columns),
        c.margin_gap(rows, 1.0, 1.0, columns),
        c.rademacher_gaussian(columns, [[1], [2]]),
        c.vc_gap(rows, columns),
        c.norm_vc_dimension(rows, 0.1, columns),
        c.occam_gap(rows, columns),
        c.pac_bayes(rows, 1.0, columns),
        c.gaussian_kl(rows, columns, 2.0),
        c.uniform_stability(rows, columns),
        c.stability_gap(rows, columns),
    ):
        assert table.shape == (2, 3)
    assert c.rademacher(inputs(3, 2), rows).shape == c.rademacher_bound(inputs(3, 2), rows).shape == (2, 1)
    assert isinstance(c.rademacher(inputs(3, 2)), np.float64)
    assert isinstance(c.kl_inverse(0.1, 0.1), np.float64)


X3 = inputs(3, 2)


@pytest.mark.parametrize(
    ("function", "arguments", "message"),
    [
        (c.rademacher, (inputs(23, 2),), r"X has n = 23 .* up to n = 22; use rademacher_bound"),
        (c.rademacher_kernel, (np.eye(23),), r"gram has n = 23 .* use the bound radius sqrt\(tr K\)/n"),
        (c.rademacher, (X3, 1.0, "l3"), "norm = 'l3'"),
        (c.rademacher_bound, (X3, 1.0, "linf"), "norm = 'linf'"),
        (c.rademacher, (X3, -1.0), "radius = -1"),
        (c.rademacher, ([1.0, 2.0],), r"X .*\(2,\)"),
        (c.rademacher, (np.zeros((0, 2)),), r"X .*\(0, 2\)"),
        (c.rademacher, ([[1.0, nan]],), r"X\b.*nan"),
        (c.rademacher_bound, ([[1.0, inf]],), r"X\b.*inf"),
        (c.rademacher_kernel, (np.eye(3)[:2],), r"gram .*\(2, 3\)"),
        (c.rademacher_kernel, ([[1.0, 2.0], [0.0, 1.0]],), "gram .*symmetric"),
        (c.rademacher_kernel, ([[1.0, 2.0], [2.0, 1.0]],), "gram is not positive .* -1"),
        (c.rademacher_kernel, ([[0.0, 1.0], [1.0, 0.0]],), "gram is not positive"),
        (c.rademacher_kernel, ([[1.0, 0.0], [0.0, -2.0]],), "gram has -2 on its diagonal"),
        (c.rademacher_gaussian, (10, 2.5), r"d = 2\.5"),
        (c.rademacher_gaussian, (0, 2), "n = 0"),
        (c.rademacher_gap, (0.1, 0.5), r"n = 0\.5"),
        (c.rademacher_gap, (0.1, 10, 0.0), "delta = 0"),
        (c.rademacher_gap, (0.1, 10, 0.1, -1), "lipschitz = -1"),
        (c.rademacher_gap, (-0.1, 10), r"complexity = -0\.1"),
        (c.margin_gap, (1.0, 1.0, 0.0, 10), "margin = 0"),
        (c.margin_gap, (1.0, 1.0, 1.0, 10, 1.0), "delta = 1"),
        (c.vc_gap, (-1, 10), "vc_dimension = -1"),
        (c.vc_gap, ([1, 2], [10, 20, 30]), "shapes do not broadcast: vc_dimension"),
        (c.norm_vc_dimension, (1.0, 0.0, 3), "margin = 0"),
        (c.kl_inverse, (1.1, 0.1), r"empirical = 1\.1"),
        (c.kl_inverse, (0.1, -1e-9), "epsilon = -1e-09"),
        (c.gaussian_kl, (1.0, 0.0), "prior_variance = 0"),
        (c.gaussian_kl, (1.0, -2.0), "prior_variance = -2"),
        (c.gaussian_kl, (1.0, 1.0, -1.0), "posterior_variance = -1"),
        (c.gaussian_kl, (1.0, 1.0, 1.0, 0), "d = 0"),
        (c.pac_bayes, (0.1, -1.0, 10), "kl = -1"),
        (c.pac_bayes, (0.1, 1.0, 10, 0.1, "seeger"), "form = 'seeger'"),
        (c.pac_bayes, (0.1, 1.0, 10, 1.5), r"delta = 1\.5"),
        (c.gibbs_error, (X3, [1, -1, 0], [1.0, 1.0], 1.0), "y = 0"),
        (c.gibbs_error, (X3, [1, -1], [1.0, 1.0], 1.0), r"X .*\(3, 2\).* y .*\(2,\)"),
        (c.gibbs_error, (X3, [1, -1, 1], [1.0, inf], 1.0), r"weights\b.*inf"),
        (c.gibbs_error, (X3, [1, -1, 1], [1.0, 1.0], 0.0), "scale = 0"),
        (c.occam_gap, (-1, 10), "bits = -1"),
        (c.uniform_stability, (-0.1, 10), r"ridge = -0\.1"),
        (c.uniform_stability, (0.1, 10, 0.0), "kernel_bound = 0"),
        (c.stability_gap, (0.1, 10, -1.0), "loss_bound = -1"),
        (c.stability_gap, (-0.1, 10), r"stability = -0\.1"),
    ],
)
def test_bad_arguments(function: Any, arguments: tuple[Any, ...], message: str) -> None:
    with pytest.raises(ValueError, match=message) as raised:
        function(*arguments)
    assert "\n" not in str(raised.value)
