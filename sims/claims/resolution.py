"""What a claim's verdict rests on, in words: each kind of claim has its own.

An equation states two relative errors of theory: the common factor that would have been noticed, and the
largest error that could hide at a single number. A statement on every draw states how rare exceptions are, a
bound how loose it is, and a shape by how many standard errors it holds, and which change of the effect would
refute it.
"""

from collections.abc import Mapping
from math import inf, isfinite
from typing import Any

from sims.claims.claim import EQUATIONS
from sims.verdict import DISAGREES, words
from sims.verdict.words import share

Row = Mapping[str, Any]


def in_short(row: Row) -> str:
    """A few characters for a table.

    >>> in_short({"kind": "exact", "exceptions": None, "resolution": 0.019, "hidden": 0.147, "sizes": [{}]})
    '1.9 %, single 15 %'
    """
    if row["exceptions"] is not None:
        return "an exception" if row["status"] == DISAGREES else f"exceptions < {share(row['exceptions'])}"
    if row["kind"] in EQUATIONS:
        if not isfinite(row["resolution"]):
            return ""
        return (
            f"{share(row['resolution'])}, single {share(row['hidden']) if isfinite(row['hidden']) else 'any'}"
        )
    margin = _margin(row)
    if row["kind"] == "inequality" and (times := _looseness(row)) is not None:
        return f"bound {times:.2g} times"
    return (
        "" if margin is None else f"margin {margin:.2g} se" if margin >= 0 else f"fails by {-margin:.2g} se"
    )


def in_full(row: Row) -> str:
    """A sentence without its full stop.

    >>> shape = {"z": 45.0, "theory": 0.0, "observed": -0.51, "resolution": 0.1}
    >>> row = {"kind": "shape", "status": "disagrees", "exceptions": None, "sizes": [{"points": [shape]}]}
    >>> in_full(row), in_short(row)
    ('it fails by 45 standard errors', 'fails by 45 se')

    >>> in_full({"kind": "exact", "status": "agrees", "exceptions": 0.19, "sizes": [{"trials": 64}]})
    'every one of 64 draws; the share of exceptions is below 19 %'
    >>> in_full({"kind": "exact", "status": "disagrees", "exceptions": 0.19, "sizes": [{"trials": 64}]})
    'not in every draw: 64 draws had an exception, and one refutes the statement'
    """
    size = row["sizes"][-1]
    if row["exceptions"] is not None and row["status"] == DISAGREES:
        return f"not in every draw: {size['trials']} draws had an exception, and one refutes the statement"
    if row["exceptions"] is not None:
        return words.every_draw(row["exceptions"], size["trials"])
    if row["kind"] in EQUATIONS:
        return (
            words.resolution(row["resolution"], row["hidden"]) or "no error of theory would have been noticed"
        )
    margin = _margin(row)
    held = "the trials show no law" if margin is None else f"it holds by {margin:.2g} standard errors"
    if margin is not None and margin < 0:
        return f"it fails by {-margin:.2g} standard errors"
    if row["kind"] == "inequality" and (times := _looseness(row)) is not None:
        return f"{held}; the bound is {times:.2g} times what was measured"
    change = min((_change(point) for point in size["points"]), default=inf)
    return held + (f"; it would be refuted if the effect fell by {share(change)}" if isfinite(change) else "")


def _margin(row: Row) -> float | None:
    """Standard errors between a bound and the mean that is nearest to it; negative beyond it."""
    scores = [point["z"] for point in row["sizes"][-1]["points"] if point["z"] is not None]
    return -max(scores) if scores else None


def _looseness(row: Row) -> float | None:
    """How many times what was measured the tightest bound is; None beside zeros and unlike signs."""
    ratios = []
    for point in row["sizes"][-1]["points"]:
        bound, mean = point["theory"], point["observed"]
        if not (bound * mean > 0 and isfinite(bound) and isfinite(mean)):
            return None
        ratios.append(bound / mean)
    return min(ratios, key=lambda ratio: abs(ratio - 1), default=None)


def _change(point: Mapping[str, Any]) -> float:
    """Relative change of what was measured at which the verdict would be `disagrees`."""
    bound, mean, error = point["theory"], point["observed"], point["resolution"]
    if not mean:
        return inf
    # `resolution` is how far the bound could move, in units of the bound, or of the mean for a bound of zero
    return error * abs(bound / mean) if bound else abs(bound - mean) / abs(mean) + error
