"""python -m sims.ntk as a person runs it."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sims.experiments import linearisation
from sims.ntk import checks
from sims.ntk import command as ntk
from tests.sims.commands import assert_valid, run, the_file

SMALL = ["--width-min", "32", "--width-max", "256", "--trials", "60", "--jobs", "1", "-q"]


@pytest.mark.jit
def test_what_a_person_sees(tmp_path: Path) -> None:
    done = run("sims.ntk", *SMALL, "--store", "store.sqlite", cwd=tmp_path)
    assert done.stderr == ""
    assert done.returncode in (0, 5)  # 60 networks may be too few to tell
    for words in (
        "fluctuation",
        "slope in width of",
        "flatter than -1",
        "common factor noticed",
        "verdict: ",
        "again:  python",
    ):
        assert words in done.stdout
    saved = {path.suffix for path in (tmp_path / "out").iterdir()}
    assert saved == {".pdf", ".png", ".csv", ".json"}
    assert_valid("sims.ntk", json.loads(the_file(tmp_path / "out", "ntk-relu-*.json").read_text()))


def test_document(capsys: pytest.CaptureFixture[str]) -> None:
    code = ntk.main([*SMALL, "--activation", "tanh", "--json"])
    document = json.loads(capsys.readouterr().out)
    assert_valid("sims.ntk", document)
    assert [row["width"] for row in document["rows"]] == [32, 64, 128, 256]
    assert {s["quantity"] for s in document["slopes"]} == set(linearisation.QUANTITIES)
    assert all(row["exact_fluctuation"] is None for row in document["rows"])  # known for relu alone
    assert code == {"agrees": 0, "disagrees": 1, "undecided": 5}[document["verdict"]["status"]]
    again = ntk.main([*SMALL, "--activation", "tanh", "--csv"])
    rows = capsys.readouterr().out.splitlines()
    assert again == code
    assert rows[0].startswith("width,exact_fluctuation,fluctuation,fluctuation_se,drift")
    assert float(rows[1].split(",")[2]) == document["rows"][0]["fluctuation"]


@pytest.mark.parametrize(
    ("wrong", "what"),
    [
        ("ntk", "mean of the kernel"),
        ("variance", "variance of the kernel"),
        ("ensemble", "mean of trained networks"),
    ],
)
def test_a_wrong_theory_is_found(
    wrong: str, what: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """K for the tangent kernel, a variance without its square term, networks that train too long."""
    from theory import dynamics, kernel

    if wrong == "ntk":
        limit = linearisation.WideNetworks(widths=(32, 64, 128, 256)).ntk
        monkeypatch.setattr(checks, "checks", _with_limit(limit * 1.2))
    if wrong == "variance":
        right = kernel.empirical_ntk_variance
        monkeypatch.setattr(kernel, "empirical_ntk_variance", lambda *a: 3 * right(*a))
    if wrong == "ensemble":
        whole = dynamics.linearised_network
        monkeypatch.setattr(
            dynamics, "linearised_network", lambda X, y, Z, t, *a, **k: whole(X, 3 * y, Z, t, *a, **k)
        )
    code = ntk.main([*SMALL, "--json"])
    document = json.loads(capsys.readouterr().out)
    status = {check["name"]: check["status"] for check in document["checks"]}
    assert status[what] == "disagrees"
    assert code == 1


def _with_limit(limit: np.ndarray) -> Any:
    right = checks.checks

    def wrong(setting: Any, sweep: Any) -> Any:
        object.__setattr__(setting, "ntk", limit)
        return right(setting, sweep)

    return wrong


@pytest.mark.parametrize(
    ("slope", "quantity", "activation", "status"),
    [
        (-0.5, "fluctuation", "relu", "agrees"),
        (-0.7, "fluctuation", "relu", "disagrees"),
        (-0.7, "drift", "relu", "agrees"),
        (-1.2, "drift", "relu", "disagrees"),
        (-1.0, "drift", "relu", "undecided"),
        (-1.0, "drift", "tanh", "agrees"),
        (-0.3, "drift", "tanh", "disagrees"),
        (-0.3, "gap", "relu", "disagrees"),
        (-0.9, "gap", "tanh", "agrees"),
    ],
)
def test_slopes_are_judged(slope: float, quantity: str, activation: str, status: str) -> None:
    kinked = activation in checks.KINKED
    sure = linearisation.Slope(slope, 0.02, slope - 0.05, slope + 0.05)
    assert checks.slope_status(quantity, kinked, sure) == status
    vague = linearisation.Slope(slope, 0.2, slope - 0.5, slope + 0.5)
    assert checks.slope_status(quantity, kinked, vague) == "undecided"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--depth", "0"], "--depth = 0 must be at least 1"),
        (["--activation", "rellu"], "activation = 'rellu' is unknown"),
        (["--activation", "sign"], "sign has no gradient"),
        (["--width-max", "100"], "--width-max = 100 must be at least 4 times"),
        (["--time", "0"], "--time = 0 must be finite and positive"),
        (["--bias-variance", "-1"], "--bias-variance = -1"),
        (["--trials", "1"], "--trials = 1 must be at least 2"),
        (["--seed", "-1"], "--seed = -1"),
        (["--jobs", "0"], "--jobs = 0"),
    ],
)
def test_bad_arguments(arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert ntk.main(arguments) == 2
    captured = capsys.readouterr()
    assert message in captured.err
    assert captured.err.count("\n") == 1
    assert captured.out == ""
