"""A store with a flipped bit: no traceback, no other number, and `prune` mends what it says it mends."""

import json
import sqlite3
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from sims.double_descent import command as double_descent
from sims.store import command as store_command
from sims.trials.fingerprint import Provenance
from sims.trials.store import Result, opened

SMALL = ["--model", "linear", "--n", "20", "--p-max", "60", "--points", "4", "--trials", "30", "--jobs", "1"]
PEAK = Provenance("peak", {"n": 3}, seed=0)


def _fill(path: Path, trials: int = 20) -> None:
    with opened(path) as kept:
        kept.add(PEAK, [Result(i, np.array([i, np.inf, np.nan]), 0.5) for i in range(trials)])


def _change(path: Path, *queries: str) -> None:
    connection = sqlite3.connect(path)
    for query in queries:
        connection.execute(query)
    connection.commit()
    connection.close()


def _flip(path: Path, place: int, bits: int) -> None:
    with path.open("r+b") as file:
        file.seek(place)
        (byte,) = file.read(1)
        file.seek(place)
        file.write(bytes([byte ^ bits]))


def _flip_in_index(path: Path) -> None:
    """A bit of a key in the index of keys, where its table is whole."""
    with opened(path) as kept:
        key = PEAK.key(7)
        assert kept.path == path
    whole = path.read_bytes()
    places = [at for at in range(len(whole)) if whole.startswith(key, at)]
    assert len(places) == 2  # in the table and in its index
    _flip(path, places[0] + 3, 1)


@pytest.mark.parametrize(
    ("change", "lost"),
    [
        (lambda path: _change(path, "UPDATE trials SET key = zeroblob(32) WHERE trial = 7"), 1),
        (lambda path: _change(path, "UPDATE trials SET value = zeroblob(24) WHERE trial = 7"), 1),
        (lambda path: _change(path, "UPDATE trials SET value = 'text', seconds = 'x' WHERE trial = 7"), 1),
        (lambda path: _change(path, "UPDATE trials SET point = 99 WHERE trial = 7"), 1),
        (lambda path: _change(path, "UPDATE points SET document = 'no { json'"), 20),
        (lambda path: _change(path, "UPDATE points SET document = CAST(x'ff41' AS TEXT)"), 20),
        (_flip_in_index, 1),
    ],
)
def test_prune_repairs_what_verify_finds(
    change: object, lost: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "a.sqlite"
    _fill(path)
    change(path)  # type: ignore[operator]
    words = ["--store", str(path)]
    assert store_command.main(["verify", *words]) == 1
    capsys.readouterr()
    assert store_command.main(["prune", *words]) == 0
    told = capsys.readouterr().out
    assert f"{lost} of them were damaged" in told or "made anew" in told
    assert store_command.main(["verify", *words]) == 0
    assert store_command.main(["prune", *words]) == 0
    assert "0 trials removed" in capsys.readouterr().out
    with opened(path) as kept:
        assert len(kept.finished(PEAK, 20)) in (20 - lost, 20)
        kept.add(PEAK, [Result(i, np.ones(3), 0.5) for i in range(20)])
        assert len(kept.finished(PEAK, 20)) == 20
        assert kept.damage() == []


def _rows(capsys: pytest.CaptureFixture[str], path: Path) -> tuple[int, object]:
    capsys.readouterr()
    code = double_descent.main([*SMALL, "--json", "-q", "--store", str(path)])
    out, err = capsys.readouterr()
    assert err.count("\n") == (code == 2), err
    return code, json.loads(out)["rows"] if out else None


@pytest.mark.slow
def test_two_hundred_flipped_bytes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Anywhere in the file: refused in one line, or mended, or harmless; a number never changes."""
    path, copy, table = tmp_path / "a.sqlite", tmp_path / "b.sqlite", tmp_path / "a.csv"
    code, rows = _rows(capsys, path)
    whole, rng, met = path.read_bytes(), np.random.default_rng(0), Counter[str]()
    for number in range(240):
        copy.write_bytes(whole)
        bits = 1 << int(rng.integers(8)) if number % 2 else int(rng.integers(1, 256))
        _flip(copy, int(rng.integers(len(whole))), bits)
        words = ["--store", str(copy)]
        told, measured = _rows(capsys, copy)
        assert (told, measured) in ((code, rows), (2, None))
        assert store_command.main(["list", *words]) in (0, 2)
        assert store_command.main(["export", *words, "--out", str(table)]) in (0, 2)
        found = store_command.main(["verify", *words])
        mended = store_command.main(["prune", *words])
        assert found in (0, 1, 2)
        assert mended == (2 if found == 2 else 0)
        err = capsys.readouterr().err
        assert all(line.startswith("error: store = ") for line in err.splitlines())
        met["refused" if mended else "mended" if found else "harmless"] += 1
        if not mended:
            assert store_command.main(["verify", *words]) == 0
            assert _rows(capsys, copy) == (code, rows)
            copy.unlink()
    assert {path.name for path in tmp_path.iterdir()} <= {"a.sqlite", "b.sqlite", "a.csv"}
    assert min(met[kind] for kind in ("refused", "mended", "harmless")) > 5, met
