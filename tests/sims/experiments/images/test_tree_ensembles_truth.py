"""Sizes of tree ensembles that no tree has."""

import numpy as np
import pytest

from sims.data import Split
from sims.experiments.images import tree_ensembles

pytest.importorskip("sklearn")

PARTS = Split(np.eye(20), np.eye(20), np.eye(20), np.eye(20))


@pytest.mark.parametrize(("model", "smallest"), [("boosting", 10), ("forest", 2)])
def test_fewer_leaves_than_a_tree_has_are_refused(model: str, smallest: int) -> None:
    """Boosting answered with the zero predictor, of training loss 1."""
    rng = np.random.default_rng(0)
    with pytest.raises(ValueError, match=rf"must be at least {smallest} leaves"):
        tree_ensembles.scores(model, PARTS, [smallest - 1, 40], rng)
    [scores] = tree_ensembles.scores(model, PARTS, [smallest], rng)
    assert scores.train < 1.0
