"""Five hundred random command lines: a documented exit code, one line for what is wrong, no traceback."""

import json
import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest

from tests.sims.commands import ENVIRONMENT

VECTORS = 500
CODES = {0, 1, 2, 3, 4, 5}
# words with which a command is quick, and names that it may be given beside its options
COMMANDS = {
    "double_descent": (["--n", "20", "--p-max", "60", "--points", "4", "--trials", "4", "--d", "10"], []),
    "ntk": (["--width-min", "8", "--width-max", "32", "--trials", "4", "--n", "3", "--time", "1"], []),
    "sweet_spot": (["--n", "40", "--points", "3", "--trials", "2"], ["good.csv", "bad.csv", "digits", "."]),
    "belkin2019": (
        ["--data", "digits", "--n", "30", "--points", "5", "--trials", "1"],
        ["fourier", "forest"],
    ),
    "claims": (
        ["--quick"],
        ["list", "show", "check", "exercise", "sabotage", "mei2022.peak", "everyday.capacity"],
    ),
    "store": ([], ["list", "verify", "export", "prune"]),
}
OPTIONS = {
    "claims": ["--quick", "--trials", "--seed", "--json", "--set", "--csv", "--out", "--paper", "--markdown"],
    "store": ["--store", "--out", "--experiment", "--summary", "--all"],
}
VALUES = [
    "", " ", "0", "1", "2", "3", "17", "40", "-5", "1.5", "1e-3", "1e3", "nan", "inf",
    "-inf", "1e400", "1e300",
    "5e-324", "999999999999999999999", "3000000000", "1_0", "0x10", "٣", "é", "\x1b[31m",
    "a\nb", "..", "/dev/null",
    "/dev/null/x", "-",
    "--", "relu", "tanh", "sign", "linear", "network", "fourier", "y", "n=3", "n=nan", "x=", "a.csv",
    "a.sqlite", "out", "%s",
    "{0}", "$(id)", "'", "=1+1",
]  # fmt: skip
# runs each command line that it reads in this process, in a limited space and time
DRIVER = """
import contextlib, io, json, resource, signal, sys
from importlib import import_module
from sims.shell import console

resource.setrlimit(resource.RLIMIT_AS, (6 << 30, 6 << 30))

def hang(number, frame):
    raise SystemExit("hangs")

signal.signal(signal.SIGUSR1, hang)
for line in sys.stdin:
    command, words = json.loads(line)
    out, err = io.StringIO(), io.StringIO()
    main = import_module(f"sims.{command}.command").main
    signal.signal(signal.SIGVTALRM, hang)
    signal.setitimer(signal.ITIMER_VIRTUAL, 60)
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            code = console.run(lambda: main(words))
        except SystemExit as stop:
            code = stop.code
    signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    print(json.dumps([code, out.getvalue(), err.getvalue()]), flush=True)
"""


def _options(command: str) -> list[str]:
    if command in OPTIONS:
        return OPTIONS[command]
    text = import_module(f"sims.{command}.command").COMMAND.parser().format_help()
    left_out = {"--help", "--cluster", "--store", "--fresh", "--max-seconds", "--jobs"}
    return sorted(set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", text)) - left_out)


def _vector(rng: np.random.Generator) -> tuple[str, list[str]]:
    """A command and some of its options, many with values that make no sense."""
    command = str(rng.choice(list(COMMANDS)))
    base, names = COMMANDS[command]
    words = [str(name) for name in rng.permutation(names)[: rng.integers(1, 3)]] if names else []
    words += base if command != "claims" or {"check", "sabotage"} & set(words[:1]) else []
    for option in rng.choice(_options(command), size=rng.integers(1, 4)):
        words.append(str(option))
        if rng.random() < 0.8:
            words.append(str(rng.choice(VALUES)))
    if command in ("double_descent", "ntk", "sweet_spot", "belkin2019"):
        words += ["--max-seconds", "2", "--jobs", "1"]
    return command, words


@pytest.mark.slow
@pytest.mark.jit
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="limits of Linux")
def test_random_command_lines(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    rows = "\n".join(f"{a},{b},{a - b}" for a, b in rng.standard_normal((80, 2)))
    (tmp_path / "good.csv").write_text(f"a,b,y\n{rows}\n")
    (tmp_path / "bad.csv").write_text("a,\x1b[31m,y\n1,x\n")
    vectors = [_vector(rng) for _ in range(VECTORS)]
    lines = "".join(json.dumps(vector) + "\n" for vector in vectors)
    home = {"XDG_CACHE_HOME": str(tmp_path / "cache"), "HOME": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", DRIVER],
        input=lines,
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env=ENVIRONMENT | home,
    )
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    wrong = []
    for (command, words), (code, out, err) in zip(vectors, answers, strict=False):
        last = err.splitlines()[-1] if err else ""
        fine = code in CODES and "Traceback" not in err and "\x1b" not in out + err
        if code == 2:
            fine = fine and last.startswith("error: ")
        if not fine:
            wrong.append((command, words, code, err[-300:]))
    assert not wrong, "\n".join(map(str, wrong))
    assert len(answers) == VECTORS, (vectors[len(answers)], done.stderr[-300:])
    assert {0, 2} <= {answer[0] for answer in answers}
