"""Names of files: no two runs share one, and none is too long or leaves its folder."""

import json
from pathlib import Path

import pytest

from sims.double_descent import command as double_descent
from sims.shell import naming

SMALL = ["--model", "linear", "--n", "20", "--p-max", "60", "--points", "4", "--trials", "4", "--no-plot"]


def test_another_setting_never_replaces_a_file(tmp_path: Path) -> None:
    """Of n, noise, the seed and so on: each run keeps its files, and the JSON says which it is."""
    changes = [[], ["--noise", "1"], ["--seed", "1"], ["--signal", "2"], ["--ridge", "0.1"], ["--n", "30"]]
    for change in changes:
        assert double_descent.main([*SMALL, *change, "--jobs", "1", "--out", str(tmp_path)]) in (0, 1, 5)
    documents = [json.loads(path.read_text()) for path in tmp_path.glob("*.json")]
    assert len({json.dumps(document["config"]) for document in documents}) == len(changes)
    assert len(list(tmp_path.iterdir())) == 4 * len(changes)


def test_how_a_run_is_carried_out_is_no_part_of_the_name(tmp_path: Path) -> None:
    for words in ([], ["--fresh"], ["-q"], ["--store", str(tmp_path / "a.sqlite")]):
        double_descent.main([*SMALL, *words, "--jobs", "1", "--out", str(tmp_path / "out")])
    assert len(list((tmp_path / "out").iterdir())) == 4


def test_different_settings_have_different_names() -> None:
    settings = [
        {}, {"n": 1}, {"n": 1.5}, {"d": 1}, {"n": "1"}, {"quick": True}, {"": ["houses.csv"]},
        {"": ["a/houses.csv"]},
        {"": ["b/houses.csv"]}, {"": ["houses.npz"]}, {"": ["h\x1bouses.csv"]}, {"": ["x" * 300]},
        {"": ["x" * 299 + "y"]},
        {"set": ["n=1"]}, {"set": ["n=1", "d=2"]}, {"": [f"claim{i}" for i in range(99)]},
        {"": [f"claim{i}" for i in range(98)]},
    ]  # fmt: skip
    names = [naming.stem("command", chosen) for chosen in settings]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize(
    "text", ["../../etc/passwd", "a/../b", "..", "", "\x00", "é" * 300, "\udc80", "a\nb", "C:\\x"]
)
def test_a_name_stays_in_its_folder_and_is_short(text: str, tmp_path: Path) -> None:
    stem = naming.stem("command", {"": [text]})
    path = tmp_path / f"{stem}.json"
    path.write_text("")
    assert [entry.name for entry in tmp_path.iterdir()] == [path.name]
    assert len(path.name.encode()) < 255
    assert stem.isprintable()
