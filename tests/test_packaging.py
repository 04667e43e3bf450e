"""The package as others get it: a wheel, beside strangers' files, without addresses."""

import os
import re
import subprocess
import sys
import tomllib
import venv
import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("theory", "sims", "figures")


def run(*command: str | Path, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command without this session's PYTHONPATH and the like."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
    return subprocess.run(
        command,
        cwd=cwd,
        env=clean | environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        timeout=300,
    )


def listed(*folders: str) -> list[str]:
    """Files of the checkout that git tracks or would track."""
    if not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    git = run("git", "ls-files", "-co", "--exclude-standard", "-z", "--", *folders, cwd=ROOT)
    assert git.returncode == 0, git.stderr
    return sorted(name for name in git.stdout.split("\0") if name and (ROOT / name).is_file())


# -- the wheel -------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("dist")
    build = (sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", out, ROOT)
    built = run(*build, cwd=out)
    assert built.returncode == 0, built.stdout + built.stderr
    (path,) = out.glob("overparam-*.whl")
    return path


def test_wheel_ships_every_file_of_the_packages_and_nothing_else(wheel: Path) -> None:
    shipped = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    assert shipped == {"overparam.py"} | {
        name for name in listed(*PACKAGES) if "/gallery/" not in name.lower().replace(".md", "/")
    }
    assert {f"{package}/py.typed" for package in PACKAGES} <= shipped


@pytest.mark.slow
def test_wheel_runs_far_from_the_checkout(wheel: Path, tmp_path: Path) -> None:
    """An environment of its own, which borrows the dependencies so that nothing is fetched."""
    home, empty, out = tmp_path / "venv", tmp_path / "empty", tmp_path / "out"
    empty.mkdir()
    venv.create(home, with_pip=False)
    python = home / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    pip = (sys.executable, "-m", "pip", "--python", python, "install", "--no-deps", "--no-index")
    installed = run(*pip, wheel, cwd=empty)
    assert installed.returncode == 0, installed.stderr
    where = run(python, "-c", "import sysconfig as s; print(s.get_path('purelib'))", cwd=empty)
    site = Path(where.stdout.strip())
    # A folder named in a .pth is searched, but its own .pth files (editable installs) are not read.
    borrowed = [p for p in sys.path if Path(p).name in {"site-packages", "dist-packages"}]
    (site / "borrowed.pth").write_text("\n".join(borrowed))

    for package in (*PACKAGES, "overparam"):
        found = run(python, "-c", f"import {package} as p; print(p.__file__)", cwd=empty)
        assert found.returncode == 0, found.stderr
        assert Path(found.stdout.strip()).is_relative_to(site)
    places = ("--out", out, "--store", out / "trials.sqlite")
    command = (python.with_name("overparam"), "double-descent", "--quick", "--no-plot", *places)
    seen = run(*command, cwd=empty)
    assert seen.returncode == 0, seen.stdout + seen.stderr
    assert any(out.iterdir())
    assert not any(empty.iterdir())


# -- strangers -------------------------------------------------------------------------------------


@pytest.mark.parametrize("stranger", ["theory.py", "theory/__init__.py"])
@pytest.mark.parametrize("command", [["-c", "import sims"], ["-m", "sims.double_descent", "--help"]])
def test_stranger_called_theory_is_named_and_not_run(
    stranger: str, command: list[str], tmp_path: Path
) -> None:
    check_refusal(stranger, command, tmp_path)


@pytest.mark.parametrize("stranger", ["figures.py", "figures/__init__.py"])
def test_stranger_called_figures_is_named_and_not_run(stranger: str, tmp_path: Path) -> None:
    code = "from sims.shell.shadow import require; require('figures')"
    check_refusal(stranger, ["-c", code], tmp_path)


def check_refusal(stranger: str, command: list[str], folder: Path) -> None:
    path = folder / stranger
    path.parent.mkdir(exist_ok=True)
    path.write_text("raise SystemExit('the stranger ran')")
    refused = run(sys.executable, *command, cwd=folder, PYTHONPATH=str(ROOT))
    assert refused.returncode not in (0, 2)
    last = refused.stderr.splitlines()[-1]
    assert last.startswith("ImportError: ")
    assert str(path.resolve()) in last
    assert "rename" in last


def test_package_that_is_not_there_is_named(tmp_path: Path) -> None:
    """Only the folder without code is left, so Python makes it a namespace package."""
    (tmp_path / "sims" / "shell").mkdir(parents=True)
    shadow = Path("sims", "shell", "shadow.py")
    (tmp_path / shadow).write_bytes((ROOT / shadow).read_bytes())
    (tmp_path / "theory").mkdir()
    for package, sign in (("theory", "Python finds"), ("figures", "there is no")):
        code = f"from sims.shell.shadow import require; require({package!r})"
        # -S: no site-packages, where the real ones may be installed
        refused = run(sys.executable, "-S", "-c", code, cwd=tmp_path)
        last = refused.stderr.splitlines()[-1]
        assert last.startswith(f"ImportError: {sign}")
        assert str(tmp_path.resolve() / package) in last


# -- the tree --------------------------------------------------------------------------------------


def test_no_file_holds_an_address_of_a_registry_or_a_path_of_one_machine() -> None:
    words = [b"pypi" + b".org", b"python" + b"hosted", b"/wo" + b"rk/"]  # in halves: for this file
    assert [(n, w) for n in listed() for w in words if w in (ROOT / n).read_bytes()] == []


def test_top_level_holds_only_what_the_house_has() -> None:
    top = {name.partition("/")[0] for name in listed()}
    house = {
        *PACKAGES,
        "overparam.py",
        "tests",
        "paper",
        "pyproject.toml",
        "requirements.lock",
        "CITATION.cff",
    }
    house |= {"README.md", "LICENSE", "CHANGELOG.md", "CONTRIBUTING.md"}
    assert {name for name in top if not name.startswith(".")} <= house


def test_the_version_is_the_same_everywhere() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    citation = (ROOT / "CITATION.cff").read_text("utf-8").splitlines()
    assert f"version: {project['version']}" in citation


def test_the_lock_pins_what_is_asked_for_by_hash_alone() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    lock = (ROOT / "requirements.lock").read_text("utf-8").replace("\\\n", " ").splitlines()
    pins = [re.fullmatch(r"(\S+)==(\S+) +(;.*?)?( +--hash=sha256:[0-9a-f]{64})+", line) for line in lock]
    assert [line for line, pin in zip(lock, pins, strict=True) if not pin] == []
    versions = {pin[1]: pin[2] for pin in pins if pin}
    wanted = map(Requirement, project["dependencies"] + project["optional-dependencies"]["test"])
    assert [str(r) for r in wanted if versions.get(r.name, "nothing") not in r.specifier] == []
