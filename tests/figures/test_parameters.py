"""What of a figure can be chosen: declared, asked for, carried by the names of the files, and refused."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from figures import __main__, build, registry, show
from figures.figure import PaperFigure
from figures.parameters import COMMON
from sims.data import MissingExtraError
from sims.shell import console

SNR = "hastie2022_snr"


def draw(data: dict[str, Any]) -> Any:
    raise NotImplementedError(data)


def words(folder: Path, *names: str) -> list[str]:
    """A command line that draws quickly."""
    return ["build", *names, "--format", "csv", "-q", "--jobs", "1", "--out", str(folder)]


@pytest.mark.parametrize("name", registry.names())
def test_every_figure_has_parameters_and_says_what_they_are(name: str) -> None:
    figure = registry.figure(name)
    assert figure.parameters
    assert all(parameter.meaning for parameter in figure.parameters)
    repeated = [key for key, meaning in figure.meanings.items() if COMMON.get(key) == meaning]
    assert repeated == []
    assert not figure.redraws or figure.redraws.startswith("Fig. ")


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"meanings": {}}, "meanings must say what gap is"),
        ({"meanings": {"gap": "a gap", "lost": "nothing"}}, "must name parameters of data, not lost"),
        ({"published": {"n": 2.0}}, "values of the types of the defaults, not for n"),
    ],
)
def test_a_parameter_is_typed_and_told(given: dict[str, Any], told: str) -> None:
    def data(n: int = 60, gap: float = 0.5) -> dict[str, Any]:
        return {"n": n, "gap": gap}

    with pytest.raises(ValueError, match=told):
        PaperFigure(**{"data": data, "draw": draw, "meanings": {"gap": "a gap"}, **given})


def test_a_parameter_needs_a_default() -> None:
    def data(n: int) -> dict[str, Any]:
        return {"n": n}

    with pytest.raises(ValueError, match="n must have a number or a text as its default"):
        PaperFigure(data=data, draw=draw)


def test_what_differs_is_in_the_name_and_judged_again(tmp_path: Path) -> None:
    assert __main__.main([*words(tmp_path, SNR), "--set", "n=40", "trials=64"]) == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == [f"{SNR}--n=40.csv", f"{SNR}--n=40.json"]
    record = build.manifest(f"{SNR}--n=40", tmp_path)
    assert record["parameters"] == {"n": 40, "noise": 1.0, "trials": 64}
    assert record["command"] == f"python -m figures build {SNR} --format csv --set n=40"
    found = registry.figure(SNR).data(n=40)
    assert record["resolutions"]["simulated 5"] == pytest.approx(found["simulated 5"].resolution)
    assert (found["simulated 5"].x * 40).round(9).tolist() == np.rint(found["simulated 5"].x * 40).tolist()


def test_another_setting_is_another_figure(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def status(*more: str) -> str:
        assert __main__.main([*words(tmp_path, SNR), "--json", *more]) == 0
        (row,) = json.loads(capsys.readouterr().out)
        return str(row["status"])

    few = ("--set", "trials=8")
    assert [status(*few), status(*few)] == ["built", "current"]
    assert status("--set", "trials=8", "n=60") == "current"  # 60 is its default
    assert status() == "built"
    assert status(*few) == "current"
    asked = build.Settings(sets=("trials=8",))
    assert build.key(SNR, asked) != build.key(SNR, build.Settings())


def test_the_published_values_come_first_and_words_last() -> None:
    figure = registry.figure(SNR)
    assert figure.changed((), True, SNR) == {"n": 200}
    assert figure.changed(("n=60", "trials=8"), True, SNR) == {"trials": 8}
    with pytest.raises(ValueError, match="--published: the values of the published figure are not known for"):
        registry.figure("everyday_cost").changed((), True, "everyday_cost")


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (["build", SNR, "--set", "m=3"], f"--set m=3: {SNR} has no m; its settings are n, noise, trials"),
        (["build", SNR, "--set", "n=3.5"], "must be a whole number, not negative, such as 60"),
        (["build", SNR, "--set", "n"], "--set n: write name=value"),
        (["build", "--set", "n=40"], "--set and --published need names of figures"),
        (["list", "--paper", "nobody1900"], "--paper nobody1900: no figure of that paper"),
        (["show", "mei2022"], "name one of mei2022_best_ridge"),
    ],
)
def test_wrong_words_get_one_line(
    line: list[str], told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = [] if line[0] == "show" else ["--out", str(tmp_path)]
    assert __main__.main([*line, *folder]) == console.USAGE
    (said,) = capsys.readouterr().err.splitlines()
    assert told in said


def test_show_says_what_can_be_chosen(capsys: pytest.CaptureFixture[str]) -> None:
    assert __main__.main(["show", SNR]) == 0
    told = capsys.readouterr().out
    assert registry.caption(SNR)[1] in told
    for part in (
        "redraws: Hastie et al. (2022), Fig. 2†", "n          60     200        samples",
        "theory: theory.exact.least_squares, theory.papers.hastie2022.isotropic",
    ):  # fmt: skip
        assert part in told
    assert "claims: sims.claims.papers.hastie2022.latent" in show.page("hastie2022_latent")


def test_figures_are_found_by_paper(capsys: pytest.CaptureFixture[str]) -> None:
    assert __main__.main(["list", "--paper", "mei2022", "--json"]) == 0
    names = [row["name"] for row in json.loads(capsys.readouterr().out)]
    assert names == ["mei2022_best_ridge", "mei2022_norm", "mei2022_risk"]


def test_without_an_extra_the_rest_is_built(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def data(n: int = 60) -> dict[str, Any]:
        raise MissingExtraError(f"for n = {n} mlxtend is not installed")

    other = "lejeune2020_members"
    monkeypatch.setattr(registry.module(other), "FIGURE", PaperFigure(data=data, draw=draw))
    assert __main__.main(words(tmp_path, other, SNR)) == console.FAILED
    out, err = capsys.readouterr()
    assert out == f"2 figures in {tmp_path}: 1 built, 1 missing\n"
    assert err == f"missing: {other}: for n = 60 mlxtend is not installed\n"
    assert (tmp_path / f"{SNR}.csv").is_file()
