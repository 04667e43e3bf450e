"""Many networks and samples at once: no network depends on the others, and the tile agrees with BLAS."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from sims.network import Network, empirical_ntk, forward, gradient, hidden, jacobian, passes, tile
from tests.sims.network.problems import data, draw

BATCHES = [
    Network(5, (16,)),
    Network(5, (7,), activation="tanh", sigma_b2=0.1),
    Network(5, (300,), sigma_b2=0.1),
    Network(5, (16, 12), outputs=3, activation="tanh", sigma_b2=0.1),
]


@pytest.mark.parametrize("own", [False, True], ids=["shared", "own inputs"])
@pytest.mark.parametrize("network", BATCHES, ids=repr)
def test_a_network_does_not_depend_on_its_companions(network: Network, own: bool) -> None:
    theta = draw(network, 9)
    X, y = data(network, 300, *[9] * own)
    together = [*gradient(network, theta, X, y), forward(network, theta, X), hidden(network, theta, X)]
    together += [jacobian(network, theta, X[..., :20, :]), empirical_ntk(network, theta, X[..., :20, :])]
    for b in range(9):
        one, x, t = theta[b : b + 1], X[b] if own else X, y[b] if own else y
        alone = [*gradient(network, one, x, t), forward(network, one, x), hidden(network, one, x)]
        alone += [jacobian(network, one, x[:20]), empirical_ntk(network, one, x[:20])]
        for whole, part in zip(together, alone, strict=True):
            assert_array_equal(whole[b : b + 1], part)


@pytest.mark.parametrize("trained", ["all", "last", "hidden"])
@pytest.mark.parametrize("sigma_b2", [0.0, 0.2])
@pytest.mark.parametrize("name", ["relu", "tanh"])
@pytest.mark.parametrize("shape", [(1, 1, 1), (4, 8, 9), (6, 5, 20), (9, 7, 33)])
def test_the_tile_agrees_with_matrix_products(
    shape: tuple[int, int, int], name: str, sigma_b2: float, trained: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    d, width, n = shape
    network = Network(d, (width,), activation=name, sigma_b2=sigma_b2, trained=trained)
    theta = draw(network, 3)
    for own in (False, True):
        (loss, grad), (expected_loss, expected_grad) = by_tile_and_by_blas(
            monkeypatch, network, theta, *data(network, n, *[3] * own)
        )
        assert_allclose(loss, expected_loss, rtol=1e-12)
        assert_allclose(grad, expected_grad, rtol=1e-12, atol=1e-12)


@pytest.mark.jit
def test_the_tile_takes_many_samples(monkeypatch: pytest.MonkeyPatch) -> None:
    network = Network(6, (9,), sigma_b2=0.1)
    (loss, grad), (expected_loss, expected_grad) = by_tile_and_by_blas(
        monkeypatch, network, draw(network, 2), *data(network, 1000)
    )
    assert_allclose(loss, expected_loss, rtol=1e-12)
    assert_allclose(grad, expected_grad, rtol=1e-12, atol=1e-13)


def by_tile_and_by_blas(
    monkeypatch: pytest.MonkeyPatch, network: Network, *arrays: np.ndarray
) -> list[tuple[np.ndarray, np.ndarray]]:
    """Loss and gradient twice: by the jitted tile, and by products of matrices."""
    results = []
    for tiled in (True, False):
        monkeypatch.setattr(passes, "on_tile", lambda network, tiled=tiled: tiled)
        results.append(gradient(network, *arrays))
    return results


def test_more_samples_than_a_pass_takes() -> None:
    network = Network(2, (3, 3), activation="tanh")
    theta, (X, y) = draw(network, 2), data(network, 2500)
    parts = [gradient(network, theta, X[i : i + 500], y[i : i + 500]) for i in range(0, 2500, 500)]
    for whole, pieces in zip(gradient(network, theta, X, y), zip(*parts, strict=True), strict=True):
        assert_allclose(whole, np.mean(pieces, axis=0), rtol=1e-12, atol=1e-14)


def test_layout_of_the_inputs_does_not_matter() -> None:
    network = Network(4, (5, 3), activation="tanh")
    theta, (X, y) = draw(network, 3), data(network, 9, 3)
    for other in (
        np.asfortranarray(X),
        np.repeat(X, 2, axis=1)[:, ::2],
        X.transpose(1, 0, 2).copy().transpose(1, 0, 2),
    ):
        for mine, its in zip(gradient(network, theta, other, y), gradient(network, theta, X, y), strict=True):
            assert_allclose(mine, its, rtol=1e-13, atol=1e-15)


def test_fast_tanh() -> None:
    x = np.concatenate(
        [np.linspace(-25, 25, 4001), np.geomspace(1e-300, 1, 400), [np.inf, -np.inf, 0.0, -0.0]]
    )
    y = x.copy()
    tile.tanh_of(y, 100)
    exact = np.tanh(x.astype(np.longdouble))
    assert np.all(np.abs(y - exact) <= 2 * np.finfo(float).eps * np.abs(exact))
    assert_array_equal(np.signbit(y), np.signbit(x))
    unknown = np.array([np.nan, 1.0])
    tile.tanh_of(unknown, 2)
    assert np.isnan(unknown[0])
