"""What the numbers of a wrong answer tell of the mistake."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from sims.claims.claim import Array, Claim, Settings
from sims.claims.run import Row
from sims.verdict.statuses import AGREES

SAME_FORMULA = 1e-6
"""Relative difference below which two formulas are the same."""
SAME_FACTOR = 0.05
"""Relative difference of ratios that may come from errors and allowances alone."""


def known_mistake(claim: Claim, theory: Callable[[Settings], Array], everywhere: Sequence[Settings]) -> str:
    """Name of the claim's wrong version that has the answer's numbers at all settings; "" if there is none.

    >>> from types import SimpleNamespace
    >>> from sims.claims import registry
    >>> claim = registry.find("muthukumar2020.ideal")
    >>> settings = [SimpleNamespace(**claim.defaults)]
    >>> known_mistake(claim, claim.sabotage["n/p"], settings)
    'n/p'
    """
    for name, wrong in claim.sabotage.items():
        if not isinstance(wrong, Mapping) and all(
            np.allclose(theory(s), np.asarray(wrong(s), dtype=float), rtol=SAME_FORMULA, atol=0)
            for s in everywhere
        ):
            return name
    return ""


def from_rows(rows: Sequence[Row]) -> str:
    """Where the answer holds, or by which factor it is off; "" if nothing stands out."""
    if rows[0]["status"] == AGREES:
        return "it holds with the first settings and not with the others; on which does it depend, and how?"
    sizes = [size["points"] for row in rows for size in row["sizes"]]
    points = [point for size in sizes for point in size]
    right = {point["label"] for point in points}
    right -= {point["label"] for point in points if point["status"] != AGREES}
    if right:
        return f"it holds for {', '.join(point['label'] for point in sizes[0] if point['label'] in right)}"
    observed = np.array([point["observed"] for point in points])
    ratios = np.array([point["theory"] for point in points]) / np.where(observed, observed, 1)
    varies = np.ptp(observed) > SAME_FACTOR * abs(observed).max()
    if varies and np.ptp(ratios) < SAME_FACTOR * abs(ratios).max():
        return f"it is off by about the same factor everywhere, {ratios.mean():.2g}"
    return ""
