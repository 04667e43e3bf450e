"""What a stored trial is known by: everything that the trial of each command reads, and nothing beside it."""

import dataclasses
import json
import pickle
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sims.belkin2019 import command as belkin2019
from sims.claims import registry, run
from sims.double_descent import command as double_descent
from sims.ntk import command as ntk
from sims.shell.session import Effort, Plan, Session, simulate
from sims.sweet_spot import command as sweet_spot
from sims.trials import store
from tests.sims.commands import ENVIRONMENT


class Kept(Session):
    """A session that keeps plans in place of running them."""

    plan: Plan

    def simulate(self, plan: Plan) -> Any:
        self.plan = plan
        raise LookupError("kept")


def _plan(command: Any, *words: str) -> Plan:
    plan: Plan = command.plan(command.settings(command.parser().parse_args(words)))
    return plan


def _claim(name: str) -> Plan:
    kept = Kept()
    run.check(name, registry.find(name).defaults, run.Options(quick=True), kept)
    return kept.plan


@pytest.fixture(scope="module")
def plans(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Plan]:
    """A plan of each command that runs trials."""
    file = tmp_path_factory.mktemp("data") / "a.csv"
    _write(file, lambda i: f"{i * i % 17}.5")
    return {
        "double_descent": _plan(double_descent, "--quick"),
        "ntk": _plan(ntk, "--quick"),
        "sweet_spot": _plan(sweet_spot, str(file), "--n", "40"),
        "belkin2019": _plan(belkin2019, "all", "--data", "digits"),
        "claims": _claim("mei2022.peak"),
    }


def _write(path: Path, target: Any) -> None:
    rows = np.random.default_rng(0).standard_normal((120, 3))
    lines = [f"{a},{b},{c},{target(i)}" for i, (a, b, c) in enumerate(rows)]
    path.write_text("\n".join(["a,b,c,y", *lines]) + "\n", encoding="utf-8")


def _changed(value: Any) -> Iterator[tuple[str, Any]]:
    """`value` with each of the numbers and texts that it holds changed in turn, and which it was."""
    if isinstance(value, partial):
        for name, inner in _changed(value.args):
            yield name, partial(value.func, *inner)
    elif isinstance(value, np.ndarray):
        other = value.copy()
        other.flat[-1] += 1
        yield "array", other
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            for name, inner in _changed(getattr(value, field.name)):
                yield f"{field.name} {name}", dataclasses.replace(value, **{field.name: inner})  # type: ignore[type-var]
    elif isinstance(value, tuple) and value:
        for i, entry in enumerate(value):
            for name, inner in _changed(entry):
                entries = (*value[:i], inner, *value[i + 1 :])
                yield f"{i} {name}", type(value)(*entries) if hasattr(value, "_fields") else entries
    elif isinstance(value, Mapping):
        for key, entry in value.items():
            for name, inner in _changed(entry):
                yield f"{key} {name}", {**value, key: inner}
    elif isinstance(value, bool):
        yield "bool", not value
    elif isinstance(value, int | float):
        yield "number", value + 1
    elif isinstance(value, str):
        yield "text", value + "x"
    elif value is None:
        yield "none", 1
    else:
        assert value == ()  # or a kind of input that this test must learn


@pytest.mark.parametrize("command", ["double_descent", "ntk", "sweet_spot", "belkin2019", "claims"])
def test_each_argument_of_the_trial_changes_the_key(command: str, plans: dict[str, Plan]) -> None:
    plan = plans[command]
    keys = {"": plan.provenance.key(0)}
    for name, trial in _changed(plan.trial):
        keys[name] = plan._replace(trial=trial).provenance.key(0)
    keys["seed"] = plan._replace(config={**plan.config, "seed": plan.config["seed"] + 1}).provenance.key(0)
    keys["experiment"] = plan._replace(experiment="other").provenance.key(0)
    assert len(keys) > 4
    assert len(set(keys.values())) == len(keys)


@pytest.mark.parametrize("command", ["double_descent", "ntk", "sweet_spot", "belkin2019", "claims"])
def test_more_trials_go_on_where_fewer_ended(command: str, plans: dict[str, Plan]) -> None:
    plan = plans[command]
    more = plan._replace(config={**plan.config, "trials": plan.config["trials"] + 1})
    assert more.provenance.key(0) == plan.provenance.key(0)


def test_a_trial_reads_no_file_but_those_of_the_installation(tmp_path: Path) -> None:
    """Of the data that a user names: it was given what it needs, and the file may be gone."""
    file = tmp_path / "a.csv"
    _write(file, lambda i: f"{i * i % 17}.5")
    plan = _plan(sweet_spot, str(file), "--n", "40", "--quick")
    file.unlink()
    words = "import pickle, sys, numpy; pickle.load(sys.stdin.buffer)(numpy.random.default_rng(0))"
    subprocess.run(
        [sys.executable, "-c", words],
        input=pickle.dumps(plan.trial),
        check=True,
        cwd=tmp_path,
        env=ENVIRONMENT,
    )


def test_the_same_rows_with_classes_or_numbers_share_no_trial(tmp_path: Path) -> None:
    """Twelve classes, then their codes as numbers, in one store: each as in a store of its own."""
    grades = [f"grade {chr(97 + i)}" for i in range(12)]
    _write(tmp_path / "text.csv", lambda i: grades[i * 7 % 12])
    _write(tmp_path / "code.csv", lambda i: i * 7 % 12)
    samples = {}
    for name in ("text", "code"):
        plan = _plan(sweet_spot, str(tmp_path / f"{name}.csv"), "--n", "40", "--points", "3", "--trials", "2")
        samples[name] = simulate(plan, Effort(store=tmp_path / "both.sqlite")).values
        alone = simulate(plan, Effort(store=tmp_path / f"{name}.sqlite")).values
        np.testing.assert_array_equal(samples[name], alone)
    assert not np.array_equal(samples["text"], samples["code"])


def _draw(rng: np.random.Generator) -> np.ndarray:
    return rng.random(2)


def test_trials_under_an_old_key_are_told_and_not_used(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A key of before, without inputs and with a digest of rows in its place."""
    path = tmp_path / "a.sqlite"
    plan = Plan(_draw, "example", {"n": 2, "trials": 3, "seed": 0})
    fresh = simulate(plan, Effort(store=path)).values
    fields = json.loads(plan.provenance.document)
    del fields["inputs"]
    fields["config"]["content"] = "0123"
    document = json.dumps(fields, sort_keys=True, separators=(",", ":"))
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE points SET document = ?", (document,))
        connection.execute("UPDATE trials SET value = zeroblob(16), checksum = ?", (0,))
    connection.close()
    np.testing.assert_array_equal(simulate(plan, Effort(store=path, quiet=False)).values, fresh)
    told = capsys.readouterr().err
    assert "has 3 trials of these settings under an old key" in told
    assert "reused" not in told
    with store.opened(path) as kept:
        assert kept.count_of_other_code(plan.provenance, 3) == 0
