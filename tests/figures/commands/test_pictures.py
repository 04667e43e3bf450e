"""Pictures of the commands as a person sees them, from numbers that never change."""

from typing import Any

import numpy as np
import pytest
from matplotlib.figure import Figure

from figures import files
from figures.commands import double_descent, ntk


@pytest.mark.mpl_image_compare(baseline_dir="../baseline", style=files.SHEETS, tolerance=3)
def test_picture_of_double_descent() -> Figure:
    p = np.geomspace(10, 1000, 60)
    theory = 1 + 1 / np.abs(np.log(p / 101.3))
    rows: list[dict[str, Any]] = [
        {"p": x, "mean": 1.02 + 1 / abs(np.log(x / 101.3)), "se": 0.02, "trials": 10}
        for x in (10, 30, 300, 1000)
    ]
    rows.insert(2, {"p": 101, "median": 9.0, "mean": 100.0, "quantiles": {"0.05": 4.0, "0.95": 20.0}})
    config = {"model": "random-features", "activation": "relu", "n": 101, "d": 50, "ridge": 0.0, "noise": 0.5,
              "p_max": 1000}  # fmt: skip
    curve = {"p": p, "theory": theory, "limit": 1.1 * theory, "exact": False}
    return double_descent.draw({"config": config, "rows": rows, "curve": curve})


@pytest.mark.mpl_image_compare(baseline_dir="../baseline", style=files.SHEETS, tolerance=3)
def test_picture_of_ntk() -> Figure:
    widths = (64, 128, 256)
    rows = [
        {"width": w, **{f"{name}{se}": size / w ** (0.5 if size < 2 else 1) * (0.1 if se else 1)
                        for name, size in (("fluctuation", 1.0), ("drift", 3.0), ("gap", 2.0))
                        for se in ("", "_se")}, "exact_fluctuation": 1 / w**0.5}
        for w in widths
    ]  # fmt: skip
    slopes = [
        {"quantity": name, "value": value}
        for name, value in (("fluctuation", -0.5), ("drift", -1.0), ("gap", -1.0))
    ]
    config = {"activation": "relu", "depth": 1, "n": 20, "d": 5, "trials": 400}
    return ntk.draw({"config": config, "rows": rows, "slopes": slopes})
