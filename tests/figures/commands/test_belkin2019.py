"""The saved picture of the curves on real data: what is drawn is what was measured."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from figures import files
from figures.commands import belkin2019 as figure
from sims.belkin2019 import command as belkin2019
from sims.shell import runner

pytest.importorskip("sklearn")


@pytest.fixture(scope="module", params=["fourier", "forest"])
def document(request: pytest.FixtureRequest) -> dict[str, Any]:
    small = [request.param, "--data", "digits", "--n", "40", "--points", "8", "--trials", "3"]
    return belkin2019.measure(belkin2019.settings(belkin2019.parser().parse_args(small)), runner.Effort())


def test_artists_carry_the_data(document: dict[str, Any]) -> None:
    drawn = figure.draw(document)
    panels = [name for name in figure.PANELS if name in document["rows"][0]]
    assert len(drawn.axes) == len(panels) * len(document["models"])
    for axes in drawn.axes:
        assert axes.get_xscale() == "log"
        name = panels[drawn.axes.index(axes) // len(document["models"])]
        model = document["models"][drawn.axes.index(axes) % len(document["models"])]
        rows = [row for row in document["rows"] if row["model"] == model["model"]]
        points = np.concatenate([np.array(c[0].get_xydata(), dtype=float) for c in axes.containers])
        expected = [[row["size"], row[name]] for row in rows]
        np.testing.assert_allclose(points[points[:, 0].argsort()], expected)
    labels = [text.get_text() for text in drawn.legends[0].get_texts()]
    assert ("kernel limit" in labels) == (document["models"][0]["limit"] is not None)


@pytest.mark.parametrize("document", ["forest"], indirect=True)
def test_same_bytes_again(document: dict[str, Any], tmp_path: Path) -> None:
    first = files.save(figure.draw(document), tmp_path / "a", document["command"])
    restored = json.loads(json.dumps(document), parse_constant=float)
    second = files.save(figure.draw(restored), tmp_path / "b", document["command"])
    for one, two in zip(first, second, strict=True):
        assert one.read_bytes() == two.read_bytes()
