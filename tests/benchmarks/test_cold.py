"""What a first command costs, before anything is compiled: python -m pytest tests/benchmarks.

Each runs in a fresh Python with an empty cache and is timed in CPU seconds, its imports with it. They are to
be read beside the first: what numba takes to be loaded and to compile one loop.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from pytest_benchmark.fixture import BenchmarkFixture as Benchmark

import theory

ROOT = Path(theory.__file__).resolve().parents[1]
EMPTY = """
import sys
from pathlib import Path
import platformdirs
platformdirs.user_cache_path = lambda *_, **__: Path(sys.argv[1])
"""
LOOP = """
import numba
import numpy as np

@numba.njit
def total(x):
    s = 0.0
    for i in range(x.size):
        s += x[i]
    return s

total(np.ones(3))
"""
FEW = "import theory; problem = theory.Problem([4.0, 1.0], [4.0, 0.5], [100, 200], noise=0.5)\n"
MANY = "import theory; problem = theory.Problem.power_law(1000, 1.5, 2.0)\n"
INPUTS = "import numpy as np, theory; X = np.random.default_rng(0).standard_normal((200, 10))\n"
COMMAND = """
import runpy
sys.argv = ["double_descent", "--quick"]
try:
    runpy.run_module("sims.double_descent", run_name="__main__", alter_sys=True)
except SystemExit as end:
    assert not end.code
"""
FIRSTS = {
    "numba and one loop": LOOP,
    "import theory": "import theory",
    "theory.ridge, two levels": FEW + "theory.ridge(problem, 100, 1e-3)",
    "theory.ridge, a thousand levels": MANY + "theory.ridge(problem, 100, 1e-3)",
    "theory.ridge, two levels, a million points": FEW + "theory.ridge(problem, 100, [1e-3] * 10**6)",
    "theory.optimal_ridge, two levels": FEW + "theory.optimal_ridge(problem, 100)",
    "theory.optimal_ridge, a thousand levels": MANY + "theory.optimal_ridge(problem, 100)",
    "theory.kernel.ntk, relu, n = 200": INPUTS + "theory.kernel.ntk(X, depth=2)",
    "theory.kernel.ntk, tanh, n = 200": INPUTS + 'theory.kernel.ntk(X, depth=2, activation="tanh")',
    "python -m sims.double_descent --quick": COMMAND,
}


def children() -> float:
    """CPU seconds of the processes that have ended."""
    return os.times().children_user + os.times().children_system


@pytest.mark.parametrize("name", FIRSTS)
@pytest.mark.benchmark(timer=children)
def test_first(benchmark: Benchmark, name: str, tmp_path: Path) -> None:
    benchmark.extra_info["first"] = name
    folders = (tmp_path / str(k) for k in range(100))

    def fresh() -> tuple[tuple[Path], dict[str, str]]:
        folder = next(folders)
        folder.mkdir()
        return (folder,), {}

    def run(folder: Path) -> None:
        program = (sys.executable, "-c", EMPTY + FIRSTS[name], str(folder / "cache"))
        environment = os.environ | {"PYTHONPATH": str(ROOT)}
        subprocess.run(program, check=True, cwd=folder, env=environment, stdout=subprocess.DEVNULL)

    benchmark.pedantic(run, setup=fresh, rounds=5)
