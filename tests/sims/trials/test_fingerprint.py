"""The key of a trial: all that its numbers depend on, and nothing else."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from sims.trials import fingerprint
from sims.trials.fingerprint import Provenance

ROOT = Path(__file__).resolve().parents[3]


def test_the_order_of_settings_does_not_matter() -> None:
    a, b = (Provenance("peak", config, 0) for config in ({"n": 3, "d": 2}, {"d": 2, "n": 3}))
    assert a.key(5) == b.key(5)


def test_stored_keys_stay_as_they_are() -> None:
    """Another form of the document would orphan every stored trial."""
    provenance = Provenance(
        "peak", {"n": 3, "d": 2.5, "name": "é"}, seed=4, index=1, point=2.0, code="x", inputs="a"
    )
    assert provenance.document == (
        '{"code":"x","config":{"d":2.5,"n":3,"name":"\\u00e9"},"experiment":"peak","inputs":"a",'
        '"point":[1,2.0],"seed":4}'
    )
    assert provenance.key(5).hex() == "3e13aa98f56d8c5b3ea7d2f3ff69b20ce4f7da267b640d05ef72f668b305bd17"


def test_code_changes_with_every_source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for package in ("sims", "theory"):
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(fingerprint, "__file__", str(tmp_path / "sims" / "trials" / "fingerprint.py"))
    digest = fingerprint.code.__wrapped__
    before = digest()
    assert before == fingerprint.code()
    with (tmp_path / "theory" / "equivalent.py").open("a") as file:
        file.write("\n")
    assert digest() != before


def test_kernels_of_another_processor_are_other_code() -> None:
    """OpenBLAS takes the kernels that it is told to: as on an older processor."""
    if "openblas" not in fingerprint.blas_kernels():
        pytest.skip("the linear algebra here is not OpenBLAS")
    words = "from sims.trials import fingerprint as f; print(f.versions()['blas'], f.code())"
    told = {
        subprocess.run(
            [sys.executable, "-c", words],
            env=os.environ | {"PYTHONPATH": str(ROOT), "OPENBLAS_CORETYPE": kernels},
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for kernels in ("Prescott", "Nehalem")
    }
    assert len({line.split()[-1] for line in told}) == 2
    assert any("Nehalem" in line for line in told)
