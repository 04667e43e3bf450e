"""Means beside their theory: how improbable the gap is, and which error of theory would have shown."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sims.trials.sample import Sample
from sims.verdict.inputs import ROUNDING, Array, Inputs
from sims.verdict.means import Caution, Means, means
from sims.verdict.result import Outcome
from sims.verdict.shares import Shares, shares

Evidence = Means | Shares


def evidence(sample: Sample, mean: Array, spread: Array, caution: Caution, outcome: Outcome) -> Evidence:
    """What a sample says of its means: by the binomial law for shares, otherwise by `means`."""
    return shares(sample, mean) if outcome == "share" else means(sample, mean, spread, caution)


class Comparison(NamedTuple):
    """Points of a curve, or the curve's points pooled into one."""

    inputs: Inputs
    evidence: Evidence

    def p_values(self) -> Array:
        """Chance of a mean so far from theory and beyond its allowance, at each point."""
        mean, theory, finite = self.inputs.mean, self.inputs.theory, self.inputs.finite
        same = np.where(mean == theory, 1.0, 0.0)  # where one is infinite
        with np.errstate(invalid="ignore"):
            nearest = np.where(
                finite, np.clip(mean, theory - self.inputs.slack, theory + self.inputs.slack), mean
            )
            return np.where(finite, np.minimum(2 * self.evidence.chance(nearest), 1.0), same)

    def detectable(self, level: float) -> tuple[Array, Array]:
        """Error e > 0 such that theory (1 + e) would be rejected by a two-sided test, and for (1 - e).

        It is not below what this run rejects. Another run has another reach and another mean, so a share of
        the one (`unrest`) and a standard error of the other are added. For outcomes near normal, nine in ten
        other runs of 64 trials or more then find 1.2 times the error, and one in five or fewer find half of
        it. Standard error and skewness of long-tailed outcomes differ more from run to run: of 1/chi-square
        with 7 degrees of freedom two in three runs find the former, and up to three in four the latter.
        """
        mean, theory, granted = self.inputs.mean, self.inputs.theory, self.inputs.allowance + ROUNDING
        size = np.abs(theory)
        below, above = self.evidence.reach(level / 2)
        mirrored = theory < 0
        low, high = np.where(mirrored, above, below), np.where(mirrored, below, above)
        more, one = 1 + self.evidence.unrest, self.evidence.se
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            ratio = np.sign(theory) * mean / size
            highest = np.maximum(ratio + high / size, 1 + (more * high + one) / size)
            lowest = np.minimum(ratio - low / size, 1 - (more * low + one) / size)
            up = np.where(granted < 1, highest / (1 - granted) - 1, np.inf)
            down = 1 - lowest / (1 + granted)
        usable = np.isfinite(size) & (size > 0) & np.isfinite(mean) & np.isfinite(one)
        up, down = (np.where(usable & np.isfinite(e), np.maximum(e, 0.0), np.inf) for e in (up, down))
        return up, down

    def beyond(self) -> Array:
        """Standard errors between the mean and theory, beyond the allowance; nan where there are none."""
        with np.errstate(divide="ignore", invalid="ignore"):
            gap = self.inputs.mean - self.inputs.theory
            z = np.sign(gap) * np.maximum(np.abs(gap) - self.inputs.slack, 0.0) / self.evidence.se
        return np.where(np.isfinite(z) & np.isfinite(self.evidence.se), z + 0.0, np.nan)  # no -0


def pooled(
    sample: Sample, points: Comparison, tested: NDArray[np.intp], caution: Caution
) -> Comparison | None:
    """The tested points as one: sum_i mean_i/se_i beside sum_i theory_i/se_i, each with the sign of its
    theory.

    Every trial gives one such sum, so that points of one trial may depend on each other in any way. None
    where fewer than two points show an error.
    """
    inputs, se = points.inputs, points.evidence.se
    usable = inputs.finite & np.isfinite(se) & (se > 0) & (inputs.theory != 0) & (inputs.allowance < 1)
    chosen = tested[usable[tested]]
    if len(chosen) < 2:
        return None
    weight = np.sign(inputs.theory[chosen]) / se[chosen]
    column = sample.values[:, chosen] @ weight
    theory = float(inputs.theory[chosen] @ weight)
    granted = float(inputs.allowance[chosen] @ (inputs.theory[chosen] * weight)) / theory
    together = Sample(column[:, None])
    one = Inputs(together.mean, together.se, inputs.trials, np.array([theory]), np.array([granted]))
    found = means(together, together.mean, np.full(1, np.nan), caution)
    return Comparison(one, found) if np.isfinite(found.se[0]) else None
