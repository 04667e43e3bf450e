"""`python -m sims` and `help(sims)` name everything, and no command minds a reader that leaves."""

import os
import pkgutil
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

import sims
from sims import __main__ as front_door
from sims.trials.store import opened
from tests.sims.commands import ENVIRONMENT


def test_every_public_module_is_introduced() -> None:
    introduced = {line.split()[0] for line in (sims.__doc__ or "").splitlines() if line.strip()}
    modules = {module.name for module in pkgutil.iter_modules(sims.__path__)}
    assert {name for name in modules if not name.startswith("_")} <= introduced


def test_every_command_is_listed_with_an_example_that_it_takes(capsys: pytest.CaptureFixture[str]) -> None:
    assert front_door.main([]) == 0
    shown = capsys.readouterr().out
    commands = front_door.commands()
    assert {command.name for command in commands} >= {
        "double_descent",
        "ntk",
        "sweet_spot",
        "claims",
        "store",
    }
    for name, summary, example in commands:
        assert f"{name}\n    {summary}\n    {example}\n" in shown
        module, *words = example.split()[2:]
        assert module == f"sims.{name}"
        import_module(f"{module}.command").parser().parse_args(words)  # exits where it refuses them


@pytest.mark.skipif(os.name == "nt", reason="pipes of POSIX")
@pytest.mark.parametrize(
    "words",
    [
        ["sims"],
        ["sims.double_descent", "--help"],
        ["sims.ntk", "--json-schema"],
        ["sims.claims", "list"],
        ["sims.store", "list"],
        ["theory"],
        ["figures", "list"],
    ],
    ids=" ".join,
)
def test_a_reader_that_has_gone_is_told_in_one_line(words: list[str], own_store: Path) -> None:
    if words[0] == "sims.store":
        with opened(own_store):
            words = [*words, "--store", str(own_store)]
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [sys.executable, "-m", *words], stdout=writing, stderr=subprocess.PIPE, text=True, env=ENVIRONMENT
    )
    os.close(writing)
    told = "error: standard output was closed by its reader; what follows is lost\n"
    # argparse prints a help without looking whether anybody reads it
    assert (done.returncode, done.stderr) in ([(130, told), (0, "")] if "--help" in words else [(130, told)])
