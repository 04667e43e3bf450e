"""What a command says to old terminals, full disks and closed pipes, and what it never lets through."""

import errno
import io
import logging
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from sims.shell import console, streams
from tests.sims.commands import ENVIRONMENT

SMALL = ["--model", "linear", "--n", "20", "--p-max", "60", "--points", "4", "--trials", "4", "--jobs", "1"]
RUN = [sys.executable, "-m", "sims.double_descent", *SMALL]


def _run(
    tmp_path: Path, *words: str, stdout: int = subprocess.PIPE, **environment: str
) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [*RUN, *words, "--store", str(tmp_path / "a.sqlite")],
        cwd=tmp_path, env=ENVIRONMENT | environment, stdout=stdout, stderr=subprocess.PIPE, timeout=300,
    )  # fmt: skip


@pytest.mark.parametrize(
    "environment",
    [
        {"PYTHONIOENCODING": "cp1252"},
        {"PYTHONIOENCODING": "ascii"},
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    ],
)
def test_an_old_terminal_gets_the_result_and_a_plot(environment: dict[str, str], tmp_path: Path) -> None:
    usual = _run(tmp_path, PYTHONIOENCODING="utf-8")
    assert usual.returncode in (0, 5)
    old = _run(tmp_path, **environment)
    assert old.returncode == usual.returncode
    assert b"Error" not in old.stderr
    lines, other = usual.stdout.decode().splitlines(), old.stdout.decode("cp1252").splitlines()
    assert len(other) == len(lines)
    assert sum("simulation" in line for line in other) == sum("simulation" in line for line in lines)
    table = next(line for line in other if "agrees" in line)
    assert ("±" in table) == (environment == {"PYTHONIOENCODING": "cp1252"}) or "+-" in table
    assert {path.suffix for path in (tmp_path / "out").iterdir()} == {".pdf", ".png", ".csv", ".json"}


@pytest.mark.parametrize("words", [["sims.claims", "show", "mei2022.peak"], ["theory", "mei2022"], ["sims"]])
def test_every_command_degrades(words: list[str], tmp_path: Path) -> None:
    environment = ENVIRONMENT | {"PYTHONIOENCODING": "ascii"}
    done = subprocess.run([sys.executable, "-m", *words], cwd=tmp_path, env=environment, capture_output=True)
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.isascii()


def test_a_stream_that_main_meets_within_python_degrades(monkeypatch: pytest.MonkeyPatch) -> None:
    old = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr(sys, "stdout", old)
    console.say("1 ± 2 — é, ⠤⠤, │, \udc80, 漢")
    assert old.buffer.getvalue() == b"1 +- 2 - e, .., |, \\udc80, ?\n"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
@pytest.mark.parametrize(
    "words",
    [
        ["sims.double_descent", *SMALL],
        ["sims.claims", "list"],
        ["sims"],
        ["theory"],
        ["sims.ntk", "--json-schema"],
    ],
)
def test_a_full_disk_behind_stdout_is_one_line(words: list[str], tmp_path: Path) -> None:
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", *words], cwd=tmp_path, env=ENVIRONMENT, stdout=full, stderr=subprocess.PIPE
        )
    assert done.returncode == console.FAILED
    assert re.match("error: standard output: [Nn]o space left on .*; free some", done.stderr.decode())
    assert done.stderr.count(b"\n") == 1


@pytest.mark.skipif(os.name == "nt", reason="pipes of POSIX")
def test_a_closed_pipe_ends_with_one_line(tmp_path: Path) -> None:
    read, write = os.pipe()
    os.close(read)
    done = _run(tmp_path, stdout=write)
    os.close(write)
    assert done.returncode == console.INTERRUPTED
    assert done.stderr == b"error: standard output was closed by its reader; what follows is lost\n"


@pytest.mark.skipif(os.name == "nt", reason="a shell of POSIX")
@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-"])
def test_streams_that_are_closed_from_the_start(closed: str, tmp_path: Path) -> None:
    line = f'"$0" -m sims.double_descent {" ".join(SMALL)} --store a.sqlite {closed}'
    done = subprocess.run(
        ["sh", "-c", line, sys.executable], cwd=tmp_path, env=ENVIRONMENT, capture_output=True
    )
    assert done.returncode in (0, 5)
    assert b"Traceback" not in done.stdout + done.stderr


@pytest.mark.parametrize("backend", ["module://matplotlib_inline.backend_inline", "nonsense", "tkagg"])
def test_the_backend_of_a_notebook_is_no_business_of_a_file(backend: str, tmp_path: Path) -> None:
    done = _run(tmp_path, "-q", MPLBACKEND=backend)
    assert done.returncode in (0, 5)
    assert b"Error" not in done.stderr
    assert {path.suffix for path in (tmp_path / "out").iterdir()} == {".pdf", ".png", ".csv", ".json"}


@pytest.mark.parametrize("quiet", [False, True])
def test_what_the_theory_has_to_tell_is_a_note(quiet: bool, capsys: pytest.CaptureFixture[str]) -> None:
    """Once, also where commands run one after the other in one process; never after the command."""

    def main() -> int:
        if quiet:
            console.hush()
        logging.getLogger("overparam").info("compiling")
        return 0

    for _ in range(2):
        assert streams.run(main) == 0
        logging.getLogger("overparam").info("later")
        assert capsys.readouterr() == ("", "" if quiet else "compiling\n")


def test_nothing_steers_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    console.say("a\x1b[2Jb\x07\r\x9b31m\u202eevil", "two\nlines\tand a tab")
    console.fail("\x1b]0;title\x07 in\nthree\r\nlines", 2)
    out, err = capsys.readouterr()
    assert out == "a\\x1b[2Jb\\x07\\r\\x9b31m\\u202eevil two\nlines\tand a tab\n"
    assert err == "error: \\x1b]0;title\\x07 in three lines\n"


@pytest.mark.parametrize(
    "words",
    [
        ["sims.sweet_spot", "x\x1b[31m.csv"],
        ["sims.double_descent", "--model", "\x1b[31mred"],
        ["sims.double_descent", "--activation", "\x1b[31mred"],
        ["sims.double_descent", "--out", "/dev/null/\x1b[31m"],
        ["sims.double_descent", "--store", "/dev/null/\x1b[31m"],
        ["sims.claims", "show", "\x1b[31m"],
        ["sims.claims", "check", "mei2022.peak", "--set", "\x1b[31m=1"],
        ["sims.store", "list", "--store", "\x1b[31m"],
        ["sims.store", "\x1b[31m"],
        ["sims", "\x1b[31m"],
        ["theory", "\x1b[31m"],
        ["figures", "build", "\x1b[31m"],
    ],
)
def test_an_argument_that_steers_a_terminal_is_spelled_out(words: list[str], tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-m", *words], cwd=tmp_path, env=ENVIRONMENT, capture_output=True)
    assert done.returncode != 0
    assert b"Traceback" not in done.stderr
    assert b"\x1b" not in done.stdout + done.stderr


def test_a_column_that_steers_a_terminal_is_spelled_out(tmp_path: Path) -> None:
    rows = "\n".join(f"{i},x" for i in range(30))
    (tmp_path / "a.csv").write_text(f"y,\x1b[31m\n{rows}\n")
    command = [sys.executable, "-m", "sims.sweet_spot", "a.csv", "--target", "y"]
    done = subprocess.run(command, cwd=tmp_path, env=ENVIRONMENT, capture_output=True)
    assert (done.returncode, b"\x1b" in done.stderr) == (2, False)


def test_cells_of_a_spreadsheet_are_no_formulas() -> None:
    row = {
        "a": "=1+1",
        "b": "+1 text",
        "c": "-2.5",
        "d": -2.5,
        "e": "@SUM(A1)",
        "f": "\t=1",
        "g": "a=1",
        "h": None,
    }
    text = console.csv_text(list(row), [row])
    assert text.splitlines()[1] == "'=1+1,'+1 text,-2.5,-2.5,'@SUM(A1),'\t=1,a=1,"


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (
            MemoryError("Unable to allocate 7.45 GiB for an array"),
            "out of memory (Unable to allocate 7.45 GiB",
        ),
        (MemoryError(), "out of memory; ask for less"),
        (
            OSError(errno.EMFILE, "Too many open files"),
            "too many open files; raise the limit (ulimit -n) above",
        ),
        (
            OSError(errno.ENOSPC, "No space left on device", "out/a.csv"),
            "out/a.csv: no space left on the disk",
        ),
    ],
)
def test_what_ran_out_is_one_line_and_exit_code_3(
    error: Exception, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    def main() -> int:
        raise error

    assert console.run(main) == console.FAILED
    assert console.refuse(error) == console.FAILED
    for line in capsys.readouterr().err.splitlines():
        assert line.startswith(f"error: {told}")
    assert streams.spent(OSError(errno.ENOENT, "no such file")) is None


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="a limit of address space")
def test_memory_that_a_run_lacks_is_named(tmp_path: Path) -> None:
    line = f'ulimit -v 6000000; "$0" -m sims.double_descent {" ".join(SMALL)} --n 40000 --p-max 90000'
    done = subprocess.run(
        ["sh", "-c", line, sys.executable], cwd=tmp_path, env=ENVIRONMENT, capture_output=True
    )
    assert done.returncode == console.FAILED
    assert done.stderr.decode().startswith("error: out of memory (Unable to allocate")
    assert done.stderr.count(b"\n") == 1
