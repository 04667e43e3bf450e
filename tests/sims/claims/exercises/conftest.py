"""A paper of five small exercises, and the command in one process."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from sims.claims import command as claims_command
from sims.claims import papers

FAKE = """
import numpy as np
from sims.claims import Claim, Exercise

def line(s, rng):
    return s.slope * np.array([s.n, 2 * s.n]) * (1 + 0.1 * rng.standard_normal(2))

common = dict(statement="It is slope x.", formula="slope x", source="[fake2000]", kind="exact", trial=line,
              defaults={"n": 4, "slope": 3.0, "law": "normal"}, simulated="two numbers x",
              labels=("one", "two"), theory=lambda s: s.slope * np.array([s.n, 2 * s.n]), trials=200,
              quick=100, sabotage={"the slope forgotten": lambda s: np.array([s.n, 2.0 * s.n]),
                        "another law": {"defaults": {"n": 5}}})
asked = dict(question="What is it?", answer="slope*x", names={"x": ("n", "2*n")})
sound = Claim(exercise=Exercise(**asked, elsewhere={"slope": 2.0, "n": 7}), **common)
broken = Claim(exercise=Exercise(**asked), **{**common, "trial": lambda s, rng: 1 // 0})
few = Claim(exercise=Exercise(**asked), **{**common, "trial": lambda s, rng: line(s, rng) * rng.normal(1, 5)})
plain = Claim(**common)
grows = Claim(exercise=Exercise("What is it?", "x; x", {"x": "slope*n"}),
              **{**common, "kind": "asymptotic", "grows": ("n",), "allowance": lambda s: 1 / s.n,
                 "trial": lambda s, rng: s.slope * s.n * (1 + 0.1 * rng.standard_normal(2)),
                 "theory": lambda s: np.full(2, s.slope * s.n)})
"""


@pytest.fixture
def fake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A paper of five claims, of which one raises, one is too noisy to decide and one is no exercise."""
    (tmp_path / "fake2000.py").write_text(FAKE)
    monkeypatch.setattr(papers, "__path__", [*papers.__path__, str(tmp_path)])
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.delitem(sys.modules, "sims.claims.papers.fake2000", raising=False)


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Callable[..., tuple[int, str, str]]:
    """`exercise` with these words, in one process: exit code, stdout, stderr."""

    def run(*words: str) -> tuple[int, str, str]:
        code = claims_command.main(["exercise", *words, "--jobs", "1", "--store", str(tmp_path / "s.db")])
        seen = capsys.readouterr()
        return code, seen.out, seen.err

    return run
