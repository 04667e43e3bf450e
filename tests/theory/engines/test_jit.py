"""The compiled code: never stale, never in the user's way, and the same numbers without it."""

import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import FunctionType
from typing import Any

import numba
import numpy as np
import platformdirs
import pytest
from numpy.testing import assert_allclose, assert_array_equal

import theory
from theory import Problem, Risk, random_features
from theory.engines import equation, jit, search

ROOT = Path(jit.__file__).resolve().parents[2]


def run(code: str, *arguments: str, **environment: str) -> str:
    """Output of a fresh Python on the checkout."""
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        env=os.environ | {"PYTHONPATH": str(ROOT)} | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture
def user_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty user cache."""
    monkeypatch.setattr(platformdirs, "user_cache_path", lambda name: tmp_path / name)
    return tmp_path


def imported(root: Path = ROOT) -> Any:
    """The module once more, without memory of the folder in use."""
    spec = importlib.util.spec_from_file_location("jit_once_more", root / "theory" / "engines" / "jit.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def doubled(x: float) -> float:
    return 2 * x


def halved(x: float) -> float:
    return x / 2


def folder(root: Path, package: str) -> Path:
    """Where a fresh Python keeps the compiled code of a package."""
    function = FunctionType(doubled.__code__, {}, "doubled")
    function.__module__ = package
    return Path(imported(root).njit(function).compiled.stats.cache_path).parent


# -- the folder ------------------------------------------------------------------------------------


@pytest.mark.jit
def test_every_source_counts_for_the_folder(
    user_cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(ROOT / "theory", copy / "theory", ignore=shutil.ignore_patterns("__pycache__"))
    (copy / "sims").mkdir()
    (copy / "sims" / "fit.py").write_text("")
    seen = {folder(copy, "theory")}
    assert folder(copy, "theory") in seen
    sources = sorted((copy / "theory").rglob("*.py"))
    assert copy / "theory" / "papers" / "mei2022.py" in sources
    for source in sources:
        source.write_text(source.read_text("utf-8") + "\n# edited", "utf-8")
        seen.add(folder(copy, "theory"))
    (copy / "theory" / "new.py").write_text("")
    seen.add(folder(copy, "theory"))
    (copy / "theory" / "new.py").rename(copy / "theory" / "moved.py")
    seen.add(folder(copy, "theory"))
    monkeypatch.setattr(numba, "__version__", "0.0")
    seen.add(folder(copy, "theory"))
    monkeypatch.setattr(numba.config, "BOUNDSCHECK", not numba.config.BOUNDSCHECK)
    seen.add(folder(copy, "theory"))
    assert len(seen) == len(sources) + 5

    # a package above theory is compiled with theory inlined: both count
    before = folder(copy, "sims")
    (copy / "sims" / "fit.py").write_text("# edited")
    assert folder(copy, "sims") != before
    assert folder(copy, "theory") in seen
    assert all(name.is_relative_to(user_cache / "overparam" / "numba") for name in seen)


@pytest.mark.jit
def test_compiled_code_goes_to_the_folder(user_cache: Path) -> None:
    compiled = imported().njit(doubled).compiled
    assert compiled(2.0) == 4.0
    assert Path(compiled.stats.cache_path).parent.parent == user_cache / "overparam" / "numba"
    assert list(Path(compiled.stats.cache_path).glob("*.nbi"))


@pytest.mark.jit
def test_that_it_compiles_is_told_once(user_cache: Path, caplog: pytest.LogCaptureFixture) -> None:
    """And not where the code is found, nor for the second function."""
    told = []
    with caplog.at_level("INFO", logger="overparam"):
        for _ in range(2):
            module = imported()
            assert module.njit(doubled)(2.0) == module.njit(halved)(8.0) == 4.0
            told.append(len(caplog.records))
    assert told == [1, 1]
    assert "compiling" in caplog.text


def test_the_users_settings_are_left_alone(user_cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    theirs = user_cache / "theirs"
    monkeypatch.setattr(numba.config, "CACHE_DIR", str(theirs))
    environment = dict(os.environ)
    assert imported().njit(doubled)(2.0) == 4.0

    def fails(**_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(numba, "njit", fails)
    with pytest.raises(ZeroDivisionError):
        imported().njit(doubled)(2.0)
    assert numba.config.CACHE_DIR == str(theirs)
    assert dict(os.environ) == environment
    assert not theirs.exists()


def test_a_cache_that_cannot_be_made_is_done_without(user_cache: Path) -> None:
    (user_cache / "overparam").write_text("a file where the folder should be")
    assert imported().njit(doubled)(2.0) == 4.0


@pytest.mark.jit
def test_a_cache_that_cannot_be_made_is_not_made_elsewhere(user_cache: Path) -> None:
    """numba would turn to __pycache__ beside the source, whose code goes stale."""
    (user_cache / "overparam").write_text("a file where the folder should be")
    assert imported().njit(doubled).compiled.stats.cache_path is None


MADE = """
import sys
from pathlib import Path
import platformdirs
from theory.engines import jit
sys.path.insert(0, sys.argv[1])
import stranger
platformdirs.user_cache_path = lambda name: Path(sys.argv[1])
jit.njit(stranger.doubled)(2.0)
"""
LOCKED = """
import os, sys
from pathlib import Path
import numba, platformdirs
from theory.engines import jit
sys.path.insert(0, sys.argv[1])
import stranger
numba.njit(lambda x: x)(1.0)  # loads the compiler while its files can be read
platformdirs.user_cache_path = lambda name: Path(sys.argv[1])
for folder, _, _ in os.walk(sys.argv[1]):
    os.chmod(folder, 0o555)
if os.geteuid() == 0:
    os.setuid(65534)  # root may write anywhere
print(jit.njit(stranger.doubled)(2.0))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="permissions of folders are another matter there")
def test_a_cache_that_cannot_be_written_is_done_without() -> None:
    """The folder is there, but somebody else's; so is the folder of the source."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "stranger.py").write_text("def doubled(x):\n    return 2 * x\n")
        run(MADE, name)
        assert list(folder.glob("numba/*"))
        try:
            assert run(LOCKED, name, PYTHONDONTWRITEBYTECODE="1") == "4.0\n"
        finally:
            for path in (folder, *folder.glob("**/")):
                path.chmod(0o755)


# -- the same numbers ------------------------------------------------------------------------------

LEVELS = {"eigenvalues": [4.0, 1.0, 1e-9], "power": [4.0, 0.5, 0.7], "multiplicity": [100.0, 200.0, 100.0]}
GRID = {
    "n": [[[150.0]], [[400.0]], [[1e4]], [[float("inf")]]],
    "p": [[1.0], [150.0], [400.0], [float("inf")]],
    "ridge": [0.0, 1e-16, 1.0, 1e8, float("inf")],
}
INTERPRETED = f"""
import json
import numba, numpy as np
from theory import Problem, random_features
assert numba.config.DISABLE_JIT
levels, grid = json.loads('{json.dumps(LEVELS)}'), json.loads('{json.dumps(GRID)}')
risks = [random_features(Problem(**levels, tail=t, noise=0.5), **grid) for t in (0.0, 1e-3)]
print(json.dumps(np.array(risks).tolist()))
"""


@pytest.mark.jit
def test_without_the_compiler_the_numbers_are_the_same() -> None:
    """Every branch of the solver: thresholds, rank, infinite sizes, no and infinite ridge."""
    interpreted = json.loads(run(INTERPRETED, NUMBA_DISABLE_JIT="1", PYTHONWARNINGS="error"))
    compiled = [random_features(Problem(**LEVELS, tail=t, noise=0.5), **GRID) for t in (0.0, 1e-3)]
    for one, other in zip(np.moveaxis(interpreted, 1, 0), np.moveaxis(np.array(compiled), 1, 0), strict=True):
        assert_allclose(one, other, rtol=1e-12)
    assert np.array(compiled).shape == (2, len(Risk._fields), 4, 4, 5)


def few_levels(seed: int) -> list[Any]:
    """Risks and best ridges of a random spectrum, at sizes on both sides of its rank."""
    rng = np.random.default_rng(seed)
    size = int(rng.integers(1, 17))
    levels = 2 * rng.random(size) + 1e-3, rng.random(size), rng.integers(1, 9, size)
    problem, n = Problem(*levels, tail=0.1 * (seed % 3), noise=0.1), np.geomspace(2, 3000, 10)
    risks = [
        random_features(problem, [[30.0], [np.inf]], n, ridge) for ridge in (0.0, 1e-6, 0.1, 5.0, np.inf)
    ]
    risks.append(theory.ridge(problem, 0.5, [-1e-4, 0.0]))
    best = theory.tradeoff.best_ridge(problem, np.geomspace(2, 100, 3), [[20.0], [np.inf]])
    return [np.ravel(field) for result in (*risks, best) for field in result]


@pytest.mark.jit
@pytest.mark.skipif(sys.platform != "linux", reason="there Python and numba share one exp and one log")
@pytest.mark.parametrize("seed", range(12))
def test_plain_and_strict_have_the_same_bits(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """So that a result does not depend on what was called, and so compiled, before."""
    strict = few_levels(seed)
    monkeypatch.setattr(jit, "PATIENCE", np.inf)
    for kernel in (equation.fill, equation.fill_negative, search.fill):
        monkeypatch.delattr(kernel, "strict", raising=False)
    plain = few_levels(seed)
    assert "strict" not in vars(equation.fill)
    for one, other in zip(strict, plain, strict=True):
        assert_array_equal(one, other)


def test_a_short_call_does_not_load_numba() -> None:
    run(
        """
import sys
import theory
problem = theory.Problem([4.0, 1.0], [4.0, 0.5], [100, 200], tail=0.1, noise=0.5)
theory.random_features(problem, n=200, p=range(1, 100), ridge=1e-3)
theory.ridge(problem, n=200, ridge=[0.0, float("inf")])
theory.optimal_ridge(problem, n=200)
assert "numba" not in sys.modules
""",
        PYTHONWARNINGS="error",
    )


def test_patience_ends_with_the_lines_of_all_calls() -> None:
    module = imported()
    kernel = module.njit(doubled)
    assert kernel.patient(module.PATIENCE) is kernel.plain
    assert kernel.patient(1) is kernel.strict
    assert kernel.plain(2.0) == kernel.strict(2.0) == kernel(2.0) == 4.0
    compiled = module.njit(doubled)
    assert compiled.strict is compiled.patient(1)


@pytest.mark.jit
def test_threads_that_call_first_at_once_share_one_compilation(user_cache: Path) -> None:
    kernel, at_once = imported().njit(doubled), threading.Barrier(8)
    folder = numba.config.CACHE_DIR

    def call(_: int) -> Any:
        at_once.wait()
        return kernel.compiled if kernel(2.0) == 4.0 else None

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(call, range(8)))) == 1
    assert len(kernel.compiled.signatures) == 1
    assert numba.config.CACHE_DIR == folder


@pytest.mark.jit
def test_forms_do_not_share_a_file_of_the_cache(user_cache: Path) -> None:
    """numba names its files by the function, not by its options."""
    kernel = imported().njit_sums(doubled)
    assert kernel.strict(2.0) == kernel.compiled(2.0) == 4.0
    assert len(list(user_cache.rglob("*.nbi"))) == 2


@pytest.mark.slow
@pytest.mark.jit
def test_the_process_that_compiles_gets_the_bits_of_those_after_it(tmp_path: Path) -> None:
    """Twice in fresh processes that share a cache, empty at first."""
    program = """
import sys
import platformdirs
from pathlib import Path
platformdirs.user_cache_path = lambda name: Path(sys.argv[1]) / name
import numpy as np
import theory
from theory.engines import jit

jit.PATIENCE = -1

for seed in range(20):
    rng = np.random.default_rng(seed)
    size = int(rng.integers(1, 300))
    problem = theory.Problem(
        2 * rng.random(size), rng.random(size), rng.integers(1, 9, size), tail=0.1 * (seed % 3), noise=0.1
    )
    for ridge in (0.0, 1e-6, 0.1, 5.0):
        for n in (3, 30, 300):
            wide = theory.ridge(problem, n, ridge)
            narrow = theory.random_features(problem, n, [2, 40, 1000], ridge)
            for field in (*wide, *narrow):
                print(*(float(value).hex() for value in np.ravel(field)))
"""
    first, second = (run(program, str(tmp_path)) for _ in range(2))
    assert list(tmp_path.rglob("*.nbi"))
    assert first == second
