"""Forecasts of `sims.sweet_spot.forecast` on real data beside what is measured on held-out rows.

python tests/benchmarks/real_data.py writes REAL_DATA.md beside this file.
"""

import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from sklearn.linear_model import Ridge

from sims import data
from sims.sweet_spot import families, feature_maps, pipeline, prediction
from tests.benchmarks.real_sets import LICENCES, SOURCES, installed

ROWS, HELD_OUT, SPLITS = 250, 1000, 2
SHARE = 0.7  # of a smaller table that is trained on

HEAD = f"""# Forecasts on real data

Written by `python tests/benchmarks/real_data.py`; change nothing by hand. ReLU features, up to {ROWS}
training rows, up to {HELD_OUT} others held out, means over {SPLITS} splits.

- told, measured: squared errors of the recommended width with its ridge, in units of the target's variance
  (for classes: of -1 and 1, or one-hot).
- inside: splits whose measured error lies in the interval, widened by the error of the held-out mean.
- regret: by how much the told ridge errs more on the held-out rows than the best one, worst of five widths.
- twice: error told for {2 * ROWS} rows over the leave-one-out error of so many, where there are.
- ridge, trees: errors of linear ridge and gradient boosting, out of sample on the training rows.
- s: seconds of a forecast without these two.

The laws of more rows were chosen with these sets in sight, all else was not.

| data | package | n | told | measured | inside | regret, % | twice | ridge | trees | s |
| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |
"""


class Trial(NamedTuple):
    """One split of one set."""

    told: float
    measured: float
    inside: bool
    regret: float
    twice: float
    """Told over measured error; nan without rows for it."""
    linear: float
    trees: float
    seconds: float


def trial(table: data.Data, seed: int) -> Trial:
    """Forecast from training rows; fit what is recommended; measure."""
    n = min(ROWS, round(SHARE * len(table.X)))
    parts = data.split(table, n, seed, test=min(HELD_OUT, len(table.X) - n))
    middle = parts.X.mean(axis=0)
    X, X_test = parts.X - middle, parts.X_test - middle
    Y, Y_test = (y.reshape(len(y), -1) for y in (parts.Y, parts.Y_test))
    family = pipeline.Family("relu", feature_maps.bandwidth(X), seed)
    start = time.perf_counter()
    told = prediction.predict(family, X, Y, prediction.grid(n), prediction.NEAR * n)
    seconds = time.perf_counter() - start

    def squares(place: int, ridge: float) -> np.ndarray:
        features = pipeline.features(family, int(told.widths[place])).fit(X)
        model = Ridge(n * ridge).fit(features.transform(X), Y)
        gaps: np.ndarray = (Y_test - model.predict(features.transform(X_test)).reshape(Y_test.shape)) ** 2
        return gaps.sum(axis=1)

    chosen = squares(told.chosen, told.ridge)
    measured, se = chosen.mean(), chosen.std() / np.sqrt(len(chosen))
    low, value, high = told.error.low, told.error.value, told.error.high
    inside = value - np.hypot(value - low, 2 * se) < measured < value + np.hypot(high - value, 2 * se)
    near = np.flatnonzero(told.widths <= prediction.NEAR * n)
    regrets = []
    for place in near[np.linspace(4, len(near) - 1, 5).round().astype(int)]:
        tried = told.curve.ridge[place] * np.geomspace(1e-3, 1e3, 13)
        errors = [squares(place, ridge).mean() for ridge in tried]
        regrets.append(errors[6] / min(errors) - 1)
    rivals = {rival.name: rival.error for rival in families.rivals(X, Y, family.bandwidth)}
    twice = told.ahead.error[1] / _twice(table, n, seed) if len(table.X) > 2.2 * n else np.nan
    return Trial(
        value,
        measured,
        inside,
        max(regrets),
        twice,
        rivals[families.LINEAR],
        rivals[families.TREES],
        seconds,
    )


def _twice(table: data.Data, n: int, seed: int) -> float:
    """Leave-one-out error of the kernel on twice the rows."""
    parts = data.split(table, 2 * n, seed + 1000, test=1)
    X, Y = parts.X - parts.X.mean(axis=0), parts.Y.reshape(2 * n, -1)
    K = feature_maps.gram("relu", X, 1.0)
    squares = families.averaged(K, Y, np.array([np.inf]), families.ridges(K))[0]
    return float(squares.mean(axis=1).min())


def line(name: str, table: data.Data, trials: Sequence[Trial]) -> str:
    """One row of the table."""
    mean = Trial(*(np.mean(field) for field in zip(*trials, strict=True)))
    inside = sum(one.inside for one in trials)
    twice = "" if np.isnan(mean.twice) else f"{mean.twice:.2f}"
    n = min(ROWS, round(SHARE * len(table.X)))
    return (
        f"| {name} | {SOURCES[name].package} | {n} | {mean.told:.3g} | {mean.measured:.3g} | "
        f"{inside} of {len(trials)} | {100 * mean.regret:.1f} | {twice} | {mean.linear:.3g} | "
        f"{mean.trees:.3g} | {mean.seconds:.1f} |"
    )


def main() -> None:
    lines, every = [], []
    for name, table in installed():
        trials = [trial(table, seed) for seed in range(SPLITS)]
        lines.append(line(name, table, trials))
        every += trials
        print(lines[-1], flush=True)
    gap, regret, twice = (
        [abs(np.log(one.measured / one.told)) for one in every],
        [one.regret for one in every],
        [abs(np.log(one.twice)) for one in every if np.isfinite(one.twice)],
    )
    foot = (
        f"\n{len(lines)} sets. Medians: gap of told and measured {100 * np.median(gap):.1f} %, regret "
        f"{100 * np.median(regret):.1f} % (worst {100 * max(regret):.1f} %), twice the data "
        f"{100 * np.median(twice):.1f} % (worst {100 * max(twice):.0f} %). Inside the interval: "
        f"{sum(one.inside for one in every)} of {len(every)}.\n\nLicences: "
        + "; ".join(f"{package} {licence}" for package, licence in LICENCES.items())
        + ".\n"
    )
    path = Path(__file__).with_name("REAL_DATA.md")
    path.write_text(HEAD + "\n".join(lines) + "\n" + foot, encoding="utf-8")


if __name__ == "__main__":
    main()
