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
from sims.sweet_spot import families, feature_maps, pipeline, prediction, recommended, row_errors
from sims.sweet_spot.pipeline import Columns, units
from sims.sweet_spot.split import PreparedSplit, held_out, prepared
from tests.benchmarks.real_sets import LICENCES, SOURCES, installed

ROWS, SPLITS = 250, 4
COVERED = 24  # splits on which the interval alone is looked at, which is cheap
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
- twice: error told for {2 * ROWS} rows over the leave-one-out error of so many, where there are.
- ridge, kernel, trees: errors of linear ridge, Gaussian kernel ridge and gradient boosting, out of sample on
  the training rows.
- s: processor seconds of a forecast without these three.

The laws of more rows were chosen with these sets in sight, and the intervals after a look at their misses,
though no number in them is fitted; all else was not.

| data | package | n | told | measured | inside | regret, % | twice | ridge | kernel | trees | s |
| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |
"""


class Trial(NamedTuple):
    """One split of one set."""

    told: float
    measured: float
    chosen: np.ndarray
    """Errors of the told ridges at five widths ..."""
    every: np.ndarray
    """... and of every ridge, (widths, ridges)."""
    twice: float
    """Told over measured error; nan without rows for it."""
    linear: float
    kernel: float
    trees: float
    seconds: float


def trial(table: data.Data, seed: int) -> Trial:
    """Forecast from training rows; run what is recommended; measure."""
    n = rows_of(table)
    split = prepared(table, n, seed)
    training, testing = data.rows(table, n, seed, test=held_out(table, n))
    known = table._replace(X=table.X[training], y=table.y[training])
    family = pipeline.Family("relu", split.bandwidth, seed)
    start = time.process_time()
    told = prediction.predict(family, split.X, split.Y, prediction.grid(n), prediction.NEAR * n)
    seconds = time.process_time() - start
    source = prediction.Source()
    found = prediction.told(told, family, split.X, split.Y, known, Columns.of(table), source)
    inputs = table.X / np.array(units(known))
    unit = (0.0, 1.0) if table.classes else (float(known.y.mean()), float(known.y.std()))
    fitted = inputs[training], known.y
    classes = table.classes is not None
    run = recommended.run(found.pipeline, fitted, inputs[testing], split.Y_test, classes, unit)["error"]
    chosen, every = _of_ridges(told, family, split)
    errors = {rival.name: rival.error for rival in found.rivals}
    twice = told.ahead.error[1] / _twice(table, n, seed) if len(table.X) > 2.2 * n else np.nan
    linear, kernel, trees = (errors[name] for name in (families.LINEAR, families.KERNEL, families.TREES))
    value = found.recommended.error.value
    return Trial(value, run.value, chosen, every, twice, linear, kernel, trees, seconds)


def side(table: data.Data, seed: int) -> int:
    """Where the measured error of another split lies: -1 below the interval, 0 inside, 1 above."""
    n = rows_of(table)
    split = prepared(table, n, seed)
    family = pipeline.Family("relu", split.bandwidth, seed)
    told = prediction.predict(family, split.X, split.Y, prediction.grid(n), prediction.NEAR * n)
    found = prediction.recommend(told, family, split.X, split.Y, families.linear(split.X, split.Y))
    columns = Columns(missing=False, pixels=True, classes=False)  # they are scaled as the forecast has them
    model = prediction.built(found, family, columns).fit(split.X, split.Y)
    predicted = model.predict(split.X_test).reshape(split.Y_test.shape)
    squares = ((split.Y_test - predicted) ** 2).sum(axis=1)
    measured, se = squares.mean(), squares.std(ddof=1) / np.sqrt(len(squares))
    value, low, high = found.error
    below = measured < value - np.hypot(value - low, 2 * se)
    return int(measured > value + np.hypot(high - value, 2 * se)) - int(below)


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


def _twice(table: data.Data, n: int, seed: int) -> float:
    """Leave-one-out error of the kernel on twice the rows."""
    parts = data.split(table, 2 * n, seed + 1000, test=1)
    X, Y = parts.X - parts.X.mean(axis=0), parts.Y.reshape(2 * n, -1)
    K = feature_maps.gram("relu", X, 1.0)
    squares = row_errors.averaged(K, Y, np.array([np.inf]), row_errors.ridges(K))[0]
    return float(squares.mean(axis=1).min())


def regret(trials: Sequence[Trial]) -> float:
    """Of the told ridges, over the splits, at the worst width."""
    chosen, every = (np.mean([getattr(one, name) for one in trials], axis=0) for name in ("chosen", "every"))
    return float((chosen / every.min(axis=1)).max() - 1)


def line(name: str, table: data.Data, trials: Sequence[Trial], sides: Sequence[int]) -> str:
    """One row of the table."""
    mean = {
        name: float(np.mean([getattr(one, name) for one in trials]))
        for name in ("told", "measured", "twice", "linear", "kernel", "trees", "seconds")
    }
    inside = f"{sides.count(0)} ({sides.count(-1)} + {sides.count(1)})"
    twice = "" if np.isnan(mean["twice"]) else f"{mean['twice']:.2f}"
    numbers = " | ".join(f"{mean[name]:.3g}" for name in ("linear", "kernel", "trees"))
    return (
        f"| {name} | {SOURCES[name].package} | {rows_of(table)} | {mean['told']:.3g} | "
        f"{mean['measured']:.3g} | {inside} | {100 * regret(trials):.1f} | {twice} | "
        f"{numbers} | {mean['seconds']:.1f} |"
    )


def main() -> None:
    lines, every, regrets, places = [], [], [], []
    for name, table in installed():
        trials = [trial(table, seed) for seed in range(SPLITS)]
        sides = [side(table, 1000 + seed) for seed in range(COVERED)]
        lines.append(line(name, table, trials, sides))
        places += sides
        every += trials
        regrets.append(regret(trials))
        print(lines[-1], flush=True)
    gap, twice = (
        [abs(np.log(one.measured / one.told)) for one in every],
        [abs(np.log(one.twice)) for one in every if np.isfinite(one.twice)],
    )
    foot = (
        f"\n{len(lines)} sets. Medians: gap of told and measured {100 * np.median(gap):.1f} %, regret "
        f"{100 * np.median(regrets):.1f} % (worst {100 * max(regrets):.1f} %), twice the data "
        f"{100 * np.median(twice):.1f} % (worst {100 * max(twice):.0f} %). Inside the interval: "
        f"{100 * places.count(0) / len(places):.1f} % of {len(places)} splits; {places.count(-1)} are below "
        f"and {places.count(1)} above.\n\nLicences: "
        + "; ".join(f"{package} {licence}" for package, licence in LICENCES.items())
        + ".\n"
    )
    path = Path(__file__).with_name("REAL_DATA.md")
    path.write_text(HEAD + "\n".join(lines) + "\n" + foot, encoding="utf-8")


if __name__ == "__main__":
    main()
