"""Forecasts of `sims.sweet_spot.forecast` on real data beside what is measured on held-out rows.

python tests/benchmarks/real_data.py writes REAL_DATA.md beside this file.
"""

import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from sims import data
from sims.fit import cutoff
from sims.sweet_spot import families, feature_maps, learning, pipeline, prediction, recommended, row_errors
from sims.sweet_spot.checked import checked
from sims.sweet_spot.pipeline import Columns, units
from sims.sweet_spot.split import Fits, PreparedSplit, held_out, prepared
from sims.sweet_spot.split import trial as trial_of_features
from tests.benchmarks.real_sets import LICENCES, SOURCES, installed

ROWS, SPLITS = 250, 4
COVERED = 24  # splits on which the interval alone is looked at, which is cheap
TWICE = 20  # splits of twice the rows
DRAWS = 6  # of the features, with ridge 0
THRESHOLD = np.array([0.7, 0.85, 1.15, 1.5, 3.0])  # p/n
SHARE = 0.7  # of a smaller table that is trained on

HEAD = f"""# Forecasts on real data

Written by `python tests/benchmarks/real_data.py`; change nothing by hand. ReLU features, up to {ROWS}
training rows, up to 1000 others held out, means over {SPLITS} splits.

- told, measured: squared errors of the recommended pipeline, run on the columns as they come, in units of
  the target's variance (for classes: of -1 and 1, or one-hot).
- inside: of {COVERED} splits, those whose measured error lies in the interval, widened by the error of the
  held-out mean; the others lie below + above it.
- regret: by how much the told ridges err more, over the splits, than the best one of all, which knows the
  held-out rows; worst of five widths.
- twice: the error of infinitely many features after twice the rows, told from half of up to {2 * ROWS} rows,
  beside the leave-one-out error of all of them. The mean logarithm of told over measured, with its standard
  error over {TWICE} splits, is the bias of the law; the median of its size holds chance too, for the
  other half of the rows is harder or easier. Rows of equal inputs are left out together.
- chance: the median size that chance alone gives, 0.674 of the relative standard error of the leave-one-out
  error of half of the rows over the root of 2.
- covered: how often the error of all lies in the interval that is told from half.
- ridge 0: median |log| of the told mean over draws beside the median of {DRAWS} measured ones, at p/n = 0.7,
  0.85, 1.15, 1.5 and 3; inf where rows repeat others, so that one cannot be replaced.
- ridge, kernel, trees: errors of linear ridge, Gaussian kernel ridge and gradient boosting, out of sample on
  the training rows.
- s: processor seconds of a forecast without these three.

The prior of the laws of more rows was chosen on every second set, by name, and on simulated rows; it does as
well on the others. Their doubt was chosen with all sets in sight, and the intervals after a look at their
misses, though no number in them is fitted; all else was not.

| data | package | n | told | measured | inside | regret, % | ridge 0 | ridge | kernel | trees | s |
| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |
"""
HEAD_TWICE = """
| twice the rows | from n | bias, % | median size, % | chance, % | covered |
| --- | --- | --- | --- | --- | --- |
"""


class Trial(NamedTuple):
    """One split of one set."""

    told: float
    measured: float
    chosen: np.ndarray
    """Errors of the told ridges at five widths ..."""
    every: np.ndarray
    """... and of every ridge, (widths, ridges)."""
    ridgeless: np.ndarray
    """|log(measured/told)| with ridge 0."""
    linear: float
    kernel: float
    trees: float
    seconds: float


class Twice(NamedTuple):
    """One split of one set into the rows that are told from and as many others."""

    gap: float
    """Logarithm of told over measured error of all rows."""
    level: float
    """Relative standard error of the leave-one-out error of the rows that are told from."""
    covered: bool


def trial(table: data.Data, seed: int) -> Trial:
    """Forecast from training rows; run what is recommended; measure."""
    n = rows_of(table)
    split = prepared(table, n, seed)
    training, testing = data.rows(table, n, seed, test=held_out(table, n))
    known = table._replace(X=table.X[training], y=table.y[training])
    family = pipeline.Family("relu", split.bandwidth, seed)
    start = time.process_time()
    K = feature_maps.gram(family.name, split.X, family.bandwidth)
    told = prediction.predict(family, split.X, K, split.Y, prediction.grid(n), prediction.NEAR * n)
    seconds = time.process_time() - start
    source = prediction.Source()
    found = prediction.told(told, family, split.X, K, split.Y, known, Columns.of(table), source)
    inputs = table.X / np.array(units(known))
    unit = (0.0, 1.0) if table.classes else (float(known.y.mean()), float(known.y.std()))
    fitted = inputs[training], known.y
    classes = table.classes is not None
    run = recommended.run(found.pipeline, fitted, inputs[testing], split.Y_test, classes, unit)["error"]
    chosen, every = _of_ridges(told, family, split)
    errors = {rival.name: rival.error for rival in found.rivals}
    linear, kernel, trees = (errors[name] for name in (families.LINEAR, families.KERNEL, families.TREES))
    value, without = found.recommended.error.value, _ridgeless(K, split, seed)
    return Trial(value, run.value, chosen, every, without, linear, kernel, trees, seconds)


def rows_of(table: data.Data) -> int:
    """How many rows of a table are trained on."""
    return min(ROWS, round(SHARE * len(table.X)))


def _of_ridges(
    told: prediction.Prediction, family: pipeline.Family, split: PreparedSplit
) -> tuple[np.ndarray, np.ndarray]:
    """Errors on held-out rows at five widths: of the told ridge, and of every one."""
    ridges = row_errors.ridges(feature_maps.gram(family.name, split.X, family.bandwidth))
    near = np.flatnonzero(told.widths <= told.most)
    places = near[np.linspace(4, len(near) - 1, 5).round().astype(int)]
    level, every = split.Y.mean(axis=0), []
    for place in places:
        maps = pipeline.features(family, int(told.widths[place])).fit(split.X)
        F, F_test = maps.transform(split.X), maps.transform(split.X_test)
        left, s, right = cutoff.svd(F - F.mean(axis=0))
        inner, outer = left.T @ (split.Y - level), (F_test - F.mean(axis=0)) @ right.T
        gains = [s / (s**2 + told.n * ridge) for ridge in ridges]
        gaps = [split.Y_test - level - outer @ (gain[:, None] * inner) for gain in gains]
        every.append([(gap**2).sum(axis=1).mean() for gap in gaps])
    errors = np.array(every)
    columns = np.abs(np.log(ridges[:, None] / told.curve.ridge[places])).argmin(axis=0)
    return errors[np.arange(len(places)), columns], errors


def _ridgeless(K: np.ndarray, split: PreparedSplit, seed: int) -> np.ndarray:
    """|log(measured/told)| with ridge 0 at widths beside the threshold; fits with ridge do not count."""
    widths = np.round(THRESHOLD * len(K))
    fits = Fits("relu", tuple(widths.astype(int).tolist()), len(widths) * (1.0,))
    draws = [trial_of_features(fits, split, np.random.default_rng([seed, draw])) for draw in range(DRAWS)]
    errors = np.reshape(draws, (DRAWS, len(widths), 2, -1))[:, :, 1].mean(axis=2)
    return np.abs(np.log(np.median(errors, axis=0)) - np.log(row_errors.ridgeless(K, split.Y, widths)))


def half(table: data.Data) -> int:
    """How many rows tell the error of twice as many."""
    return min(ROWS, (len(table.X) - 1) // 2)


def twice(table: data.Data, seed: int) -> Twice:
    """Half of the rows tell the error of all, which is measured."""
    n = half(table)
    parts = data.split(table, 2 * n, seed + 1000, test=1)
    X, Y = parts.X - parts.X.mean(axis=0), parts.Y.reshape(2 * n, -1)
    K = feature_maps.gram("relu", X, 1.0)

    def left_out(rows: int) -> np.ndarray:
        part, places = K[:rows, :rows], np.arange(rows)
        groups, penalties = learning.groups(X[:rows]), row_errors.ridges(part)
        return row_errors.best(row_errors.of_part(part, Y[:rows], places, groups, penalties))

    rng = np.random.default_rng(seed)
    known = learning.measured(K[:n, :n], Y[:n], learning.groups(X[:n]), left_out(n), rng)
    told = learning.extrapolated(known, np.array([2.0 * n]), rng)
    measured = float(left_out(2 * n).mean())
    covered = bool(told.low[0] < measured < told.high[0])
    return Twice(float(np.log(told.error[0] / measured)), known.level, covered)


def regret(trials: Sequence[Trial]) -> float:
    """Of the told ridges, over the splits, at the worst width."""
    chosen, every = (np.mean([getattr(one, name) for one in trials], axis=0) for name in ("chosen", "every"))
    return float((chosen / every.min(axis=1)).max() - 1)


def line(name: str, table: data.Data, trials: Sequence[Trial], sides: Sequence[int]) -> str:
    """One row of the table."""
    mean = {
        name: float(np.mean([getattr(one, name) for one in trials]))
        for name in ("told", "measured", "linear", "kernel", "trees", "seconds")
    }
    inside = f"{sides.count(0)} ({sides.count(-1)} + {sides.count(1)})"
    without = np.median([one.ridgeless for one in trials])
    numbers = " | ".join(f"{mean[name]:.3g}" for name in ("linear", "kernel", "trees"))
    return (
        f"| {name} | {SOURCES[name].package} | {rows_of(table)} | {mean['told']:.3g} | "
        f"{mean['measured']:.3g} | {inside} | {100 * regret(trials):.1f} | {without:.2f} | "
        f"{numbers} | {mean['seconds']:.1f} |"
    )


def line_twice(name: str, table: data.Data, trials: Sequence[Twice]) -> str:
    """One row of the table of twice the rows."""
    gap, level, covered = (np.array(values) for values in zip(*trials, strict=True))
    se = gap.std(ddof=1) / np.sqrt(len(gap))
    return (
        f"| {name} | {half(table)} | {100 * gap.mean():+.1f} ± {100 * se:.1f} | "
        f"{100 * np.median(np.abs(gap)):.1f} | {100 * _chance(level):.1f} | {covered.sum()} of {len(gap)} |"
    )


def _chance(level: np.ndarray) -> float:
    """Median size of a normal number that has the variance which half of the rows have beside all."""
    return float(0.674 * np.median(level) / np.sqrt(2))


def main() -> None:
    sets = list(installed())
    lines, every, regrets, places = [], [], [], []
    for name, table in sets:
        trials = [trial(table, seed) for seed in range(SPLITS)]
        sides = [checked(table, rows_of(table), 1000 + seed).side for seed in range(COVERED)]
        lines.append(line(name, table, trials, sides))
        places += sides
        every += trials
        regrets.append(regret(trials))
        print(lines[-1], flush=True)
    ahead = {name: [twice(table, seed) for seed in range(TWICE)] for name, table in sets}
    more = [line_twice(name, table, ahead[name]) for name, table in sets]
    gap = [abs(np.log(one.measured / one.told)) for one in every]
    gaps, levels, covered = np.array([list(zip(*ahead[name], strict=True)) for name, _ in sets]).swapaxes(
        0, 1
    )
    bias, without = gaps.mean(axis=1), np.array([one.ridgeless for one in every])
    foot = (
        f"\n{len(lines)} sets. Medians: gap of told and measured {100 * np.median(gap):.1f} %, regret "
        f"{100 * np.median(regrets):.1f} % (worst {100 * max(regrets):.1f} %). Inside the interval: "
        f"{100 * places.count(0) / len(places):.1f} % of {len(places)} splits; {places.count(-1)} are below "
        f"and {places.count(1)} above. Ridge 0: median |log| "
        f"{np.median(without):.2f}, at each p/n "
        f"{', '.join(f'{gap:.2f}' for gap in np.median(without, axis=0))}.\n"
    )
    foot_twice = (
        f"\nTwice the rows: median size of the bias {100 * np.median(np.abs(bias)):.1f} % (worst "
        f"{100 * np.abs(bias).max():.0f} %), its mean {100 * bias.mean():+.1f} %; median size with chance "
        f"{100 * np.median(np.abs(gaps)):.1f} %, of chance alone {100 * _chance(levels):.1f} %; covered "
        f"{100 * covered.mean():.0f} %.\n\nLicences: "
        + "; ".join(f"{package} {licence}" for package, licence in LICENCES.items())
        + ".\n"
    )
    text = HEAD + "\n".join(lines) + "\n" + foot + HEAD_TWICE + "\n".join(more) + "\n" + foot_twice
    Path(__file__).with_name("REAL_DATA.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
