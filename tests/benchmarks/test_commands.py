"""How long a person waits for a whole command, beside the imports that it cannot do without.

Each round is a process of its own. What is compiled, or found in a store, is there before the first one.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from pytest_benchmark.fixture import BenchmarkFixture as Benchmark

ROOT = Path(__file__).resolve().parents[2]
DRAWING = "import matplotlib.figure, matplotlib.backends.backend_agg, matplotlib.backends.backend_pdf"
QUICK = ("-m", "sims.double_descent", "--quick")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the commands run: store, pictures and bytecode of one are there for the next."""
    return tmp_path_factory.mktemp("commands")


@pytest.mark.parametrize(
    ("what", "words"),
    [
        ("python", ("-c", "pass")),
        ("import numpy", ("-c", "import numpy")),
        ("import theory", ("-c", "import theory")),
        ("import sims", ("-c", "import sims")),
        ("import scipy.special, numba", ("-c", "import scipy.special, numba")),
        ("import matplotlib for PDF and PNG", ("-c", DRAWING)),
        ("sims.double_descent --quick, trials stored, without pictures", (*QUICK, "--csv")),
        ("sims.double_descent --quick, trials stored", QUICK),
        ("sims.double_descent, no trial stored", ("-m", "sims.double_descent", "--fresh")),
    ],
)
def test_a_whole_command(benchmark: Benchmark, what: str, words: tuple[str, ...], folder: Path) -> None:
    store = ("--store", "trials.sqlite") if words[0] == "-m" else ()
    command = (sys.executable, *words, *store)
    environment = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONPYCACHEPREFIX": str(folder / "bytecode")}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed package has its bytecode

    def run() -> None:
        subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True)

    benchmark.extra_info |= {"command": what}
    benchmark.pedantic(run, rounds=7, warmup_rounds=1)
