"""The risk along gradient flow at many points of one spectrum, from the averages of the flow's engine."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from theory.arguments import Array, broadcast, non_negative, positive
from theory.engines import flow as flow_engine
from theory.engines.curve import curve as equation_curve
from theory.engines.curve import in_training
from theory.engines.spectral import distinct, no_tail, unlearnable
from theory.problem import Problem
from theory.risk import Risk


def curve(
    problem: Problem,
    n: ArrayLike,
    time: ArrayLike,
    signal: ArrayLike = 1.0,
    noise: ArrayLike | None = None,
) -> Risk:
    """`gradient_flow` where `signal` multiplies the power of all levels and `noise` replaces its own."""
    no_tail(problem, "gradient flow")
    points = broadcast(
        n=positive("n", n),
        time=non_negative("time", time, finite=False),
        signal=np.asarray(signal, dtype=float),
        noise=np.asarray(problem.noise if noise is None else noise, dtype=float),
    )
    shape = points[0].shape
    size, moment, strength, label = (a.ravel() for a in points)
    fields = np.empty((len(Risk._fields), size.size))
    for i in np.flatnonzero(np.isinf(moment)):
        fields[:, i] = equation_curve(
            problem, size[i], np.inf, np.asarray(0.0), signal=strength[i], noise=label[i]
        )
    on = np.isfinite(moment)
    flow = averages(problem, size[on], moment[on])
    with np.errstate(over="ignore"):  # what leaves the range of floats is inf, and e^-inf is 0
        fields[:, on] = _assemble(flow, strength[on], unlearnable(problem), label[on])
    return Risk(*(field.reshape(shape)[()] for field in fields))


def _assemble(flow: flow_engine.Flow, signal: Array, lost: float, noise: Array) -> Risk:
    """All fields of Risk; `lost` is the power that no feature can learn."""
    error = noise + lost
    bias = lost + signal * flow.kept
    from_inputs = signal * flow.spread + lost * flow.gain
    from_noise = noise * flow.gain
    train = np.exp(-2 * flow.decay) * (signal * flow.train_signal + error * flow.train_noise)
    norm = signal * flow.norm_signal + error * flow.norm_noise
    test = noise + bias + from_inputs + from_noise
    return in_training(test, train, bias, from_inputs, from_noise, norm, flow.df)


def averages(problem: Problem, n: Array, time: Array) -> flow_engine.Flow:
    """The flow of the positive levels, at finite times."""
    lam, m, power = distinct(problem)
    if lam.size == 0:
        lam, m, power = np.ones(1), np.zeros(1), np.zeros(1)
    if lam.size > 1:
        return flow_engine.levels(lam, m, power, n, time)
    with np.errstate(over="ignore"):
        scaled = np.minimum(lam[0] * time, 1e300)
    flow = flow_engine.one_level(np.full_like(n, m[0]), n, scaled)
    return flow._replace(
        kept=power[0] * flow.kept,
        spread=power[0] * flow.spread,
        train_signal=power[0] * flow.train_signal,
        norm_signal=power[0] / lam[0] * flow.norm_signal,
        norm_noise=flow.norm_noise / lam[0],
    )
