"""How long a run would take, from one timed trial; nothing is saved."""

import math
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING

from sims.blas import one_thread, one_thread_for_good
from sims.shell import console
from sims.shell.session import Effort, Plan

if TYPE_CHECKING:
    from sims.trials.blocks import Result


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
    results = _tried(partial(montecarlo.try_out, plan.trial, provenance, list(first)), effort)
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


def _tried(run: "Callable[[], list[Result]]", effort: Effort) -> "list[Result]":
    """Two trials, of which the first may compile; as in a worker where there will be some."""
    if effort.jobs == 1 and not effort.cluster:
        return run()
    with one_thread(), ThreadPoolExecutor(1, initializer=one_thread_for_good) as worker:
        return worker.submit(run).result()


def _words(estimate: dict[str, float], effort: Effort) -> str:
    store = "" if effort.store is None else f" in {effort.store}"
    trials, stored, to_do = (estimate[name] for name in ("trials", "stored", "to_do"))
    line = f"{trials} trials, {stored} of them finished{store}, {to_do} to do"
    if not to_do:
        return line
    workers = f"{effort.jobs} threads of the cluster" if effort.cluster else f"--jobs {effort.jobs}"
    each, rest = (console.duration(estimate[name]) for name in ("seconds_per_trial", "seconds"))
    return f"{line}\none trial takes {each}; the rest takes about {rest} with {workers}"
