"""How long a run would take, from one timed trial; nothing is saved."""

import math
from contextlib import nullcontext
from itertools import islice

from sims.shell import console
from sims.shell.session import Effort, Plan


def preflight(plan: Plan, effort: Effort, as_json: bool) -> int:
    """Print how many trials there are, how many are stored, and about how long the rest takes.

    The JSON is described in dry_run_schema.json.
    """
    from sims.trials import montecarlo, store

    provenance, trials = plan.provenance, plan.config["trials"]
    stored: set[int] = set()
    try:
        with nullcontext() if effort.store is None else store.opened(effort.store) as finished:
            if finished is not None and not effort.fresh:
                stored = {result.trial for result in finished.finished(provenance, trials)}
    except store.StoreError as error:
        return console.refuse(error)
    missing = trials - len(stored)
    first = islice((number for number in range(trials) if number not in stored), 2)
    results = montecarlo.try_out(plan.trial, provenance, list(first))  # the first may compile
    seconds = results[-1].seconds if results else 0.0
    estimate = {
        "trials": trials,
        "stored": len(stored),
        "to_do": missing,
        "jobs": effort.jobs,
        "seconds_per_trial": seconds,
        "seconds": seconds * math.ceil(missing / effort.jobs),
    }
    console.say(console.to_json(estimate) if as_json else _words(estimate, effort))
    return 0


def _words(estimate: dict[str, float], effort: Effort) -> str:
    store = "" if effort.store is None else f" in {effort.store}"
    trials, stored, to_do = (estimate[name] for name in ("trials", "stored", "to_do"))
    line = f"{trials} trials, {stored} of them finished{store}, {to_do} to do"
    if not to_do:
        return line
    workers = f"{effort.jobs} threads of the cluster" if effort.cluster else f"--jobs {effort.jobs}"
    each, rest = (console.duration(estimate[name]) for name in ("seconds_per_trial", "seconds"))
    return f"{line}\none trial takes {each}; the rest takes about {rest} with {workers}"
