"""The risk at many points of one spectrum: what `theory.equivalent` and the papers of one equation share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from theory.arguments import Array, broadcast, positive
from theory.engines import equation, single
from theory.engines.jit import Kernel
from theory.engines.spectral import in_unit, spectral, unit, unlearnable
from theory.errors import ConvergenceError
from theory.problem import Problem
from theory.risk import Risk

_FEW = 16  # levels: they are less than one turn of a vectorised sum takes


def curve(
    problem: Problem,
    n: ArrayLike,
    p: ArrayLike,
    ridge: Array,
    signal: ArrayLike = 1.0,
    tail_power: ArrayLike | None = None,
    noise: ArrayLike | None = None,
) -> Risk:
    """Risk at every point of the broadcast arguments.

    `signal` multiplies the power of all levels; `tail_power` and `noise` replace the problem's, so
    that papers whose spectrum is fixed broadcast over the rest.
    """
    problem = spectral(problem)
    points = broadcast(
        n=positive("n", n),
        p=np.asarray(p, dtype=float),
        ridge=ridge,
        signal=np.asarray(signal, dtype=float),
        tail_power=np.asarray(unlearnable(problem) if tail_power is None else tail_power, dtype=float),
        noise=np.asarray(problem.noise if noise is None else noise, dtype=float),
    )
    shape = points[0].shape
    scaled, scale = unit(problem)
    if scale != 1:
        points[2] = in_unit(points[2], scale)
    learnable = scaled.eigenvalues > 0
    fields = np.empty((len(Risk._fields), points[0].size))
    with np.errstate(over="ignore"):  # what overflows is inf, which compiled code says without a warning
        failed = _filled(
            [np.array(a).ravel() for a in points],
            (scaled.eigenvalues[learnable], scaled.multiplicity[learnable], scaled.power[learnable]),
            scaled.tail,
            fields,
        )
    if failed >= 0:
        size, width, penalty = (float(a.ravel()[failed]) for a in points[:3])
        _explain(problem, size, width, penalty * scale)
    undefined = np.flatnonzero(np.isnan(fields).any(axis=0))
    if undefined.size:
        size, width, penalty = (float(a.ravel()[undefined[0]]) for a in points[:3])
        raise ValueError(
            f"n = {size:g}, p = {width:g} and ridge = {penalty * scale:g} are so far apart that products of "
            "them leave the range of floats; bring them nearer to one another, or pass inf"
        )
    return assembled(fields, shape, scale)


def assembled(fields: Array, shape: tuple[int, ...], scale: float) -> Risk:
    """The rows of `fields` as the fields of Risk, for a spectrum that was divided by `scale`."""
    risk = Risk(*(field.reshape(shape)[()] for field in fields))
    if scale == 1:
        return risk
    with np.errstate(over="ignore", under="ignore"):
        return risk._replace(
            norm=risk.norm / scale, kappa=risk.kappa * scale, gamma_eff=risk.gamma_eff * scale
        )


def in_training(
    test: Array,
    train: Array,
    bias: Array,
    from_inputs: Array,
    from_noise: Array,
    norm: Array,
    df: Array,
) -> Risk:
    """The fields of Risk for a fit of all features that is still in training and has no effective ridge."""
    nothing, undefined = np.zeros_like(test), np.full_like(test, np.nan)
    return Risk(
        test=test,
        train=train,
        bias=bias,
        variance=from_inputs + from_noise,
        norm=norm,
        df=df,
        df2=undefined,
        kappa=undefined,
        gamma_eff=undefined,
        var_samples=from_inputs,
        var_features=nothing,
        var_samples_features=nothing,
        var_noise_samples=from_noise,
        var_noise_samples_features=nothing,
    )


def _filled(points: list[Array], levels: tuple[Array, Array, Array], tail: float, fields: Array) -> int:
    """Fill all points; the index of a failure, or -1."""
    n, p, ridge, *target = points
    lam, mult, _ = levels
    size = lam.size
    known = np.empty((2, n.size if size == 1 else 0))
    if size == 1:
        level = (lam[0], mult[0], tail)
        with np.errstate(all="ignore"):  # what comes out as nan is found point by point
            single.thresholds.patient(15 * n.size)(n, p, *level, known[0])
            single.distances.patient(120 * n.size)(n, p, ridge, known[0], *level, known[1])
    failed = chosen(equation.fill, size, n.size * (160 + 40 * size))(*points, *levels, tail, known, fields)
    negative = int((ridge < 0).sum())
    if failed < 0 and negative:
        fill = chosen(equation.fill_negative, size, negative * (2000 + 400 * size))
        failed = fill(n, ridge, *target, *levels, tail, fields)
    return int(failed)


def chosen(kernel: Kernel, levels: int, lines: float) -> Callable[..., Any]:
    """The form of a kernel for a spectrum: sums in another order are worth a compiler for many levels."""
    return kernel.patient(lines) if levels <= _FEW else kernel.compiled


def _explain(problem: Problem, n: float, p: float, ridge: float) -> None:
    if ridge < 0:
        raise ValueError(
            f"ridge = {ridge:g} is too negative for n = {n:g} and {problem!r}; "
            "the risk diverges before it is reached: raise it towards 0"
        )
    raise ConvergenceError(
        f"no root of the equation after 200 safeguarded Newton steps at n = {n:g}, p = {p:g}, "
        f"ridge = {ridge:g} for {problem!r}; rescale the eigenvalues towards 1"
    )
