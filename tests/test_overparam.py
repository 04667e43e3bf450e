"""`import overparam as op`, the command `overparam`, and theory without a compiler."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_allclose

import overparam as op
import sims.verdict
import theory

ROOT = Path(__file__).resolve().parents[1]
ENVIRONMENT = os.environ | {"PYTHONPATH": str(ROOT)}


def run(*words: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *words], cwd=cwd, env=ENVIRONMENT, capture_output=True, text=True, timeout=300
    )


def test_every_name_is_the_one_of_the_packages() -> None:
    assert set(dir(op)) == set(op.__all__)
    for name in ("Problem", "Risk", "kernel", "optimal_ridge", "papers", "random_features", "ridge"):
        assert getattr(op, name) is getattr(theory, name)
    assert (op.judge, op.Verdict) == (sims.verdict.judge, sims.verdict.Verdict)
    assert op.Sample(np.ones((2, 1))).trials == 2
    assert op.__version__.count(".") == 2
    with pytest.raises(AttributeError, match=r"no attribute 'rigde'; it has Problem"):
        op.rigde  # noqa: B018  # type: ignore[attr-defined]


def test_nothing_is_imported_before_it_is_used() -> None:
    code = "import sys, overparam; print([m for m in ('numpy', 'theory', 'sims') if m in sys.modules])"
    assert run("-c", code).stdout == "[]\n"


@pytest.mark.parametrize("stranger", ["theory.py", "theory/__init__.py", "sims.py"])
def test_a_stranger_beside_the_script_is_named_and_not_run(stranger: str, tmp_path: Path) -> None:
    path = tmp_path / stranger
    path.parent.mkdir(exist_ok=True)
    path.write_text("raise SystemExit('the stranger ran')")
    (tmp_path / "script.py").write_text("import overparam as op\nprint(op.Problem)")
    refused = run("script.py", cwd=tmp_path)
    assert refused.returncode == 1
    last = refused.stderr.splitlines()[-1]
    assert last.startswith("ImportError: ")
    assert str(path.resolve()) in last
    assert "rename" in last


def test_the_command_has_all_commands_by_their_names() -> None:
    code = "import sys, overparam; sys.argv[0] = 'overparam'; sys.exit(overparam.main())"
    listed = run("-c", code)
    assert listed.returncode == 0
    assert "double_descent\n    Double descent on your machine" in listed.stdout
    ran = run("-c", code, "double-descent", "--json-schema")
    assert ran.returncode == 0
    assert json.loads(ran.stdout)["title"]
    unknown = run("-c", code, "triple-descent")
    assert (unknown.returncode, unknown.stdout) == (2, "")
    assert "triple-descent is no command here" in unknown.stderr


def test_theory_needs_neither_numba_nor_platformdirs() -> None:
    """Spectra of few levels and of many, kernels, and searches: the numbers of compiled code."""
    code = """if True:
        import json, sys, warnings
        warnings.simplefilter("error")
        if sys.argv[1] == "without":
            sys.modules.update(dict.fromkeys(["numba", "llvmlite", "platformdirs"]))
        import numpy as np
        import theory
        few = theory.Problem.from_activation_on_sphere("relu", 100, [0, 1], 0.25)
        many = theory.Problem.power_law(60, 1.5, 2.0, 0.1)
        print(json.dumps([
            *theory.random_features(few, 200, [50, 190, 2000]).test,
            *theory.ridge(many, 30, [0.0, 0.1, -1e-4]).test,
            theory.optimal_ridge(many, 30),
            *theory.kernel.ntk(np.eye(3), depth=2, activation="gelu")[0],
        ]))
    """
    without, with_numba = (run("-c", code, which) for which in ("without", "with"))
    assert without.returncode == 0, without.stderr
    assert_allclose(json.loads(without.stdout), json.loads(with_numba.stdout), rtol=1e-12)
