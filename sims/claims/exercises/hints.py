"""What the numbers of a wrong answer tell of the mistake."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from sims.claims.claim import Claim, Settings
from sims.claims.run import Row
from sims.verdict.statuses import AGREES

SAME_FORMULA = 1e-6
"""Relative difference below which two formulas are the same."""
CHANCE = 3.0
"""Standard errors within which ratios are the same, and beyond which a factor is not 1."""


Formula = Callable[[Settings], ArrayLike]


def known_mistake(claim: Claim, theory: Formula, everywhere: Sequence[Settings]) -> str:
    """Name of the claim's wrong version that has the answer's numbers at all settings; "" if there is none.

    >>> from types import SimpleNamespace
    >>> from sims.claims import registry
    >>> claim = registry.find("muthukumar2020.ideal")
    >>> settings = [SimpleNamespace(**claim.defaults)]
    >>> known_mistake(claim, claim.sabotage["n/p"], settings)
    'n/p'
    """
    for name, wrong in claim.sabotage.items():
        if not isinstance(wrong, Mapping) and same(theory, wrong, everywhere):
            return name
    return ""


def same(theory: Formula, other: Formula, everywhere: Sequence[Settings]) -> bool:
    """Whether two formulas have the same numbers at all settings, up to rounding."""
    return all(
        np.allclose(theory(s), np.asarray(other(s), dtype=float), rtol=SAME_FORMULA, atol=0)
        for s in everywhere
    )


def from_rows(rows: Sequence[Row]) -> str:
    """Where the answer holds, or by which factor it is off; "" if nothing stands out."""
    if rows[0]["status"] == AGREES:
        return "it holds with the first settings and not with the others; on which does it depend, and how?"
    sizes = [size["points"] for row in rows for size in row["sizes"]]
    points = [point for size in sizes for point in size]
    right = {point["label"] for point in points}
    right -= {point["label"] for point in points if point["status"] != AGREES}
    if right and any(point["status"] != AGREES for point in points):
        return f"it holds for {', '.join(point['label'] for point in sizes[0] if point['label'] in right)}"
    factor = _common_factor(points)
    return "" if factor is None else f"it is off by about the same factor everywhere, {factor:.2g}"


def _common_factor(points: Sequence[Mapping[str, Any]]) -> float | None:
    """What the answer is times what was measured, if that is the same at all points within their errors."""
    stated, observed, se, granted = (
        np.array([point[name] for point in points], dtype=float)
        for name in ("theory", "observed", "se", "allowance")
    )
    if len(points) < 2 or not (observed != 0).all() or not np.isfinite(se).all():
        return None
    ratio = stated / observed
    error = np.abs(ratio) * (se / np.abs(observed) + granted) + SAME_FORMULA
    factor = float(np.average(ratio, weights=error**-2))
    if np.ptp(observed) <= CHANCE * se.max():  # numbers that are all the same tell no factor
        return None
    together = (np.abs(ratio - factor) <= CHANCE * error).all()
    return factor if together and abs(factor - 1) > CHANCE * error.min() else None
