"""One rule for the size of columns and targets, against rational arithmetic."""

import csv
import re
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from sims import data
from sims.data import scaling
from sims.sweet_spot import command


def _exact(values: np.ndarray, training: np.ndarray) -> list[float]:
    """(x - mean)/sd in rational numbers, but for the square root."""
    x = [Fraction(float(value)) for value in values]
    known = [x[i] for i in training]
    mean = sum(known) / len(known)
    variance = sum((value - mean) ** 2 for value in known) / len(known)
    return [
        float(np.sign(float(z > 0) - float(z < 0)) * np.sqrt(float(z * z / variance)))
        for z in (v - mean for v in x)
    ]


@pytest.mark.parametrize("size", [1.0, 1e200, 1e-200, 1e300, 1e-300, 5e-310, 1.7e308])
@pytest.mark.parametrize("offset", [0.0, 0.5])
def test_any_size_is_standardised_exactly(size: float, offset: float) -> None:
    rng = np.random.default_rng(2)
    values = size * (offset + 0.5 * rng.uniform(-1, 1, 40))
    training = np.arange(25)
    found = scaling.standardised(values[:, None], training)[:, 0]
    assert np.allclose(found, _exact(values, training), rtol=1e-11, atol=1e-11)


def test_columns_of_all_sizes_stand_side_by_side() -> None:
    values = np.random.default_rng(0).standard_normal((40, 1))
    sizes = 10.0 ** np.array([300, 200, 0, -200, -300])
    found = scaling.standardised(values * sizes, np.arange(30))
    assert np.allclose(found, found[:, [2]], rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("level", [0.1, -1e200, 1e-300, 1e9])
def test_a_column_that_is_constant_in_training_is_zero_there_and_at_most_one_elsewhere(level: float) -> None:
    values = np.full(50, level)
    values[30:] *= np.linspace(-3, 2, 20)
    values[:30:2] = np.nextafter(level, np.inf)  # rounding is no variation
    found = scaling.standardised(values[:, None], np.arange(30))[:, 0]
    assert np.abs(found[:30]).max() < 1e-15
    assert np.abs(found).max() <= 1
    assert np.ptp(found) == pytest.approx(1)


def test_a_large_offset_keeps_its_variation() -> None:
    """Seconds since 1970 over an hour: 1e-6 of their size, and far from rounding."""
    values = 1.7e9 + np.linspace(0, 3600, 40)
    found = scaling.standardised(values[:, None], np.arange(40))[:, 0]
    assert np.allclose(found, np.linspace(-1, 1, 40) / np.linspace(-1, 1, 40).std(), atol=1e-6)


def _write(path: Path, X: np.ndarray, y: np.ndarray) -> str:
    rows = [",".join(repr(float(value)) for value in row) for row in np.column_stack([X, y])]
    path.write_text("\n".join([",".join("abcdefgh"[: X.shape[1]] + "y"), *rows]) + "\n", encoding="utf-8")
    return str(path)


def test_constants_up_to_rounding_are_left_out_and_no_target(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    X, y = rng.standard_normal((30, 2)), rng.standard_normal(30)
    X[:, 1] = np.where(X[:, 0] > 0, 0.3, 0.1 + 0.2)
    found = data.load(_write(tmp_path / "a.csv", X, y))
    assert found.columns == ("a",)
    assert "Column 'b' is left out: it is 0.3 in every row." in data.told(found)
    with pytest.raises(ValueError, match="the target has one value only"):
        data.load(_write(tmp_path / "b.csv", X[:, :1], X[:, 1]))


@pytest.mark.jit
def test_a_value_that_alone_would_be_measured_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rng = np.random.default_rng(0)
    X = rng.standard_normal((60, 2))
    y = X[:, 0] + rng.standard_normal(60)
    X[7, 1] = 1e12
    path = _write(tmp_path / "a.csv", X, y)
    words = [path, "--n", "16", "--points", "2", "--jobs", "1", "--json"]  # row 7 is held out
    assert command.main(words) == 3
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert "column 'b': a value is" in err
    X[7, 1], y[7] = 0.0, -1e12
    assert command.main([_write(tmp_path / "b.csv", X, y), *words[1:]]) == 3
    assert "column 'y': a value is" in capsys.readouterr().err


@pytest.mark.jit
@pytest.mark.parametrize("features", ["relu", "linear"])
def test_inputs_that_are_alike_in_training_are_one_line(
    features: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    X = (np.arange(60) == 7)[:, None] * 1.0
    path = _write(tmp_path / "a.csv", X, np.random.default_rng(0).standard_normal(60))
    assert command.main([path, "--quick", "--n", "16", "--features", features, "--jobs", "1", "--json"]) == 3
    assert re.fullmatch("error: the inputs of 1[46] training rows are all alike.*\n", capsys.readouterr().err)


@pytest.mark.jit
@pytest.mark.parametrize("size", [1e-200, 1e300, 1e-305])
def test_targets_and_columns_of_any_size_go_through_the_command(
    size: float, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rng = np.random.default_rng(0)
    X = rng.standard_normal((60, 3))
    y = X[:, 0] + 0.3 * rng.standard_normal(60)
    words = ["--n", "40", "--points", "2", "--trials", "2", "--jobs", "1", "--csv"]
    found = []
    for number, (A, b) in enumerate([(X, y), (X * [size, 1 / size, 1.0], size * y)]):
        assert command.main([_write(tmp_path / f"{number}.csv", A, b), *words]) in (0, 5)
        rows = capsys.readouterr().out.splitlines()
        found.append([float(row["measured"]) for row in csv.DictReader(rows)])
    assert found[1] == pytest.approx(found[0], rel=1e-6)
    assert max(found[0]) < 3
