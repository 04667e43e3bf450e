"""A claim: a statement, what theory says of it, and an experiment that decides."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from types import SimpleNamespace
from typing import Any, Literal, NamedTuple, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sims.experiments.settings import Settings
from sims.trials.sample import Sample
from sims.verdict import AGREES, Verdict, judge, judge_bound
from theory.papers import DEGREES, Degree

Array = NDArray[np.float64]
Theory = Callable[[Settings], ArrayLike]
Kind = Literal["exact", "asymptotic", "rate", "inequality", "shape"]

KINDS: tuple[Kind, ...] = get_args(Kind)
EQUATIONS = ("exact", "asymptotic", "rate")
"""Kinds that state an equation; the others state a bound."""
VALUES = ("exact", "asymptotic")
"""Kinds whose resolution says how wrong a value could be before it would be noticed."""
FALSE_ALARM = 5e-6
"""Chance of a false alarm on one claim; on two hundred claims it stays below 1e-3."""
RESERVED = ("trials", "seed")
"""Names that no setting may have: they say how a claim is run."""


class Exercise(NamedTuple):
    """A claim whose theory a student can find as a formula of the settings; see sims.exercise."""

    question: str
    """What to find: the statement without its answer."""
    answer: str
    """One formula, or one for each of theory's numbers, separated by `;`."""
    names: Mapping[str, str | tuple[str, ...]] = {}
    """Names that an answer may use beside the settings. Each is a formula of the settings and of the names
    before it, or a tuple of formulas, one for each number that is asked for."""
    elsewhere: Mapping[str, int | float] = {}
    """Other settings at which an answer must hold too, so that a mere number is no answer."""


@dataclass(frozen=True, kw_only=True)
class Claim:
    """A statement and all that it takes to judge it. Its id is the paper's key, a dot, and its name.

    The functions of a claim read its settings from a namespace: s.n, s.d, ...
    """

    statement: str
    """What is claimed, in one or two plain sentences."""
    formula: str
    """The claim as a formula, in the notation of the paper or in plain words."""
    source: str
    """Theorem, equation or figure, with the paper's key in brackets; a dagger follows a number that we know
    from memory or at second hand (`theory.papers.MARK`)."""
    kind: Kind
    """How theory and measurement are related: "exact", they are equal at this size; "asymptotic", they are
    equal up to `allowance`, which falls with size; "rate", the slope of a logarithm is equal to theory's;
    "inequality", theory bounds what is measured; "shape", the sign of a statistic decides."""
    defaults: Mapping[str, int | float | str]
    """The settings and their values; `check --set` changes them, each to a value of its default's type."""
    simulated: str
    """What one trial does and what it measures, in a plain sentence."""
    trial: Callable[[Settings, np.random.Generator], ArrayLike]
    """One random experiment: returns a number or a 1-D array, whose first number is the claim's headline."""
    theory: Theory
    """What the mean of `trial` (or `statistic` of that mean) is said to be: its value or its bound."""
    statistic: Callable[[Settings, Array], ArrayLike] | None = None
    """A function of the mean over trials, such as a slope or a ratio; its standard error is the jackknife's.
    None compares the mean itself."""
    relation: Literal["=", "<=", ">="] = "="
    """How what is measured is related to theory: measured = theory, <= theory or >= theory."""
    allowance: Callable[[Settings], ArrayLike] | float = 0.0
    """Relative error that is granted to theory, a number or a function of the settings."""
    checked: Degree = "derivation"
    """What the statement was compared with besides its experiment: the "text" of the paper, the "code" of its
    authors, or nothing but our "derivation" (`theory.papers.DEGREES`)."""
    labels: tuple[str, ...] = ()
    """Names of the numbers that are compared, in their order; () where there is one."""
    grows: tuple[str, ...] = ()
    """Settings that the full check doubles twice: the gap to theory must shrink as fast as the allowance."""
    trials: int = 64
    """Trials of the full check, at the claim's own size."""
    quick: int = 16
    """Trials of the check with --quick, which is made at the claim's own size alone."""
    expected: Literal["agrees", "disagrees"] = "agrees"
    """The verdict that the experiment must reach; "disagrees" where simulation refutes the statement."""
    why: str = ""
    """Why theory fails here, or how far it holds; needed where the claim is refuted."""
    sabotage: Mapping[str, Theory | Mapping[str, Any]] = field(default_factory=dict)
    """Wrong versions by name, each of which must come out `disagrees`: another theory, or a mapping of other
    fields of the claim (in which "defaults" holds only the settings that change)."""
    exercise: Exercise | None = None
    """The claim as a question to a student; None where its answer is no formula of the settings."""

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"kind = {self.kind!r} must be one of {', '.join(KINDS)}")
        if self.checked not in DEGREES:
            raise ValueError(f"checked = {self.checked!r} must be one of {', '.join(DEGREES)}")
        is_equation = self.kind in EQUATIONS
        if is_equation != (self.relation == "="):
            raise ValueError(f"relation = {self.relation!r} does not fit kind = {self.kind!r}")
        if self.kind == "asymptotic" and not self.grows:
            raise ValueError("grows = () must name the settings that grow: the claim is asymptotic")
        unknown = set(self.grows) - set(self.defaults)
        if unknown:
            raise ValueError(f"grows = {self.grows!r} names {', '.join(sorted(unknown))}: not in defaults")
        reserved = set(RESERVED) & set(self.defaults)
        if reserved:
            raise ValueError(f"defaults must not name {', '.join(sorted(reserved))}; rename that setting")
        if not self.sabotage:
            raise ValueError("sabotage = {} is empty; name a wrong version that the experiment must reject")
        if self.expected != AGREES and not self.why:
            raise ValueError(f"expected = {self.expected!r} needs a reason; fill `why`")

    def sized(self, values: Mapping[str, Any], factor: int) -> dict[str, Any]:
        """The settings at a size `factor` times as large."""
        return {name: v * factor if name in self.grows else v for name, v in values.items()}

    def measure(self, values: Mapping[str, Any], rng: np.random.Generator) -> Array:
        """What one trial measures with these settings."""
        return np.atleast_1d(np.asarray(self.trial(SimpleNamespace(**values), rng), dtype=float))

    def compared(self, values: Mapping[str, Any], sample: Sample) -> Sample:
        """One row per trial, with the mean and standard error of the numbers that theory is compared with.

        Without a `statistic` that is the sample itself; otherwise the rows are the jackknife's pseudo-values.
        """
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
        """Relative error that is granted to theory with these settings."""
        return self.allowance(SimpleNamespace(**values)) if callable(self.allowance) else self.allowance

    def verdict(
        self, values: Mapping[str, Any], compared: Sample, false_alarm: float = FALSE_ALARM
    ) -> Verdict:
        """Verdict on what was measured with these settings, as `compared` gives it."""
        allowed, theory = self.granted(values), self.expectation(values)
        points = compared.values.shape[1]
        if len(theory) not in (1, points):
            raise ValueError(f"theory has {len(theory)} numbers, {points} were measured; give one for each")
        if self.relation == "=":
            return judge(compared, theory, allowed, false_alarm=false_alarm)
        return judge_bound(compared, theory, self.relation, allowed, false_alarm)

    def sabotaged(self, name: str) -> "Claim":
        """The wrong version of that name."""
        change = self.sabotage[name]
        if not isinstance(change, Mapping):
            return replace(self, theory=change)
        fields = dict(change)
        if "defaults" in fields:
            fields["defaults"] = {**self.defaults, **fields["defaults"]}
        return replace(self, **fields)
