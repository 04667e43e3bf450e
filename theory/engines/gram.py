"""From inputs to a Gram matrix: one product, turned into the kernel in place; exact for equal inputs."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from theory.arguments import Array, data, positive, scalar
from theory.engines import arc

Fill = Callable[[Any, Any, Any, bool], None]  # out (holding the product), X, Z, lower triangle alone
Diagonal = Callable[[Any], Array]


def matrix(X: ArrayLike, Z: ArrayLike | None, fill: Fill, diagonal: Diagonal, centred: bool = False) -> Any:
    """The Gram matrix: the product of the inputs, turned into the kernel in place by `fill`."""
    given = {"X": points("X", X)} | ({} if Z is None else {"Z": points("Z", Z)})
    x, z = (np.atleast_2d(given.get(name, given["X"])) for name in ("X", "Z"))
    if x.shape[1] != z.shape[1]:
        raise ValueError(
            f"X has shape {given['X'].shape} and Z {given['Z'].shape}; pass inputs of one dimension"
        )
    x, z = (a.astype(np.result_type(x, z), copy=False) for a in (x, z))
    ids: dict[bytes, int] = {}
    group_x, group_z = (np.array([ids.setdefault(row.tobytes(), len(ids)) for row in a]) for a in (x, z))
    # equal rows once: BLAS may round them differently from place to place
    (first_x, back_x), (first_z, back_z) = (_distinct(group) for group in (group_x, group_z))
    u, v = x[first_x], z[first_z]
    if centred:  # distances do not see the centre, but rounding does
        centre = u.mean(axis=0)
        u, v = u - centre, v - centre
    lower = Z is None
    if lower:
        v = u
    out = _lower_product(u) if lower else u @ v.T
    fill(out, u, v, lower)
    same = diagonal(u)
    if lower:
        np.fill_diagonal(out, same)
    else:
        row_of = {group: i for i, group in enumerate(group_x[first_x].tolist())}
        for j, group in enumerate(group_z[first_z].tolist()):
            if group in row_of:
                out[row_of[group], j] = same[row_of[group]]
    if len(u) < len(x) or len(v) < len(z):
        out = out[np.ix_(back_x, back_z)]
    rows = 0 if given["X"].ndim == 1 else slice(None)
    columns = 0 if given["Z" if Z is not None else "X"].ndim == 1 else slice(None)
    return out[rows, columns]


def radial(
    X: ArrayLike, Z: ArrayLike | None, bandwidth: float, exponent: Callable[[Array, float], None]
) -> Any:
    """The matrix of e^exponent, where `exponent` works in place on squared distances and the bandwidth."""
    h = float(positive("bandwidth", scalar("bandwidth", bandwidth)))

    def fill(out: Array, x: Array, z: Array, lower: bool) -> None:
        arc.distances(out, x, z, squares(x), squares(z), lower, near(out))
        exponent(out, h)
        np.exp(out, out=out)

    return matrix(X, Z, fill, lambda x: np.ones(len(x)), centred=True)


def _lower_product(x: Any) -> Any:
    """X X' in the lower triangle, and 0 above: half the work, and `fill` mirrors what it makes of it."""
    from scipy.linalg.blas import dsyrk, ssyrk

    return (ssyrk if x.dtype == np.float32 else dsyrk)(1.0, x.T, trans=1).T  # its upper triangle by columns


def _distinct(groups: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Places of the first member of each group, ascending, and for each member the number of its group."""
    _, first, back = np.unique(groups, return_index=True, return_inverse=True)
    order = np.argsort(first)
    return first[order], np.argsort(order)[back]


def points(name: str, value: ArrayLike) -> Any:
    """Inputs as float64, or float32 where the caller's are; (n, d) or (d,), finite."""
    inputs: Any = data(name, value, 1, 2)
    if np.asarray(value).dtype == np.float32:
        inputs = inputs.astype(np.float32)
    largest = np.abs(inputs).max()
    if not largest <= np.sqrt(np.finfo(inputs.dtype).max) / inputs.shape[-1]:
        raise ValueError(f"{name} contains {largest:g}, whose square overflows; scale the inputs")
    return inputs


def squares(x: Array) -> Array:
    """Squared norms of the rows, summed as the products of rows are."""
    out = np.empty(len(x))
    arc.norms.patient(8 * x.size)(x, out)
    return out


def near(gram: Array) -> float:
    """1 - cosine below which the product has lost too many digits of the angle."""
    return 1e-2 if gram.dtype == np.float32 else 1e-5
