"""References for the core equation, and for papers that are its cases, over 100 decades to either side."""

from typing import Any

from hypothesis import assume
from hypothesis import strategies as st
from mpmath import inf, mpf

import theory
from tests import witness
from tests.adversary import box
from tests.adversary.box import Reference
from tests.strategies import Point, decades, near_tie
from theory import Problem
from theory.papers import hastie2022, mei2022

DIGITS = 700
FIELDS = ("test", "bias", "df")
SPAN = 100  # decades to either side: products of five of them stay in the range of floats
ROOT = box.Kind(
    decades(-SPAN / 2, SPAN / 2) | decades(-2, 2) | st.sampled_from([1.0, 2.0]), 0.5
)  # is squared
SIZE = box.Kind(decades(-SPAN, SPAN) | decades(-2, 2) | st.sampled_from([1.0, 2.0]), 0.5)
NOT_NEGATIVE = box.Kind(SIZE.drawn | st.just(0.0), 0.25)
POWERS = {"signal": NOT_NEGATIVE, "noise": NOT_NEGATIVE}
SHARE = box.Kind(decades(-SPAN, 0), 0.5)
LEVEL = {"eigenvalue": SIZE, "count": SIZE, "tail": NOT_NEGATIVE}


def one_level(eigenvalue: Any, count: Any, tail: Any, signal: Any, noise: Any) -> Problem:
    return Problem([float(eigenvalue)], [float(signal)], [float(count)], tail=float(tail), noise=float(noise))


def risk(problem: Problem, n: mpf, p: mpf, ridge: mpf) -> dict[str, mpf]:
    """`tests.witness` in many digits, away from the ties that the package decides."""
    point = Point(problem, float(n), float(p), float(ridge))
    assume(not near_tie(point) and float(n) != float(p))
    for size in (point.n, point.p):
        assume(problem.rank != size)
    fields = witness.risk(point, DIGITS)
    return {name: fields[name] for name in FIELDS}


def kernel_truth(n: mpf, ridge: mpf, **level: mpf) -> dict[str, mpf]:
    return risk(one_level(**level), n, mpf(inf), ridge)


def feature_truth(n: mpf, p: mpf, ridge: mpf, **level: mpf) -> dict[str, mpf]:
    return risk(one_level(**level), n, p, ridge)


def mei(psi1: mpf, psi2: mpf, ridge: mpf, mu1: mpf, mu_star2: mpf, signal: mpf, noise: mpf) -> dict[str, mpf]:
    problem = Problem([float(mu1) ** 2], [float(signal)], tail=float(mu_star2), noise=float(noise))
    return risk(problem, psi2, psi1, ridge)


def latent(
    gamma: mpf, psi: mpf, mu: mpf, signal: mpf, noise: mpf, ridge: mpf
) -> dict[str, mpf]:  # fmt: skip
    L = mu / psi
    assume(float(L) < 1e300 and float(psi) < 1)
    assume(abs(gamma - 1) > 1e-6)  # the witness reads 1/gamma as a float: that moves a smaller distance
    problem = Problem(
        [float(1 + L), 1.0],
        [float(signal * L / (1 + L)), 0.0],
        [float(psi), float(1 - psi)],
        tail_power=float(signal / (1 + L)),
        noise=float(noise),
    )
    return {name: risk(problem, 1 / gamma, mpf(inf), ridge)[name] for name in ("test", "bias")}


def _mei(psi1: Any, psi2: Any, ridge: Any, mu1: Any, mu_star2: Any, signal: Any, noise: Any) -> theory.Risk:
    return mei2022.risk(psi1, psi2, ridge, (float(mu1), float(mu_star2)), signal, 0.0, noise)


def _fixed(kind: box.Kind) -> box.Kind:
    return kind._replace(broadcasts=False)


FIXED = {name: _fixed(kind) for name, kind in (LEVEL | POWERS).items()}

REFERENCES: dict[str, Reference] = {
    "ridge": Reference(
        lambda n, ridge, **level: theory.ridge(one_level(**level), n, ridge),
        {"n": SIZE, "ridge": SIZE, **FIXED},
        kernel_truth,
        ("count", "n"),
        rtol=1e-9,
        digits=DIGITS,
        slack=1e-290,
    ),
    "random_features": Reference(
        lambda n, p, ridge, **level: theory.random_features(one_level(**level), n, p, ridge),
        {"n": SIZE, "p": SIZE, "ridge": SIZE, **FIXED},
        feature_truth,
        ("count", "n", "p"),
        rtol=1e-9,
        digits=DIGITS,
        slack=1e-290,
    ),
    "mei2022.risk": Reference(
        _mei,
        {"psi1": SIZE, "psi2": SIZE, "ridge": SIZE, "mu1": _fixed(ROOT), "mu_star2": _fixed(SIZE), **POWERS},
        mei,
        ("psi1", "psi2"),
        rtol=1e-9,
        digits=DIGITS,
        slack=1e-290,
    ),
    "hastie2022.latent": Reference(
        hastie2022.latent,
        {"gamma": SIZE, "psi": SHARE, "mu": NOT_NEGATIVE, **POWERS, "ridge": SIZE},
        latent,
        rtol=1e-9,
        digits=DIGITS,
        slack=1e-290,
    ),
}
