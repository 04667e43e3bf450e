"""What was simulated, judged against theory and drawn: points with intervals, open where heavy-tailed."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sims import verdict
from sims.trials import montecarlo
from sims.trials.sample import Sample

if TYPE_CHECKING:
    from sims.claims import Claim

Array = NDArray[np.float64]
FALSE_ALARM = 1e-5
"""Chance that one set of points calls a true theory wrong: below 1e-3 on a hundred sets."""


class Disagreement(ValueError):
    """Simulation that contradicts its theory. A figure of it must not be built."""


class Points(NamedTuple):
    """Simulated points beside their theory."""

    x: Array
    centre: Array
    """Mean; where heavy-tailed the median."""
    low: Array
    high: Array
    """95 % interval of the mean; where heavy-tailed the quantiles 5 % and 95 %."""
    heavy: NDArray[np.bool_]
    theory: Array
    """nan where there is none."""
    resolution: float
    """Smallest relative error of theory that would have been noticed; nan without theory."""


def simulated(
    trial: Callable[[Any, np.random.Generator], ArrayLike],
    grid: Sequence[Any],
    trials: int,
    experiment: str,
    seed: int = 0,
) -> list[Sample]:
    """A Sample for each place of the grid, of `trial(place, rng)`: a number or a 1-D array.

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
    relation: str = "=",
) -> Points:
    """Points of a curve, judged.

    Parameters
    ----------
    x : array_like (points,)
    samples : Sample (trials, points), or one of a single column for each point
    theory : array_like (points,), optional
    allowance : array_like (points,)
        Relative error granted to an asymptotic theory, as for `sims.verdict.judge`.
    heavy : array_like of bool (points,)
        Points that show medians and are not judged.
    relation : "=", "<=" or ">="
        What is measured ... theory.

    Raises
    ------
    Disagreement
        If simulation contradicts theory. Points that decide nothing raise it too.

    >>> sample = Sample(np.random.default_rng(0).normal(2.0, 0.1, size=(20, 3)))
    >>> points([1, 2, 3], sample, theory=2.0).centre.round(1).tolist()
    [2.0, 2.0, 2.0]
    """
    from scipy.special import stdtrit

    if not isinstance(samples, Sample):
        samples = Sample(np.hstack([sample.values for sample in samples]))
    place = np.asarray(x, dtype=float)
    skipped = np.broadcast_to(np.asarray(heavy, dtype=bool), place.shape)
    half = stdtrit(max(samples.trials - 1, 1), 0.975) * samples.se
    centre = np.where(skipped, samples.median, samples.mean)
    low = np.where(skipped, samples.quantile(0.05), samples.mean - half)
    high = np.where(skipped, samples.quantile(0.95), samples.mean + half)
    if theory is None:
        none = np.full(place.shape, np.nan)
        return Points(place, centre, low, high, skipped, none, np.nan)
    expected = np.broadcast_to(np.asarray(theory, dtype=float), place.shape)
    if relation == "=":
        found = verdict.judge(samples, expected, allowance, skipped, FALSE_ALARM)
    else:
        found = verdict.judge_bound(samples, expected, relation, allowance, FALSE_ALARM)  # type: ignore[arg-type]
    if found.status != verdict.AGREES:
        worst = [p.z if p.status == verdict.DISAGREES and p.z is not None else 0.0 for p in found.points]
        at = int(np.argmax(np.abs(worst)))
        raise Disagreement(
            f"simulation {found.status} with theory: at x = {place[at]:g} it is {centre[at]:.4g} +- "
            f"{samples.se[at]:.2g}, theory {expected[at]:.4g}; resolution {found.resolution:.2g}"
        )
    return Points(place, centre, low, high, skipped, expected, found.resolution)


def swept(
    claim: "Claim", name: str, grid: Sequence[Any], trials: int, of: int = 0, **settings: Any
) -> Points:
    """The experiment of a claim at several values of one setting, each beside the claim's theory.

    Parameters
    ----------
    claim : Claim
        One whose relation is "=".
    name : str
        The setting on the x axis.
    grid : sequence
        Its values.
    trials : int
        For each of them.
    of : int
        Which number, where the claim compares several.
    **settings
        Others that differ from the claim's defaults.
    """
    defaults: Mapping[str, Any] = {**claim.defaults, **settings}
    values = [{**defaults, name: type(defaults[name])(place)} for place in grid]
    samples = [
        claim.compared(at, sample)
        for at, sample in zip(values, simulated(lambda i, rng: claim.measure(values[i], rng),
                                                range(len(grid)), trials, claim.statement), strict=True)
    ]  # fmt: skip
    shape = samples[0].values.shape[1:]
    return points(
        [float(place) for place in grid],
        [Sample(sample.values[:, [of]]) for sample in samples],
        [np.broadcast_to(claim.expectation(at), shape)[of] for at in values],
        [float(np.broadcast_to(claim.granted(at), shape)[of]) for at in values],
    )


def scatter(
    axes: Any, found: Points, color: str = "C1", label: str | None = "simulation, 95 %", marker: str = "o"
) -> None:
    """Draw points: filled with the interval of the mean, open with quantiles where heavy-tailed."""
    for chosen, style in (
        (~found.heavy, {"elinewidth": 0.9, "label": label}),
        (found.heavy, {"elinewidth": 0.6, "markerfacecolor": "white",
                       "label": label and "median, 5–95 %"}),
    ):  # fmt: skip
        if chosen.any():
            ends = np.abs(np.array([found.low, found.high]) - found.centre)[:, chosen]
            axes.errorbar(
                found.x[chosen], found.centre[chosen], ends, color=color, fmt=marker, zorder=3, **style
            )


def threshold(axes: Any, x: float, label: str = "") -> None:
    """A thin labelled line."""
    axes.axvline(x, color="0.4", linewidth=0.7, zorder=0)
    axes.annotate(
        label, (x, 1.0), xycoords=("data", "axes fraction"), xytext=(3, -2), textcoords="offset points",
        va="top", color="0.3", fontsize="small",
    )  # fmt: skip


def entries(panels: Iterable[Any]) -> tuple[list[Any], list[str]]:
    """Handles and labels of a legend for several panels, each label once."""
    found: dict[str, Any] = {}
    for axes in panels:
        for handle, label in zip(*axes.get_legend_handles_labels(), strict=True):
            found.setdefault(label, handle)
    return list(found.values()), list(found)


def plain_ticks(axis: Any) -> None:
    """1, 2, 5 rather than powers of ten on a logarithmic axis: a curve often spans less than a decade."""
    from matplotlib.ticker import FormatStrFormatter, LogLocator, NullFormatter

    axis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0)))
    axis.set_major_formatter(FormatStrFormatter("%g"))
    axis.set_minor_formatter(NullFormatter())
