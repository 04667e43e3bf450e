"""Paths from blocks of columns that are seen once: those of the whole array."""

import tracemalloc
from collections.abc import Iterator

import numpy as np
import pytest

from sims import fit
from sims.fit import nested
from tests.sims.fit.problems import Array, Data, relu_features

Block = tuple[Array, Array]


def blocks(data: Data, width: int) -> Iterator[Block]:
    for first in range(0, data[0].shape[1], width):
        yield data[0][:, first : first + width], data[2][:, first : first + width]


def close(got: tuple[Array, ...], wanted: tuple[Array, ...], rtol: float) -> None:
    for one, other in zip(got, wanted, strict=True):
        np.testing.assert_allclose(one, other, rtol=rtol, atol=1e-20)  # residuals of 1e-7


@pytest.mark.parametrize("width", [1, 7, 300])
@pytest.mark.parametrize("ridge", [0.0, 1e-6, 1e-2, 10.0])
def test_blocks_have_the_path_of_the_whole(width: int, ridge: float) -> None:
    data = relu_features(30, 200, 20, 8, seed=0)
    data[0][:, [5, 60, 150]] = 0  # dead units
    _, y, _, test_y = data
    close(
        fit.ridge_path(blocks(data, width), y, None, test_y, ridge=ridge),
        fit.ridge_path(*data, ridge=ridge),
        1e-9,
    )
    if ridge == 0:
        close(fit.min_norm_path(blocks(data, width), y, None, test_y), fit.min_norm_path(*data), 1e-9)


@pytest.mark.parametrize("growth", [0.0, 30.0, 300.0])
@pytest.mark.parametrize("ridge", [0.0, 1e-3])
def test_new_starts_and_far_longer_columns_do_not_change_the_path(
    monkeypatch: pytest.MonkeyPatch, growth: float, ridge: float
) -> None:
    data = relu_features(30, 200, 20, 8, seed=1)
    data[0][:, 120:] *= 1e3
    data[2][:, 120:] *= 1e3
    wanted = fit.ridge_path(*data, ridge=ridge)
    monkeypatch.setattr(nested, "GROWTH", growth)
    close(fit.ridge_path(blocks(data, 16), data[1], None, data[3], ridge=ridge), wanted, 1e-8)


def test_one_vector_of_targets_and_few_columns() -> None:
    features, y, test_features, test_y = relu_features(30, 20, 10, 8, seed=2, q=1)
    data = (features, y[:, 0], test_features, test_y[:, 0])
    close(fit.min_norm_path(blocks(data, 6), data[1], None, data[3]), fit.min_norm_path(*data), 1e-12)


def test_memory_does_not_grow_with_the_columns() -> None:
    rng = np.random.default_rng(0)
    y, test_y = rng.standard_normal(50), rng.standard_normal(30)
    peaks = []
    for count in (4, 100):
        drawn = ((rng.standard_normal((50, 128)), rng.standard_normal((30, 128))) for _ in range(count))
        tracemalloc.start()
        fit.min_norm_path(drawn, y, None, test_y)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    outputs = 2 * 4 * 8 * 96 * 128  # four numbers for each further p, once in parts and once joined
    assert peaks[1] < peaks[0] + 2 * outputs < 96 * 128 * 80 * 8 / 3


def test_what_cannot_be_a_path_is_told() -> None:
    data = relu_features(30, 200, 20, 8, seed=3)
    with pytest.raises(ValueError, match="test_targets, and no test_features"):
        fit.min_norm_path(blocks(data, 10), data[1], data[2], data[3])
    with pytest.raises(ValueError, match="without a block"):
        fit.min_norm_path(iter(()), data[1], None, data[3])
    with pytest.raises(ValueError, match=r"p = .* beside an iterator"):
        fit.min_norm_path(blocks(data, 10), data[1], None, data[3], [3])
    data[0][1] = data[0][0]
    with pytest.raises(ValueError, match="have rank 29 must start"):
        fit.min_norm_path(blocks(data, 10), data[1], None, data[3])
