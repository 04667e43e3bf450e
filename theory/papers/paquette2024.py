"""Paquette, Paquette, Xiao, Pennington 2024: compute-optimal scaling of one-pass descent on random features.

Inputs of v coordinates with variances j^-2alpha, a target with coefficients j^-beta, d features W'x; one pass
of stochastic gradient descent costs d flops a row. Given W the loss is exact at every size
(`theory.sgd.one_pass`). Of the paper's phases those are here whose exponents we could derive:
Ia, II and III.
"""

from __future__ import annotations

from typing import NamedTuple

from numpy.typing import ArrayLike

from theory import tradeoff
from theory.arguments import array, scalar
from theory.names import own_names
from theory.papers import Paper
from theory.problem import Problem

__dir__ = own_names(globals())

PAPER = Paper(
    key="paquette2024",
    title="4+3 phases of compute-optimal neural scaling laws",
    authors=("Paquette", "Paquette", "Xiao", "Pennington"),
    error="test",
    penalty="none: stopped after one pass over so many rows",
    statements={
        "problem": "definition",
        "phase": "verified with `exponents`",
        "exponents": "verified roughly (slopes of exact frontiers); own derivation from four terms",
        "frontier": "verified (the risk at every width)",
    },
    topics=("scaling laws", "compute-optimal training", "stochastic gradient descent", "random features"),
)


class Exponents(NamedTuple):
    """Powers of the flops F along the frontier; constants are left out."""

    width: float
    """d ~ F^width is the best width."""
    error: float
    """test - noise ~ F^-error is reached."""


def problem(alpha: float, beta: float, W: ArrayLike, noise: float = 0.0) -> Problem:
    """The problem that the features W'x pose, given W, for `theory.sgd` and all that takes a Problem.

    Coordinates of x have variance j^-2alpha and the target coefficients j^-beta, so that its power is
    j^-(2 alpha + 2 beta), j = 1..v; what W'x cannot express is lost.

    Parameters
    ----------
    alpha, beta : float
    W : (v, d) array_like
        In the paper normal with variance 1/d.
    noise : float >= 0
        Label-noise variance.

    Returns
    -------
    Problem with min(v, d) levels.

    Source: [paquette2024, Sec. 1†]; given W own derivation, `theory.Problem.through`.

    >>> problem(0.8, 1.2, [[1.0, 0.5], [0.5, -1.0], [1.0, 1.0]]).rank
    2.0
    """
    features = array("W", W, 2)
    return _inputs(alpha, beta, len(features), noise).through(features.T)


def _inputs(alpha: float, beta: float, size: int, noise: float) -> Problem:
    a, b = scalar("alpha", alpha), scalar("beta", beta)
    return Problem.power_law(size, 2 * a, 2 * (a + b), noise)


def phase(alpha: float, beta: float) -> str:
    """The phase of the plane: "Ia" for beta < 1/2, "II" for 1/2 < beta < alpha, "III" for beta > alpha.

    With a = alpha and b = beta the excess is a sum of t^-(2a+2b-1)/(2a) (the target is learnt),
    d^-(2a+min(2b-1,0)) (it cannot be expressed), t^-(2a-1)/(2a)/d (features distort) and t^-(4a-1)/(2a)
    (noise of the steps). In "Ia" the first two meet at the optimum, in "II" the first and the third, in "III"
    the last two.

    Parameters
    ----------
    alpha : float > 1/2
    beta : float > 0
        Not 1/2, and not alpha > 1/2: there two phases meet, with logarithms.

    Returns
    -------
    str

    Raises
    ------
    ValueError
        alpha <= 1/2, where the paper has four more phases, or a place between two.

    Source: [paquette2024, Tab. 1†].

    >>> phase(1.0, 0.25), phase(1.0, 0.8), phase(1.0, 1.2)
    ('Ia', 'II', 'III')
    """
    a, b = scalar("alpha", alpha), scalar("beta", beta)
    if a <= 0.5:
        raise ValueError(f"alpha = {a:g} must be greater than 1/2; phases Ib, Ic and IV are not here")
    if b <= 0 or b in (0.5, a):
        raise ValueError(
            f"beta = {b:g} must be positive, and neither 1/2 nor alpha = {a:g}; move it a little"
        )
    if b < 0.5:
        return "Ia"
    return "II" if b < a else "III"


def exponents(alpha: float, beta: float) -> Exponents:
    """Best width and error for F flops, as powers of F.

    Ia: d ~ F^(1/(2a+1)), excess ~ F^-(2a+2b-1)/(2a+1); II: F^(b/(a+b)), F^-(2a+2b-1)/(2(a+b));
    III: F^(1/2), F^-(4a-1)/(4a), where a = alpha and b = beta.

    Parameters
    ----------
    alpha : float > 1/2
    beta : float > 0
        As in `phase`.

    Returns
    -------
    Exponents; at sizes up to some thousand features slopes are up to 0.06 flatter, as terms overlap.

    Source: [paquette2024, Tab. 1†]; own derivation from the four terms of `phase`.

    >>> exponents(1.0, 0.7)
    Exponents(width=0.411..., error=0.705...)
    """
    a, b = scalar("alpha", alpha), scalar("beta", beta)
    learnt = 2 * a + 2 * b - 1
    return {
        "Ia": Exponents(1 / (2 * a + 1), learnt / (2 * a + 1)),
        "II": Exponents(b / (a + b), learnt / (2 * (a + b))),
        "III": Exponents(1 / 2, (4 * a - 1) / (4 * a)),
    }[phase(a, b)]


def frontier(
    alpha: float, beta: float, W: ArrayLike, flops: ArrayLike, widths: ArrayLike, share: float = 0.25
) -> tradeoff.Training:
    """The best width for each number of flops, its steps and its test error, given W.

    F = d t: the first d columns of W are trained for t = F/d steps of one row, without label noise.

    Parameters
    ----------
    alpha, beta : float
    W : (v, d) array_like
        Many more rows than columns where 2 alpha + 2 beta is near 1: v^-(2 alpha + 2 beta - 1) is not there.
    flops : array_like > 0
    widths : (k,) array_like of whole numbers
        Up to d.
    share : float in (0, 1)
        Step over the critical step of each width.

    Returns
    -------
    tradeoff.Training(width, steps, test)

    Source: [paquette2024, Fig. 2†]; exact given W by own derivation.

    >>> frontier(1.0, 0.7, [[1.0, 0.5, 0.2], [0.5, -1.0, 0.1], [1.0, 1.0, -1.0]], [10, 1000], [1, 2, 3]).steps
    array([ 10., 333.])
    """
    features = array("W", W, 2)
    return tradeoff.compute_optimal(
        _inputs(alpha, beta, len(features), 0.0), flops, features.T, widths, share=share
    )
