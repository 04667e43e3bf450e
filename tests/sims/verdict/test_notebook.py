"""A verdict as a notebook shows it."""

import numpy as np

from sims.trials.sample import Sample
from sims.verdict import judge


def test_a_verdict_is_a_table_of_its_points() -> None:
    sample = Sample(np.random.default_rng(0).normal(2.0, 0.1, size=(20, 2)))
    shown = judge(sample, [2.0, 3.0])._repr_html_()
    assert shown.count("<tr>") == 3
    assert "<caption>Verdict: disagrees. 2 points tested. a theory off by" in shown
    assert "<td>disagrees</td>" in shown
