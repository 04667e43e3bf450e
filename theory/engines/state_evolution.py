"""State evolution of logistic regression: what the fit of n, p -> infinity samples and features is.

Three equations in three positive unknowns, solved in their logarithms by Newton's method with the
exact Jacobian. `mixture` serves theory.classification, `teacher` theory.papers.loureiro2021.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from theory.arguments import Array
from theory.engines.proximal import Rule, normal_cuts, normal_density, rule
from theory.errors import ConvergenceError

Equations = Callable[[Array, float], tuple[Array, Array]]
"""(unknowns, ridge) -> residuals and their Jacobian."""

_ASTRAY = (FloatingPointError, np.linalg.LinAlgError)  # overflow or worse, far from a root


def mixture(gamma: float, r: float, ridge: float) -> tuple[float, float, float]:
    """m/(r L), a/L and L of `theory.classification.logistic`; ridge 0 needs gamma < gamma*.

    With b = (1 + L)(-l'(u)) of order 1:  m/r = L/(1 + L) E b/gamma,  a^2 = (L/(1 + L))^2 E b^2/gamma,
    E [L l''/(1 + L l'')] + 2 ridge L = gamma.
    """

    def start(ridge: float) -> Array:  # l' = -1/2, l'' = 1/4
        return np.log([1 / (2 * gamma), 1 / (2 * np.sqrt(gamma)), gamma / (2 * ridge + 0.25)])

    x = solve(lambda x, ridge: mixture_equations(x, gamma, r, ridge), start, ridge, 1 + r * r + gamma)
    along, across, prox = np.exp(x)
    return float(along / (1 + prox)), float(across / (1 + prox)), float(prox)


def mixture_equations(x: Array, gamma: float, r: float, ridge: float) -> tuple[Array, Array]:
    """Residuals and Jacobian for x = log of (1 + L) m/(r L), (1 + L) a/L and L."""
    along, across, prox = np.exp(x)
    free = 1 / (1 + prox)
    m, a = r * along * prox * free, across * prox * free
    mean, scale = r * m, np.hypot(m, a)
    # b^k is e^-k(mean + scale z) at most: its weight lies no further left
    nodes = rule(mean, scale, prox, normal_cuts(-9.0 - min(2 * scale, mean / scale)))
    weight = nodes.weight * normal_density(nodes.z)
    in_x = np.array(  # mean, scale and log prox
        [[mean, 0.0, mean * free], [m**2 / scale, a**2 / scale, scale * free], [0.0, 0.0, 1.0]]
    )
    total, jacobian = nodes.values @ weight, nodes.slopes @ weight @ in_x
    total[2] += 2 * ridge * prox
    jacobian[2, 2] += 2 * ridge * prox
    return np.log(total / gamma) - [x[0], 2 * x[1], 0.0], jacobian / total[:, None] - np.diag([1.0, 2.0, 0.0])


class Teacher(NamedTuple):
    """A student of `omega`, each of weight `share`, that learns sign(u) for a u of variance `rho`."""

    omega: Array
    share: Array
    power: Array
    """Part of rho along each omega."""
    tail: float
    """Part of rho that the student does not see."""
    rho: float
    alpha: float
    """Samples per student dimension."""


class Student(NamedTuple):
    """Covariances of the student's field, and their derivatives in the three unknowns."""

    V: float
    q: float
    m: float
    rest: float
    """rho q - m^2, as a sum of positive terms."""
    slopes: Array
    """Rows for log V, q, m and rest."""


def teacher(model: Teacher, penalty: float) -> tuple[float, float, float, float, float]:
    """V, q, m, error and training loss of `theory.papers.loureiro2021.logistic`."""

    def start(penalty: float) -> Array:  # l' = -1/2, l'' = 1/4
        gain = np.sqrt(2 / (np.pi * model.rho))
        return np.log(model.alpha * np.array([0.25, 0.25, gain / 2]))

    large = 10 * (1 + model.alpha) * float(model.omega.max())
    x = solve(lambda x, penalty: teacher_equations(x, model, penalty), start, penalty, large)
    student = _student(x, model, penalty)
    nodes, weight = _field(student)
    error = float(np.arctan2(np.sqrt(student.rest), student.m) / np.pi)
    train_loss = float(weight @ np.logaddexp(0.0, -nodes.u))
    return float(student.V), float(student.q), float(student.m), error, train_loss


def teacher_equations(x: Array, model: Teacher, penalty: float) -> tuple[Array, Array]:
    """Residuals and Jacobian for x = log of V^, (1 + V)^2 q^ and (1 + V) M."""
    student = _student(x, model, penalty)
    V, q, m, rest, (V_in_x, q_in_x, m_in_x, rest_in_x) = student
    cotangent = m / np.sqrt(rest)
    nodes, weight = _field(student)
    total, slopes = nodes.values @ weight, nodes.slopes @ weight
    tilt = nodes.weight * 2 * nodes.z * normal_density(nodes.z) * normal_density(cotangent * nodes.z)
    jacobian = (
        np.outer(slopes[:, 1], q_in_x / (2 * np.sqrt(q)))
        + np.outer(slopes[:, 2], V_in_x)
        + np.outer(nodes.values @ tilt, m_in_x / np.sqrt(rest) - cotangent * rest_in_x / (2 * rest))
    )
    # the first row is the average over the narrower field
    width = np.sqrt(rest / model.rho)
    nodes = rule(0.0, width, V, normal_cuts())
    weight = nodes.weight * normal_density(nodes.z)
    total[0], slopes = nodes.values[0] @ weight, nodes.slopes[0] @ weight
    jacobian[0] = slopes[1] * rest_in_x / (2 * model.rho * width) + slopes[2] * V_in_x
    jacobian = (jacobian / total[:, None])[::-1] - np.eye(3)
    jacobian[0] -= V_in_x
    gain = np.sqrt(2 / (np.pi * model.rho))
    return np.log(model.alpha * np.array([total[2] / V, total[1], gain * total[0]])) - x, jacobian


def _student(x: Array, model: Teacher, penalty: float) -> Student:
    omega, share, power, tail, rho, _ = model
    stiff, spread, pull = np.exp(x)
    base = omega / (penalty + stiff * omega)
    base_slope = -(stiff * base) * base  # d/d log V^
    V, V_slope = share @ base, share @ base_slope
    learnt = base / (1 + V)
    slope = (base_slope - learnt * V_slope) / (1 + V)
    mean, mean_slope = power @ learnt / rho, power @ slope / rho
    # each with its derivative in log V^
    sample = spread * np.array([share @ learnt**2, 2 * share @ (learnt * slope)])
    signal = pull**2 * np.array([power @ learnt**2, 2 * power @ (learnt * slope)])
    level, level_slope = learnt - mean, slope - mean_slope
    uneven = pull**2 * np.array(
        [
            power @ level**2 + tail * mean**2,
            2 * power @ (level * level_slope) + 2 * tail * mean * mean_slope,
        ]
    )
    q, rest, m = sample + signal, rho * (sample + uneven), pull * rho * np.array([mean, mean_slope])
    slopes = np.array(
        [
            [V_slope / V, 0.0, 0.0],
            [q[1], sample[0], 2 * signal[0]],
            [m[1], 0.0, m[0]],
            [rest[1], rho * sample[0], 2 * rho * uneven[0]],
        ]
    )
    return Student(V, q[0], m[0], rest[0], slopes)


def _field(student: Student) -> tuple[Rule, Array]:
    """Rule and weights over y times the student's field, of density 2 phi(z) Phi(cotangent z)."""
    from scipy.special import ndtr

    cotangent = student.m / np.sqrt(student.rest)
    step = 2.0 ** np.arange(4) / max(cotangent, 0.2)  # Phi is a step of this width
    step = step[step < 9]
    cuts = np.sort(np.concatenate([-step, normal_cuts(), step]))
    nodes = rule(0.0, np.sqrt(student.q), student.V, cuts)
    return nodes, nodes.weight * 2 * normal_density(nodes.z) * ndtr(cotangent * nodes.z)


def solve(equations: Equations, start: Callable[[float], Array], ridge: float, large: float) -> Array:
    """Root of `equations` at this ridge, by Newton from `start(ridge)` or along a path of ridges.

    The path comes down from `large`, where `start` is close, along the tangent in log ridge.

    Raises
    ------
    ConvergenceError
        A step of the path fails however short it is.
    """
    now, shrink = max(large, ridge), 1e-4
    with np.errstate(over="raise", divide="raise", invalid="raise", under="ignore"):
        try:
            x = _newton(equations, start(ridge), ridge, patience=60)
            if x is not None:
                return x
            x = _newton(equations, start(now), now)
            while x is not None and now > ridge:
                # below the ridges that doubles can tell from 0 the path ends
                goal = max(now * shrink, ridge) if now > 1e-290 else ridge
                trial = _newton(equations, _tangent(equations, x, now, goal), goal)
                if trial is not None:
                    x, now, shrink = trial, goal, shrink**1.5
                elif shrink < 0.9:
                    shrink = shrink**0.5
                else:
                    x = None
        except _ASTRAY:
            x = None
    if x is None:
        raise ConvergenceError(
            f"no root of the state evolution at ridge {ridge:g} by Newton's method, directly or down from "
            f"ridge {now:g}; move the size ratio away from the separability threshold, or raise the ridge"
        )
    return x


def _tangent(equations: Equations, x: Array, now: float, goal: float) -> Array:
    """First-order guess of the root at `goal` from the root x at `now`."""
    if goal == 0.0:
        return x
    residual, jacobian = equations(x, now)
    moved, _ = equations(x, now * (1 + 1e-6))
    return x - np.linalg.solve(jacobian, moved - residual) / 1e-6 * np.log(goal / now)


def _newton(equations: Equations, x: Array, ridge: float, patience: int = 250) -> Array | None:
    """Damped Newton to rounding, or None when so many evaluations do not reach it."""
    best, step, length, size = x, np.zeros_like(x), 0.0, np.inf
    try:
        for _ in range(patience):
            residual, jacobian = equations(best + length * step, ridge)
            if np.linalg.norm(residual) <= (1 - 1e-4 * length) * size:
                best, size = best + length * step, float(np.linalg.norm(residual))
                step[:] = -np.linalg.solve(jacobian, residual)
                length = 1 / max(1.0, np.abs(step).max() / 3)  # the unknowns are logarithms
            else:
                length /= 2
            if size <= 1e-15 or length < 1e-4:
                # at a root only rounding stops the descent, and the step to the root is short
                rounding = 1e-14 * (10 + np.abs(best).max())
                return best if size < rounding and np.abs(step).max() < 1e-3 else None
    except _ASTRAY:
        pass
    return None
