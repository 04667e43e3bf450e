"""Options that make no sense are refused in one line, before any work."""

from pathlib import Path

import pytest

from sims.double_descent import command as double_descent


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (["--p-max", "0"], "--p-max = 0"),
        (["--model", "network", "--ridge", "0"], "--ridge = 0 must be at least 1e-4"),
        (["--model", "network", "--p-max", "20"], "--p-max = 20 must be at least 22"),
        (["--model", "network", "--activation", "sign"], "sign has no gradient"),
        (["--n", "0"], "--n = 0"),
        (["--trials", "-3"], "--trials = -3"),
        (["--points", "0"], "--points = 0"),
        (["--ridge", "-1"], "--ridge = -1"),
        (["--ridge", "nan"], "--ridge = nan"),
        (["--noise", "inf"], "--noise = inf"),
        (["--signal", "-2"], "--signal = -2"),
        (["--signal", "1e308"], "--signal = 1e+308"),
        (["--model", "linear", "--noise", "1e308"], "--noise = 1e+308"),
        (["--noise", "1e-310"], "--noise = 1e-310"),
        (["--ridge", "1e308"], "--ridge = 1e+308"),
        (["--seed", "-1"], "--seed = -1"),
        (["--jobs", "0"], "--jobs = 0"),
        (["--d", "1"], "--d = 1"),
        (["--activation", "rellu"], "activation = 'rellu'"),
        (["--model", "fourier", "--noise", "0.1"], "--noise = 0.1"),
        (["--model", "weak-features", "--d", "10"], "--d = 10"),
        (["--json", "--csv"], "--json and --csv"),
        (["--model", "quadratic"], "'quadratic'"),
        (["--n", "many"], "'many'"),
        (["--nois", "1"], "--nois"),
        (["--n", "2.5"], "--n: invalid int value: '2.5'"),
        (["--seed", "1e3"], "--seed: invalid int value: '1e3'"),
        (["--ridge"], "--ridge: expected one argument"),
        (["--bogus"], "--bogus"),
        (["extra"], "extra"),
        (["--model", "linear", "--activation", "foo"], "--activation = foo"),
        (["--model", "fourier", "--activation", "relu"], "--activation = relu"),
        (["--model", "linear", "--d", "-5"], "--d = -5"),
        (["--activation", ""], "activation = ''"),
        (["--out", ""], "--out = ''"),
        (["--max-seconds", "0"], "--max-seconds = 0"),
        (["--max-seconds", "nan"], "--max-seconds = nan"),
        (["--store", "."], "is not a file"),
    ],
)
def test_bad_input_exits_2_with_one_line(
    words: list[str], named: str, capsys: pytest.CaptureFixture[str]
) -> None:
    try:
        code = double_descent.main(words)
    except SystemExit as stopped:  # argparse
        code = int(stopped.code or 0)
    seen = capsys.readouterr()
    assert code == 2
    assert seen.out == ""
    (line,) = seen.err.splitlines()
    assert named in line
    assert line.startswith("error: ")


def test_unwritable_out_is_refused_before_the_work(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "taken"
    file.write_text("")
    assert double_descent.main(["--out", str(file / "below")]) == 2
    seen = capsys.readouterr()
    assert "--out = " in seen.err
    assert str(file) in seen.err
    assert seen.out == ""


def test_help_ends_with_three_examples_and_the_exit_codes(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        double_descent.main(["--help"])
    assert stopped.value.code == 0
    text = capsys.readouterr().out
    assert text.count("\n  python -m sims.double_descent") == 3
    assert "exit codes: 0" in text
