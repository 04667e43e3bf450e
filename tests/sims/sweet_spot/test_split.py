"""The data set of a run: read once, but again when its file has another content."""

import os
from pathlib import Path

import numpy as np
import pytest

from sims import data, fit
from sims.sweet_spot import command, pipeline, split
from sims.trials import pool
from sims.trials.inputs import digest


def _written(path: Path, digit: int) -> None:
    rows = "\n".join(f"{i % 7},{digit}.{i % 9}" for i in range(40))
    path.write_text(f"x,y\n{rows}\n")
    os.utime(path, ns=(0, 0))  # a copy may keep the size and the time


def test_a_file_that_is_written_anew_is_read_anew(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    for digit in (1, 2):
        _written(path, digit)
        found = split.loaded(str(path), data.Wanted())
        np.testing.assert_array_equal(found.y, digit + np.arange(40) % 9 / 10)


def test_the_same_content_is_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.csv"
    _written(path, 3)
    first = split.loaded(str(path), data.Wanted())
    monkeypatch.setattr(data, "load", None)
    assert split.loaded(str(path), data.Wanted()) is first


def test_every_way_to_read_a_file_has_trials_of_its_own(tmp_path: Path) -> None:
    """The key in the store holds the numbers that a trial is given, whatever gave them."""
    path = tmp_path / "a.csv"
    path.write_text("x,z,y\n" + "\n".join(f"{i % 7},{i}.5,{1 + i % 5}" for i in range(40)))
    ways = ([], ["--target=x"], ["--drop=z"], ["--log-target"], ["--as=numbers"], ["--as=classes"])
    keys = []
    for words in ways:
        plan = command.plan(command.settings(command.parser().parse_args([str(path), *words])))
        keys.append(digest(plan.trial))
    assert keys[0] == keys[-1]  # few whole numbers are classes by themselves
    assert len(set(keys)) == len(ways) - 1


def test_a_file_that_has_gone_is_missed(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    _written(path, 4)
    split.loaded(str(path), data.Wanted())
    path.unlink()
    with pytest.raises(ValueError, match="no such file"):
        split.loaded(str(path), data.Wanted())


def test_a_trial_measures_ridge_and_least_norm(monkeypatch: pytest.MonkeyPatch) -> None:
    """On rows held out, as the package's own fits do on features of scikit-learn's transformer."""
    parts = split.prepared(data.load("diabetes"), 60, 0)
    fits = split.Fits("relu", (20, 59, 150), (1e-3, 1e-2, 1e-5))
    found = split.trial(fits, parts, np.random.default_rng(3)).reshape(3, 2, -1).mean(axis=2)
    rng, known = np.random.default_rng(3), []
    for width, ridge in zip(fits.widths, fits.ridges, strict=True):
        maps = pipeline.features(pipeline.Family("relu", 1.0, int(rng.integers(2**31))), width).fit(parts.X)
        F, G = maps.transform(parts.X), maps.transform(parts.X_test)
        G, F, level = G - F.mean(axis=0), F - F.mean(axis=0), parts.Y.mean(axis=0)
        for a in (fit.ridge(F, parts.Y - level, ridge), fit.min_norm(F, parts.Y - level)):
            groups = np.array_split(((parts.Y_test - level - G @ a) ** 2).sum(axis=1), split.GROUPS)
            known.append(np.mean([group.mean() for group in groups]))
    np.testing.assert_allclose(found.ravel(), known, rtol=1e-7)
    monkeypatch.setattr(pool, "threads", lambda: 1)
    alone = split.trial(fits, parts, np.random.default_rng(3))
    np.testing.assert_array_equal(alone, split.trial(fits, parts, np.random.default_rng(3)))
    np.testing.assert_allclose(alone.reshape(3, 2, -1).mean(axis=2), found, rtol=1e-10)
