"""The data set of a run: read once, but again when its file has another content."""

import os
from pathlib import Path

import numpy as np
import pytest

from sims import data
from sims.sweet_spot import command, split
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
