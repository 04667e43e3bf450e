"""A paper of four small claims, a maker of claims, and the command in one process."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from sims.claims import Claim, command, papers

FAKE = """
import numpy as np
from sims.claims import Claim

common = dict(formula="E x = 1", source="[fake2000]", defaults={"n": 4, "law": "normal", "mean": 1.0},
              simulated="n numbers", trial=lambda s, rng: s.mean + rng.standard_normal(s.n).mean() / 50,
              trials=40)
sound = Claim(statement="The mean is one.", kind="exact", theory=lambda s: 1.0,
              sabotage={"zero": lambda s: 0.0, "another law": {"defaults": {"mean": 2.0}},
                        "another trial": {"trial": lambda s, rng: rng.standard_normal()/50}}, **common)
wrong = Claim(statement="The mean is two.", kind="exact", theory=lambda s: 2.0,
              sabotage={"zero": lambda s: 0.0}, **common)
weak = Claim(statement="The mean is at least one.", kind="inequality", relation=">=", theory=lambda s: 1.0,
             sabotage={"one": lambda s: 1.0}, **common)
broken = Claim(statement="It cannot be measured.", kind="exact", theory=lambda s: 1.0,
               sabotage={"zero": lambda s: 0.0}, **{**common, "trial": lambda s, rng: 1 // 0})
"""


@pytest.fixture
def fake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A paper of four claims, of which one is wrong, one cannot be decided and one raises."""
    (tmp_path / "fake2000.py").write_text(FAKE)
    monkeypatch.setattr(papers, "__path__", [*papers.__path__, str(tmp_path)])
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    # imported for one test alone
    monkeypatch.delitem(sys.modules, "sims.claims.papers.fake2000", raising=False)


@pytest.fixture
def claims(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """`python -m sims.claims` with these words, in this process: exit code, stdout, stderr."""

    def run(*words: str) -> tuple[int, str, str]:
        code = command.main(words)
        seen = capsys.readouterr()
        return code, seen.out, seen.err

    return run


@pytest.fixture
def make() -> Callable[..., Claim]:
    """A claim with these fields, and the least that it needs beside them."""

    def claim(**fields: object) -> Claim:
        usual = {
            "statement": "It is.",
            "formula": "x = x",
            "source": "[x]",
            "kind": "exact",
            "defaults": {"n": 3},
            "simulated": "x",
            "trial": lambda s, rng: rng.standard_normal(),
            "theory": lambda s: 0.0,
            "sabotage": {"one": lambda s: 1.0},
        }
        return Claim(**{**usual, **fields})  # type: ignore[arg-type]

    return claim
