"""A claim: a statement, what theory says of it, and an experiment that decides."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from types import SimpleNamespace
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sims import verdict
from sims.experiments.settings import Settings
from sims.trials.sample import Sample

Array = NDArray[np.float64]
Theory = Callable[[Settings], ArrayLike]
Kind = Literal["exact", "asymptotic", "inequality", "shape", "rate"]

KINDS = ("exact", "asymptotic", "inequality", "shape", "rate")
FALSE_ALARM = 5e-6
"""Chance of a false alarm on one claim: below 1e-3 on two hundred."""


class Exercise(NamedTuple):
    """A claim whose theory a student can find as a formula of the settings; see sims.exercise."""

    question: str
    """What to find: the statement without its answer."""
    answer: str
    """One formula, or one for each of theory's numbers, separated by `;`."""
    names: Mapping[str, str | tuple[str, ...]] = {}
    """Names beside the settings: a formula of these and of the names before, or one for each number."""
    elsewhere: Mapping[str, int | float] = {}
    """Other settings at which an answer must hold too: a number alone is then no answer."""


@dataclass(frozen=True, kw_only=True)
class Claim:
    """A statement and all that it takes to judge it. Its id is the paper's key, a dot, and its name."""

    statement: str
    """One or two plain sentences."""
    formula: str
    source: str
    """Theorem, equation or figure with the key in brackets; "unverified" where only known second hand."""
    kind: Kind
    """exact: equal at this size; asymptotic: equal up to `allowance`, which falls with size; inequality: a
    bound; shape: the statistic that decides has a sign; rate: the slope of a logarithm."""
    defaults: Mapping[str, int | float | str]
    """What --set can change."""
    simulated: str
    """What one trial does, and what it measures."""
    trial: Callable[[Settings, np.random.Generator], ArrayLike]
    """One random experiment: a number or a 1-D array, the claim's headline first."""
    theory: Theory
    """Of the mean of `trial` (or of `statistic` of it): its value or its bound."""
    statistic: Callable[[Settings, Array], ArrayLike] | None = None
    """A function of the mean over trials, such as a slope or a ratio; its error is the jackknife's."""
    relation: Literal["=", "<=", ">="] = "="
    """What is measured ... theory."""
    allowance: Callable[[Settings], ArrayLike] | float = 0.0
    """Relative error granted to theory."""
    labels: tuple[str, ...] = ()
    """Names of the numbers that are compared."""
    grows: tuple[str, ...] = ()
    """Settings that the full check doubles twice: a gap must shrink as fast as the allowance."""
    trials: int = 64
    quick: int = 16
    expected: Literal["agrees", "disagrees"] = "agrees"
    why: str = ""
    """Why theory fails here, or how far it holds."""
    sabotage: Mapping[str, Theory | Mapping[str, Any]] = field(default_factory=dict)
    """Wrong versions that must come out `disagrees`: another theory, or other fields of the claim (where
    "defaults" names those settings alone that change)."""

    exercise: Exercise | None = None

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"kind = {self.kind!r} must be one of {', '.join(KINDS)}")
        if (self.relation == "=") == (self.kind in ("inequality", "shape")):
            raise ValueError(f"relation = {self.relation!r} does not fit kind = {self.kind!r}")
        if (self.kind == "asymptotic") > bool(self.grows):
            raise ValueError("grows = () must name the settings that grow: the claim is asymptotic")
        unknown = set(self.grows) - set(self.defaults)
        if unknown:
            raise ValueError(f"grows = {self.grows!r} names {', '.join(sorted(unknown))}: not in defaults")
        if not self.sabotage:
            raise ValueError("sabotage = {} is empty; name a wrong version that the experiment must reject")
        if self.expected != verdict.AGREES and not self.why:
            raise ValueError(f"expected = {self.expected!r} needs a reason; fill `why`")

    def sized(self, values: Mapping[str, Any], factor: int) -> dict[str, Any]:
        """The settings at a size `factor` times as large."""
        return {name: v * factor if name in self.grows else v for name, v in values.items()}

    def measure(self, values: Mapping[str, Any], rng: np.random.Generator) -> Array:
        """What one trial measures with these settings."""
        return np.atleast_1d(np.asarray(self.trial(SimpleNamespace(**values), rng), dtype=float))

    def compared(self, values: Mapping[str, Any], sample: Sample) -> Sample:
        """One row per trial whose mean and standard error are those of what theory speaks of."""
        if self.statistic is None:
            return sample
        statistic, settings = self.statistic, SimpleNamespace(**values)
        count, total = sample.trials, sample.values.sum(axis=0)

        def of(mean: Array) -> Array:
            return np.atleast_1d(np.asarray(statistic(settings, mean), dtype=float))

        whole = of(total / count)
        if count == 1:
            return Sample(whole[None])
        left_out = np.array([of((total - row) / (count - 1)) for row in sample.values])
        return Sample(count * whole - (count - 1) * left_out)

    def expectation(self, values: Mapping[str, Any]) -> Array:
        """What theory says with these settings."""
        return np.atleast_1d(np.asarray(self.theory(SimpleNamespace(**values)), dtype=float))

    def granted(self, values: Mapping[str, Any]) -> ArrayLike:
        """Relative error granted to theory with these settings."""
        return self.allowance(SimpleNamespace(**values)) if callable(self.allowance) else self.allowance

    def judge(
        self, values: Mapping[str, Any], compared: Sample, false_alarm: float = FALSE_ALARM
    ) -> verdict.Verdict:
        """Verdict on what was measured with these settings."""
        allowed, theory = self.granted(values), self.expectation(values)
        points = compared.values.shape[1]
        if len(theory) not in (1, points):
            raise ValueError(f"theory has {len(theory)} numbers, {points} were measured; give one for each")
        if self.relation == "=":
            return verdict.judge(compared, theory, allowed, false_alarm=false_alarm)
        return verdict.judge_bound(compared, theory, self.relation, allowed, false_alarm)

    def sabotaged(self, name: str) -> "Claim":
        """The wrong version of that name."""
        change = self.sabotage[name]
        if not isinstance(change, Mapping):
            return replace(self, theory=change)
        fields = dict(change)
        if "defaults" in fields:
            fields["defaults"] = {**self.defaults, **fields["defaults"]}
        return replace(self, **fields)
