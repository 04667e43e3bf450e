"""What was simulated, judged against theory and drawn: points with intervals, open where heavy-tailed."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sims import verdict
from sims.trials import montecarlo
from sims.trials.sample import Sample
from sims.verdict.intervals import half_width
from sims.verdict.result import Outcome

if TYPE_CHECKING:
    from sims.claims import Claim

Array = NDArray[np.float64]
FALSE_ALARM = 1e-5
"""Chance that one set of points calls a true theory wrong: below 1e-3 on a hundred sets."""
MEAN, MEDIAN = "simulation, 95 %", "median, 5–95 %"
"""In legends: means with their intervals, and medians with the quantiles 5 % and 95 %."""


class Disagreement(ValueError):
    """Simulation that contradicts its theory. A figure of it must not be built."""


class Points(NamedTuple):
    """Simulated points beside their theory."""

    x: Array
    centre: Array
    """The mean, or where heavy-tailed the median."""
    low: Array
    high: Array
    """The ends of the 95 % interval of the mean, or where heavy-tailed the quantiles 5 % and 95 %."""
    heavy: NDArray[np.bool_]
    """Points that show a median and are not judged."""
    theory: Array
    """What theory says; nan where there is none."""
    resolution: float
    """The common factor of theory that would have been noticed, as a relative error; nan without theory."""
    hidden: float
    """The largest relative error of theory that could hide at a single point; nan without theory."""

    def through(self, function: Callable[[Array], Array]) -> "Points":
        """The same points on another scale: a rising function of their heights, such as the exponential.

        >>> unjudged([1.0], [4.0], [1.0], [9.0]).through(np.sqrt).high.tolist()
        [3.0]
        """
        centre, low, high, theory = map(function, (self.centre, self.low, self.high, self.theory))
        return self._replace(centre=centre, low=low, high=high, theory=theory)

    def where(self, chosen: NDArray[np.bool_]) -> "Points":
        """Those of the points that are chosen.

        >>> unjudged([1.0, 2.0], [3.0, 4.0], [2.5, 3.5], [3.5, 4.5]).where(np.array([False, True])).x.tolist()
        [2.0]
        """
        return Points(
            self.x[chosen], self.centre[chosen], self.low[chosen], self.high[chosen], self.heavy[chosen],
            self.theory[chosen], self.resolution, self.hidden,
        )  # fmt: skip


def simulated(
    trial: Callable[[Any, np.random.Generator], ArrayLike],
    grid: Sequence[Any],
    trials: int,
    experiment: str,
    seed: int = 0,
) -> list[Sample]:
    """Run a trial many times at each place of a grid; one Sample for each place.

    Parameters
    ----------
    trial : function (place, generator) -> number or 1-D array
        One random experiment.
    grid : sequence
        The places, such as sizes or settings.
    trials : int
        How many for each place.
    experiment : str
        Name that the random numbers are drawn by: another name, other draws.
    seed : int
        Another seed, other draws.

    >>> [s.values.shape for s in simulated(lambda place, rng: place + rng.normal(), [1.0, 2.0], 5, "example")]
    [(5, 1), (5, 1)]
    """

    def one(place: Any, rng: np.random.Generator) -> Array:
        return np.atleast_1d(np.asarray(trial(place, rng), dtype=float))

    return montecarlo.sweep(one, grid, trials, seed, experiment)


def points(
    x: ArrayLike,
    samples: Sample | Sequence[Sample],
    theory: ArrayLike | None = None,
    allowance: ArrayLike = 0.0,
    heavy: ArrayLike = False,
    relation: Literal["=", "<=", ">="] = "=",
    outcome: Outcome = "mean",
    spread: ArrayLike = np.nan,
) -> Points:
    """Points of a curve, judged.

    Parameters
    ----------
    x : array_like (points,)
    samples : Sample (trials, points), or one of a single column for each point
    theory : array_like (points,), optional
    allowance : array_like (points,)
        Relative error granted to an asymptotic theory, as for `sims.verdict.judge`. Where a claim states it,
        take `claim.granted(settings)` rather than a copy.
    heavy : array_like of bool (points,)
        Points that show medians and are not judged, because their mean is infinite or useless.
    relation : "=", "<=" or ">="
        How the measured mean should stand to theory.
    outcome : "mean", "share" or "every"
        What is said of the trials, as for `sims.verdict.judge`: "every" of what holds in each of them.
    spread : array_like (points,) >= 0
        Standard deviation of one trial where theory knows it, else nan; of no use to a bound.

    Returns
    -------
    Points

    Raises
    ------
    Disagreement
        If simulation contradicts theory, or if the points decide nothing.

    >>> sample = Sample(np.random.default_rng(0).normal(2.0, 0.1, size=(20, 3)))
    >>> points([1, 2, 3], sample, theory=2.0).centre.round(1).tolist()
    [2.0, 2.0, 2.0]
    """
    if not isinstance(samples, Sample):
        samples = Sample(np.hstack([sample.values for sample in samples]))
    place = np.asarray(x, dtype=float)
    skipped = np.broadcast_to(np.asarray(heavy, dtype=bool), place.shape)
    half = half_width(samples.se, samples.trials)
    centre = np.where(skipped, samples.median, samples.mean)
    low = np.where(skipped, samples.quantile(0.05), samples.mean - half)
    high = np.where(skipped, samples.quantile(0.95), samples.mean + half)
    if theory is None:
        return unjudged(place, centre, low, high, skipped)
    expected = np.broadcast_to(np.asarray(theory, dtype=float), place.shape)
    if relation == "=":
        found = verdict.judge(samples, expected, allowance, skipped, FALSE_ALARM, spread, outcome=outcome)
    else:
        found = verdict.judge_bound(
            samples,
            expected,
            relation,
            allowance,
            FALSE_ALARM,
            heavy_tailed=skipped,
            outcome=outcome,
        )
    if found.status != verdict.AGREES:
        worst = [p.z if p.status == verdict.DISAGREES and p.z is not None else 0.0 for p in found.points]
        at = int(np.argmax(np.abs(worst)))
        raise Disagreement(
            f"simulation {found.status} with theory: at x = {place[at]:g} it is {centre[at]:.4g} +- "
            f"{samples.se[at]:.2g}, theory {expected[at]:.4g}; resolution {found.resolution:.2g}"
        )
    return Points(place, centre, low, high, skipped, expected, found.resolution, found.hidden)


def unjudged(
    x: ArrayLike, centre: ArrayLike, low: ArrayLike, high: ArrayLike, heavy: ArrayLike = False
) -> Points:
    """Points that have no theory beside them, to be drawn as others are.

    >>> unjudged([1.0, 2.0], [3.0, 4.0], [2.5, 3.5], [3.5, 4.5]).heavy.tolist()
    [False, False]
    """
    place, middle, bottom, top = (np.asarray(values, dtype=float) for values in (x, centre, low, high))
    skipped = np.broadcast_to(np.asarray(heavy, dtype=bool), place.shape)
    return Points(place, middle, bottom, top, skipped, np.full(place.shape, np.nan), np.nan, np.nan)


def swept(
    claim: "Claim",
    name: str,
    grid: Sequence[Any],
    trials: int,
    experiment: str,
    of: int = 0,
    **settings: Any,
) -> Points:
    """Run the experiment of a claim at several values of one setting, and judge each by the claim's theory.

    Use it where a figure shows what a claim states; `simulated` and `points` serve all other figures.

    Parameters
    ----------
    claim : Claim
        A claim whose relation is "=".
    name : str
        Name of the setting on the x axis.
    grid : sequence
        Values of that setting.
    trials : int
        How many for each value.
    experiment : str
        Name that the random numbers are drawn by, as for `simulated`: another name, other draws.
    of : int
        Index of the number to show, where the claim compares several.
    **settings
        Other settings that differ from the claim's defaults.

    Raises
    ------
    Disagreement
        As `points` does.
    """
    defaults: Mapping[str, Any] = {**claim.defaults, **settings}
    values = [{**defaults, name: type(defaults[name])(place)} for place in grid]
    samples = [
        claim.compared(at, sample)
        for at, sample in zip(values, simulated(lambda i, rng: claim.measure(values[i], rng),
                                                range(len(grid)), trials, experiment), strict=True)
    ]  # fmt: skip
    shape = samples[0].values.shape[1:]
    heavy = claim.heavy_tailed is not None and [
        bool(np.broadcast_to(claim.heavy_tailed(SimpleNamespace(**at)), shape)[of]) for at in values
    ]
    return points(
        [float(place) for place in grid],
        [Sample(sample.values[:, [of]]) for sample in samples],
        [np.broadcast_to(claim.expectation(at), shape)[of] for at in values],
        [float(np.broadcast_to(claim.granted(at), shape)[of]) for at in values],
        heavy,
        outcome=claim.outcome,
    )


def scatter(
    axes: Any,
    shown: Points,
    color: str = "C1",
    label: str | None = MEAN,
    marker: str = "o",
    hollow: bool = False,
) -> None:
    """Draw points: filled with the interval of the mean, open with quantiles where heavy-tailed.

    Without a `label` they share the legend's entry of the line of their colour, but for `hollow` ones, which
    stand where theory does not hold.
    """
    face = "white" if hollow else color
    if label is None and not hollow:
        _in_legend(axes, color, marker)
    for chosen, style in (
        (~shown.heavy, {"elinewidth": 0.9, "markerfacecolor": face, "label": label}),
        (shown.heavy, {"elinewidth": 0.6, "markerfacecolor": "white", "label": label and MEDIAN}),
    ):  # fmt: skip
        if chosen.any():
            ends = np.abs(np.array([shown.low, shown.high]) - shown.centre)[:, chosen]
            axes.errorbar(
                shown.x[chosen], shown.centre[chosen], ends, color=color, fmt=marker, zorder=3, **style
            )


def _in_legend(axes: Any, color: str, marker: str) -> None:
    """Give the entry of the last line of a colour a mark, by which it is told from others in grey."""
    from matplotlib.colors import same_color

    for line in reversed(axes.lines):
        if same_color(line.get_color(), color) and not line.get_label().startswith("_"):
            line.set(marker=marker, markevery=[])  # none on the line itself
            return


def threshold(axes: Any, x: float, label: str = "", size: str = "small") -> None:
    """A thin vertical line with its name at the top; `size` is the font size of the name."""
    axes.axvline(x, color="0.4", linewidth=0.7, zorder=0)
    axes.annotate(
        label, (x, 1.0), xycoords=("data", "axes fraction"), xytext=(3, -2), textcoords="offset points",
        va="top", color="0.3", fontsize=size,
    )  # fmt: skip


def entries(panels: Iterable[Any]) -> tuple[list[Any], list[str]]:
    """Handles and labels for one legend of several panels; a label that several of them have stands once."""
    handles: dict[str, Any] = {}
    for axes in panels:
        for handle, label in zip(*axes.get_legend_handles_labels(), strict=True):
            handles.setdefault(label, handle)
    return list(handles.values()), list(handles)


def plain_ticks(axis: Any) -> None:
    """Label a logarithmic axis at 1, 2, 5, 10 and so on, since a curve often spans less than a decade."""
    from matplotlib.ticker import FormatStrFormatter, LogLocator, NullFormatter

    axis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0)))
    axis.set_major_formatter(FormatStrFormatter("%g"))
    axis.set_minor_formatter(NullFormatter())
