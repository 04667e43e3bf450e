"""Running claims: samples at one size or at three, rows of what came out, wrong versions of theory."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from functools import partial
from math import inf
from typing import Any

import numpy as np

from sims import verdict
from sims.claims import registry
from sims.claims.claim import FALSE_ALARM, Array, Claim, Theory
from sims.claims.power import power
from sims.trials import montecarlo
from sims.trials.fingerprint import Provenance
from sims.trials.sample import Sample
from sims.trials.store import Store, StoreError

SIZES = (1, 2, 4)  # of the full check, for claims that grow
FEWEST = 8  # trials at the larger sizes, where one says more
FAILED = "failed"
Row = dict[str, Any]


@dataclass
class Effort:
    """By what means claims are run."""

    quick: bool = False
    trials: int | None = None
    seed: int = 0
    pool: Executor | None = None
    store: Store | None = None
    fresh: bool = False
    deadline: float = inf
    progress: Callable[[int], None] = lambda done: None
    finished: int = 0
    """Trials so far; `progress` counts those of the claim that runs."""
    seen: dict[tuple[str, str], Sample] = field(default_factory=dict)
    """Samples of this run, for a wrong theory is judged on those of the right one."""


def measure(identifier: str, wrong: str, values: Mapping[str, Any], rng: np.random.Generator) -> Array:
    """One trial of a claim, or of its wrong version of that name; found by id, so that any process can."""
    claim = registry.find(identifier)
    return (claim.sabotaged(wrong) if wrong else claim).measure(values, rng)


def runs(claim: Claim, effort: Effort) -> list[tuple[int, int]]:
    """The sizes at which a claim is run, each with its number of trials."""
    trials = effort.trials or (claim.quick if effort.quick else claim.trials)
    if effort.quick or not claim.grows:
        return [(1, trials)]
    return [(size, max(trials // size, min(FEWEST, trials))) for size in SIZES]


def check(identifier: str, values: Mapping[str, Any], effort: Effort) -> Row:
    """Run a claim with these settings; its row. An experiment that raises gives a row that says so."""
    return _row(identifier, "", registry.find(identifier), values, effort)


def answered(identifier: str, theory: Theory, values: Mapping[str, Any], effort: Effort) -> Row:
    """Run a claim with a student's theory in the place of its own; its row."""
    claim = replace(registry.find(identifier), theory=theory)
    return _row(identifier, "", claim, values, effort)


def sabotage(identifier: str, effort: Effort) -> Iterator[Row]:
    """A row for every wrong version of a claim; each should come out `disagrees`.

    Where the claim is an equation that agrees, theory is also moved by three times the resolution.
    """
    claim = registry.find(identifier)
    for name in claim.sabotage:
        wrong = claim.sabotaged(name)
        yield {**_row(identifier, name, wrong, wrong.defaults, effort), "sabotage": name}
    if claim.relation != "=" or claim.expected != verdict.AGREES:
        return
    resolution = _row(identifier, "", claim, claim.defaults, effort)["resolution"]
    if not 0 < resolution < inf:  # undecided, or a theory of zero: nothing to scale
        return
    for sign, word in ((1, "up"), (-1, "down")):
        yield {
            **_row(identifier, "", _moved(claim, 1 + sign * 3 * resolution), claim.defaults, effort),
            "sabotage": f"theory {word} by three resolutions",
        }


def _moved(claim: Claim, factor: float) -> Claim:
    return replace(claim, theory=lambda s: factor * np.asarray(claim.theory(s)))


def _row(identifier: str, wrong: str, claim: Claim, values: Mapping[str, Any], effort: Effort) -> Row:
    start = time.perf_counter()
    row: Row = {
        "id": identifier,
        "paper": identifier.partition(".")[0],
        "kind": claim.kind,
        "statement": claim.statement,
        "source": claim.source,
        "expected": claim.expected,
    }
    try:
        found = _judged(identifier, wrong, claim, values, effort)
    except (montecarlo.Stopped, StoreError):
        raise
    except Exception as error:  # of whatever kind: the other claims still run
        told = f"{type(error).__name__}: {error}".splitlines()[0]
        changed = [f"{name} = {value}" for name, value in values.items() if value != claim.defaults.get(name)]
        told += f" (with {', '.join(changed)})" if changed else ""
        none = dict.fromkeys(("theory", "observed", "se", "resolution"))
        found = {"status": FAILED, "error": told, **none, "trials": 0, "sizes": []}
    return {
        **row,
        "status": found["status"],
        "confirmed": found["status"] == claim.expected,
        **found,
        "seconds": time.perf_counter() - start,
    }


def _judged(
    identifier: str, wrong: str, claim: Claim, values: Mapping[str, Any], effort: Effort
) -> dict[str, Any]:
    sizes: list[dict[str, Any]] = []
    planned = runs(claim, effort)
    for factor, trials in planned:
        at = claim.sized(values, factor)
        sample = _sample(identifier, wrong, claim, at, trials, effort)
        compared = claim.compared(at, sample)
        judged = claim.judge(at, compared, FALSE_ALARM / len(planned))
        theory = np.broadcast_to(claim.expectation(at), compared.mean.shape)
        sizes.append(
            {
                "settings": at,
                "trials": trials,
                "status": judged.status,
                "resolution": judged.resolution,
                "power": power(claim, theory, compared, judged, trials),
                "trials_needed": judged.trials_needed,
                "points": [
                    {
                        "label": claim.labels[i] if i < len(claim.labels) else "",
                        "theory": float(theory[i]),
                        "observed": float(compared.mean[i]),
                        "se": point.se,
                        "allowance": point.allowance,
                        "status": point.status,
                    }
                    for i, point in enumerate(judged.points)
                ],
            }
        )
    statuses = [size["status"] for size in sizes]
    order = (verdict.DISAGREES, verdict.UNDECIDED, verdict.AGREES)
    last = sizes[-1]
    headline = last["points"][0]
    return {
        "status": next(status for status in order if status in statuses),
        "theory": headline["theory"],
        "observed": headline["observed"],
        "se": headline["se"],
        "resolution": last["resolution"],
        "power": 1 - sum(1 - size["power"] for size in sizes),
        "trials": sum(trials for _, trials in planned),
        "sizes": sizes,
    }


def _sample(
    identifier: str, wrong: str, claim: Claim, values: Mapping[str, Any], trials: int, effort: Effort
) -> Sample:
    # a wrong theory is judged on the experiment itself, a wrong experiment on its own
    original = registry.find(identifier)
    own = wrong if claim.trial is not original.trial else ""
    experiment = f"{identifier} {own}".strip()
    config = dict(values)
    key = (experiment, f"{sorted(config.items())} {trials}")
    if key not in effort.seen:
        effort.seen[key] = montecarlo.run(
            partial(measure, identifier, own, config), trials, effort.seed, experiment, effort.pool,
            effort.progress, store=effort.store, config=config, fresh=effort.fresh, deadline=effort.deadline,
        )  # fmt: skip
        effort.finished += trials
    return effort.seen[key]


def work(identifiers: Sequence[str], effort: Effort) -> int:
    """Number of trials in a check of these claims."""
    return sum(trials for name in identifiers for _, trials in runs(registry.find(name), effort))


def estimate(identifier: str, values: Mapping[str, Any], effort: Effort) -> float:
    """About how many seconds a check takes in one process, by one timed trial at each size."""
    claim = registry.find(identifier)
    total = 0.0
    for factor, trials in runs(claim, effort):
        at = claim.sized(values, factor)
        trial = partial(measure, identifier, "", at)
        if factor == 1:  # the first may compile
            montecarlo.try_out(trial, Provenance(identifier, at, effort.seed), [0])
        total += trials * montecarlo.try_out(trial, Provenance(identifier, at, effort.seed), [0])[0].seconds
    return total
