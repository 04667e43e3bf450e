"""A paper is files with one name: added by the steps of CONTRIBUTING.md, it needs no edit anywhere else."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
KEY = "throwaway2000"
BY_HAND = {"paper/references.bib"}
"""What exists and is edited by CONTRIBUTING's steps."""
WRITTEN = {
    "README.md", "theory/README.md", "sims/claims/README.md", "figures/GALLERY.md",
    "paper/numbers.json", "paper/numbers.tex",
}  # fmt: skip
"""What `python -m figures refresh` writes."""
ENTRY = f"""
@article{{{KEY},
  author = {{Anonymous}},
  title = {{The mean of squares}},
  journal = {{Nowhere}},
  year = {{2000}},
}}
"""
THEORY = f'''"""The mean of squares, a paper that is thrown away: powers add up."""

from __future__ import annotations

from numpy.typing import ArrayLike

from theory.arguments import Array, broadcast, non_negative
from theory.names import own_names
from theory.papers import Paper

__dir__ = own_names(globals())

PAPER = Paper(
    key="{KEY}",
    title="The mean of squares",
    authors=("Anonymous",),
    error="test",
    penalty="none",
    statements={{"power": "proved"}},
)


def power(signal: ArrayLike = 1.0, noise: ArrayLike = 1.0) -> Array:
    """Test error of predicting 0: E y^2 = signal + noise.

    Parameters
    ----------
    signal, noise : array_like >= 0
        Power of the target, and variance of the label noise.

    Returns
    -------
    array

    Source: [{KEY}, Eq. 1].

    >>> float(power(1.0, 0.5))
    1.5
    """
    signal, noise = broadcast(signal=non_negative("signal", signal), noise=non_negative("noise", noise))
    return (signal + noise)[()]
'''
CLAIMS = f'''"""The mean of squares, a paper that is thrown away."""

import numpy as np

from sims.claims import Claim, Settings
from theory.papers import {KEY}


def _squares(s: Settings, rng: np.random.Generator) -> float:
    return float(np.mean((np.sqrt(s.signal) + np.sqrt(s.noise) * rng.standard_normal(s.n)) ** 2))


power = Claim(
    statement="The powers of a signal and of its noise add up.",
    formula="E y^2 = signal + noise",
    source="[{KEY}, Eq. 1]",
    kind="exact",
    defaults={{"n": 100, "signal": 1.0, "noise": 0.5}},
    simulated="n labels that are the signal and normal noise; the mean of their squares",
    trial=_squares,
    theory=lambda s: {KEY}.power(s.signal, s.noise),
    trials=256,
    quick=128,
    sabotage={{"noise forgotten": lambda s: s.signal}},
)
'''
FIGURE = f'''"""The power of labels is that of the signal and of the noise.

Mean of the squares of 100 labels against the variance of their noise: theory (line) and simulation (points).
Parameters ours.
"""

from typing import Any

import numpy as np
from matplotlib.figure import Figure

from figures import files, marks
from figures.figure import PaperFigure
from sims.claims.papers import {KEY}


def data() -> dict[str, Any]:
    """The claim at several variances of the noise."""
    return {{
        "simulated": marks.swept({KEY}.power, "noise", [0.1, 0.5, 2.0], 64, experiment="{KEY} power"),
        "noise": np.linspace(0.0, 2.0, 50),
    }}


def draw(data: dict[str, Any]) -> Figure:
    """Theory as a line, simulation as points."""
    figure = files.page()
    axes = figure.add_subplot()
    axes.plot(data["noise"], 1.0 + data["noise"], label="theory")
    marks.scatter(axes, data["simulated"])
    axes.set_xlabel("variance of the noise")
    axes.set_ylabel("mean square of the labels")
    axes.legend()
    return figure


FIGURE = PaperFigure(data=data, draw=draw)
'''
TEST = f'''"""The mean of squares."""

from theory.papers import {KEY}


def test_powers_add_up() -> None:
    assert {KEY}.power(2.0, [0.0, 1.0]).tolist() == [2.0, 3.0]
'''


def run(*words: str, folder: Path) -> str:
    """What a command says in the copy, which must end with exit code 0."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "GIT_"))}
    done = subprocess.run(
        [*words], cwd=folder, env=clean | {"PYTHONPATH": str(folder)}, stdin=subprocess.DEVNULL,
        capture_output=True, encoding="utf-8", errors="replace",
    )  # fmt: skip
    assert done.returncode == 0, f"{' '.join(words)}\n{done.stdout[-4000:]}\n{done.stderr[-4000:]}"
    return done.stdout


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tree with one paper more, and what git says of it: added by hand, then refreshed."""
    if not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    home = tmp_path_factory.mktemp("copy")
    for name in run("git", "ls-files", folder=ROOT).splitlines():
        if (ROOT / name).is_file():
            (home / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, home / name)
    git = ("git", "-c", "user.name=test", "-c", "user.email=test@localhost")
    run("git", "init", "-q", folder=home)
    run("git", "add", "-A", folder=home)
    run(*git, "commit", "-q", "-m", "as it is", folder=home)
    with (home / "paper" / "references.bib").open("a", encoding="utf-8") as file:
        file.write(ENTRY)
    for name, text in ADDED.items():
        (home / name).write_text(text, encoding="utf-8")
    run(sys.executable, "-m", "figures", "refresh", "--text", folder=home)
    return home


ADDED = {
    f"theory/papers/{KEY}.py": THEORY,
    f"sims/claims/papers/{KEY}.py": CLAIMS,
    f"figures/plots/{KEY}_power.py": FIGURE,
    f"tests/theory/papers/test_{KEY}.py": TEST,
}


@pytest.mark.slow
def test_nothing_else_changes(copy: Path) -> None:
    changed = {line[3:] for line in run("git", "status", "--porcelain", "-uall", folder=copy).splitlines()}
    assert set(ADDED) | BY_HAND <= changed
    assert changed - set(ADDED) - BY_HAND <= WRITTEN


@pytest.mark.slow
def test_the_paper_is_found_everywhere(copy: Path) -> None:
    python = sys.executable
    assert "theory.papers.throwaway2000.power" in run(python, "-m", "theory", KEY, folder=copy)
    store = ("--store", str(copy.with_suffix(".sqlite")))
    told = run(python, "-m", "sims.claims", "check", KEY, "--quick", "--jobs", "1", *store, folder=copy)
    assert "1 of 1 claim as expected" in told
    run(python, "-m", "sims.claims", "sabotage", KEY, "--quick", "--jobs", "1", *store, folder=copy)
    out = ("--out", str(copy.with_suffix(".out")))
    run(python, "-m", "figures", "build", f"{KEY}_power", "--jobs", "1", *out, folder=copy)
    for name in WRITTEN - {"paper/numbers.json", "paper/numbers.tex", "README.md"}:
        assert KEY in (copy / name).read_text("utf-8"), name


@pytest.mark.slow
def test_the_tests_that_read_the_whole_house_hold(copy: Path) -> None:
    tests = (
        "tests/test_house.py", "tests/theory/papers", "tests/theory/test_docs.py",
        "tests/theory/test_index.py", "tests/theory/test_readme.py", "tests/figures/test_refresh.py",
        "tests/sims/claims",
    )  # fmt: skip
    present = [name for name in tests if (copy / name).exists()]
    assert len(present) == len(tests)
    # what is measured takes ten minutes: `refresh` without --text
    chosen = f"({KEY} or house or docs or index or readme or refresh or well_formed) and not measured"
    words = ("-q", "-p", "no:cacheprovider", "-k", chosen)
    run(sys.executable, "-m", "pytest", *words, *tests, folder=copy)
