"""Running claims: samples at one size or at three, rows of what came out, wrong versions of theory.

How much of a claim is run is an `Options`; how its trials run is a `Session` (sims.shell.session).
"""

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from math import inf
from typing import Any, NamedTuple

import numpy as np

from sims.claims import registry
from sims.claims.claim import FALSE_ALARM, Array, Claim, Theory
from sims.claims.power import power
from sims.shell.session import Plan, Session
from sims.trials import montecarlo
from sims.trials.fingerprint import Provenance
from sims.trials.sample import Sample
from sims.trials.store import StoreError
from sims.verdict import AGREES
from sims.verdict.statuses import FAILED, worst

SIZES = (1, 2, 4)
"""Factors by which the full check enlarges the settings that grow."""
FEWEST = 8
"""Trials at the larger sizes, where one trial says more."""
Row = dict[str, Any]
"""What came of one claim; schema.json describes its entries."""


@dataclass(frozen=True)
class Options:
    """How much of each claim is run, and with which random numbers."""

    quick: bool = False
    """One size and the claim's own few trials; otherwise three sizes and its many."""
    trials: int | None = None
    """Trials of each claim, >= 1; None for the claim's own number."""
    seed: int = 0
    """Seed of the random numbers, >= 0."""

    def __post_init__(self) -> None:
        for name, value, least in (("trials", self.trials, 1), ("seed", self.seed, 0)):
            if value is not None and value < least:
                raise ValueError(f"{name} = {value} must be at least {least}")


class Version(NamedTuple):
    """A claim, or a wrong version of it, with its settings."""

    identifier: str
    claim: Claim
    """The version that is judged."""
    values: Mapping[str, Any]
    """Its settings."""
    sabotage: str = ""
    """Name of the wrong version in the claim of that id; "" for the claim itself."""


# ---------------------------------------------------------------- what can be run


def check(identifier: str, values: Mapping[str, Any], options: Options, session: Session) -> Row:
    """Run a claim with these settings; its row. An experiment that raises gives a row that says so."""
    return _row(Version(identifier, registry.find(identifier), values), options, session)


def answered(
    identifier: str, theory: Theory, values: Mapping[str, Any], options: Options, session: Session
) -> Row:
    """Run a claim with a student's theory in the place of its own; its row."""
    claim = replace(registry.find(identifier), theory=theory)
    return _row(Version(identifier, claim, values), options, session)


def sabotage(identifier: str, options: Options, session: Session) -> Iterator[Row]:
    """A row for every wrong version of a claim; each should come out `disagrees`.

    Where the claim is an equation that agrees, theory is also moved by three times the resolution.
    """
    claim = registry.find(identifier)
    for name in claim.sabotage:
        wrong = claim.sabotaged(name)
        yield {**_row(Version(identifier, wrong, wrong.defaults, name), options, session), "sabotage": name}
    if claim.relation != "=" or claim.expected != AGREES:
        return
    resolution = check(identifier, claim.defaults, options, session)["resolution"]
    if resolution is None or not 0 < resolution < inf:  # failed, undecided, or a theory of zero
        return
    for factor, word in ((1 + 3 * resolution, "up"), (1 - 3 * resolution, "down")):
        moved = Version(identifier, _scaled(claim, factor), claim.defaults)
        yield {**_row(moved, options, session), "sabotage": f"theory {word} by three resolutions"}


def _scaled(claim: Claim, factor: float) -> Claim:
    return replace(claim, theory=lambda s: factor * np.asarray(claim.theory(s)))


# ---------------------------------------------------------------- how much there is to run


def runs(claim: Claim, options: Options) -> list[tuple[int, int]]:
    """The sizes at which a claim is run, each with its number of trials."""
    usual = claim.quick if options.quick else claim.trials
    trials = usual if options.trials is None else options.trials
    if options.quick or not claim.grows:
        return [(1, trials)]
    return [(size, max(trials // size, min(FEWEST, trials))) for size in SIZES]


def work(identifiers: Sequence[str], options: Options) -> int:
    """Number of trials in a check of these claims."""
    return sum(trials for name in identifiers for _, trials in runs(registry.find(name), options))


def estimate(identifier: str, values: Mapping[str, Any], options: Options) -> float:
    """About how many seconds a check takes in one process, by one timed trial at each size."""
    claim = registry.find(identifier)
    total = 0.0
    for factor, trials in runs(claim, options):
        settings = claim.sized(values, factor)
        trial = partial(measure, identifier, "", settings)
        provenance = Provenance(identifier, settings, options.seed)
        if factor == 1:  # the first may compile
            montecarlo.try_out(trial, provenance, [0])
        total += trials * montecarlo.try_out(trial, provenance, [0])[0].seconds
    return total


# ---------------------------------------------------------------- one row


def _row(version: Version, options: Options, session: Session) -> Row:
    start = time.perf_counter()
    claim = version.claim
    try:
        outcome = _outcome(version, options, session)
    except (montecarlo.Stopped, StoreError):
        raise
    except Exception as error:  # of whatever kind: the other claims still run
        nothing = dict.fromkeys(("theory", "observed", "se", "resolution"))
        outcome = {"status": FAILED, "error": failure(error, version), **nothing, "trials": 0, "sizes": []}
    return {
        "id": version.identifier,
        "paper": version.identifier.partition(".")[0],
        "kind": claim.kind,
        "statement": claim.statement,
        "source": claim.source,
        "checked": claim.checked,
        "expected": claim.expected,
        "status": outcome["status"],
        "confirmed": outcome["status"] == claim.expected,
        **outcome,
        "seconds": time.perf_counter() - start,
    }


def failure(error: Exception, version: Version) -> str:
    """The error of an experiment in one line, with the settings that are not the claim's own."""
    usual = version.claim.defaults
    changed = [f"{name} = {value}" for name, value in version.values.items() if value != usual.get(name)]
    line = f"{type(error).__name__}: {error}".splitlines()[0]
    return f"{line} (with {', '.join(changed)})" if changed else line


def _outcome(version: Version, options: Options, session: Session) -> dict[str, Any]:
    """What came out at every size; theory and observation are those of the largest."""
    planned = runs(version.claim, options)
    level = FALSE_ALARM / len(planned)
    sizes = [_at_size(version, factor, trials, options.seed, level, session) for factor, trials in planned]
    headline = sizes[-1]["points"][0]
    return {
        "status": worst(size["status"] for size in sizes),
        "theory": headline["theory"],
        "observed": headline["observed"],
        "se": headline["se"],
        "resolution": sizes[-1]["resolution"],
        "power": 1 - sum(1 - size["power"] for size in sizes),
        "trials": sum(trials for _, trials in planned),
        "sizes": sizes,
    }


def _at_size(
    version: Version, factor: int, trials: int, seed: int, false_alarm: float, session: Session
) -> dict[str, Any]:
    """The verdict at one size, and what it rests on."""
    claim = version.claim
    values = claim.sized(version.values, factor)
    compared = claim.compared(values, _sample(version, values, trials, seed, session))
    judged = claim.verdict(values, compared, false_alarm)
    theory = np.broadcast_to(claim.expectation(values), compared.mean.shape)
    return {
        "settings": values,
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


def _sample(version: Version, values: Mapping[str, Any], trials: int, seed: int, session: Session) -> Sample:
    # a wrong theory is judged on the claim's own experiment, a wrong experiment on itself
    original = registry.find(version.identifier)
    own = version.sabotage if version.claim.trial is not original.trial else ""
    trial = partial(measure, version.identifier, own, dict(values))
    experiment = f"{version.identifier} {own}".strip()
    return session.simulate(Plan(trial, experiment, {**values, "trials": trials, "seed": seed}))


def measure(identifier: str, wrong: str, values: Mapping[str, Any], rng: np.random.Generator) -> Array:
    """One trial of a claim, or of its wrong version of that name; found by id, so that any process can."""
    claim = registry.find(identifier)
    return (claim.sabotaged(wrong) if wrong else claim).measure(values, rng)
