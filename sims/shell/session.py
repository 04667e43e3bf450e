"""How trials run, for every command alike: on which workers, into which store, and until when.

`Effort` is what the options ask for. `opened` turns it into a `Session`: workers have started, the store is
open, the clock runs. Nothing here changes a number.
"""

import argparse
import math
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from sims.shell import console
from sims.trials import fingerprint, pool

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from sims.trials.montecarlo import Stopped, Trial
    from sims.trials.sample import Sample
    from sims.trials.store import FullError, Store

Config = Mapping[str, Any]
Advance = Callable[[int, int], None]
"""Called with the number of trials that are done, and how many of them were found in the store."""


class Plan(NamedTuple):
    """What is simulated."""

    trial: "Trial"
    """One random experiment: takes a Generator, returns a 1-D array; picklable."""
    experiment: str
    """The experiment's name: random numbers and the store depend on it."""
    config: Config
    """The settings of one trial, and beside them "trials" and "seed"."""

    @property
    def settings(self) -> dict[str, Any]:
        """The settings of one trial: more trials of a sweep go on where fewer ended."""
        return {name: value for name, value in self.config.items() if name not in ("trials", "seed")}

    @property
    def provenance(self) -> fingerprint.Provenance:
        """What the store keeps its trials under; it holds everything that the trial was given."""
        from sims.trials import montecarlo

        return montecarlo.provenance(self.trial, self.experiment, self.settings, self.config["seed"])


class Effort(NamedTuple):
    """How trials run: workers, store, time limit."""

    jobs: int = 1
    """Trials at once: processes of this machine, or threads of a cluster."""
    quiet: bool = True
    """Neither progress nor notes on stderr."""
    store: Path | None = None
    """File of finished trials; None saves none."""
    fresh: bool = False
    """Run every trial, even those that the store has."""
    deadline: float = math.inf
    """When to stop, on the clock of time.monotonic()."""
    cluster: str | None = None
    """Address of a dask scheduler whose workers run the trials; None for this machine."""
    looks: float = 1
    """How many verdicts are given as trials come in, which share the chance of a false alarm: those that are
    planned, or inf for a run with a time limit that may be continued as often as somebody likes."""


class Session:
    """An open run. Its samples are remembered: the same plan a second time runs no trial.

    `Session()` runs trials in this process and saves none; `opened` gives one with workers and a store.

    >>> plan = Plan(lambda rng: rng.normal(size=2), "example", {"trials": 3, "seed": 0})
    >>> session = Session()
    >>> session.simulate(plan) is session.simulate(plan)
    True
    """

    def __init__(
        self,
        effort: Effort = Effort(),  # noqa: B008  immutable
        executor: "Executor | None" = None,
        store: "Store | None" = None,
        advance: Advance = lambda done, reused: None,
    ) -> None:
        self._effort, self._executor, self._store, self._advance = effort, executor, store, advance
        self._samples: dict[tuple[str, int], Sample] = {}
        self._finished, self._reused, self._of_other_code, self._of_old_key = 0, 0, 0, 0

    def simulate(self, plan: Plan) -> "Sample":
        """The trials of a plan, run or found in the store; raises Stopped at the deadline."""
        key = (plan.provenance.document, plan.config["trials"])
        if key not in self._samples:
            self._samples[key] = self._run(plan)
            self._finished += plan.config["trials"]
        return self._samples[key]

    def notes(self) -> list[str]:
        """What the user may want to know of the store: trials that were reused, and those that were not."""
        notes = []
        if self._of_other_code:
            notes.append(
                f"note: the store has {self._of_other_code} trials of this run computed by other code "
                f"({fingerprint.OTHER_CODE}); they are kept and not used"
            )
        if self._of_old_key:
            notes.append(
                f"note: the store has {self._of_old_key} trials of these settings under an old key, "
                f"{fingerprint.OLD_KEY}; they are kept and not used, and "
                "`python -m sims.store prune` deletes them"
            )
        if self._reused:
            notes.append(f"reused {self._reused} finished trials")
        return notes

    def _run(self, plan: Plan) -> "Sample":
        from sims.trials import montecarlo

        trials, seed, fresh = plan.config["trials"], plan.config["seed"], self._effort.fresh
        if self._store is not None and not fresh:
            provenance = plan.provenance
            self._reused += self._store.count(provenance, trials)
            if not self._effort.quiet:
                self._of_other_code += self._store.count_of_other_code(provenance, trials)
                self._of_old_key += self._store.count_of_old_key(provenance, trials)
        return montecarlo.run(
            plan.trial, trials, seed, plan.experiment, self._executor,
            lambda done: self._advance(self._finished + done, self._reused),
            store=self._store, config=plan.settings, fresh=fresh, deadline=self._effort.deadline,
        )  # fmt: skip


@contextmanager
def opened(effort: Effort, trials: int, watch: Advance | None = None) -> Iterator[Session]:
    """Start the workers and open the store; everything is closed again at the end.

    Parameters
    ----------
    effort : Effort
    trials : int
        How many trials there will be in all, for the bar on stderr.
    watch : callable, optional
        Told of progress in place of that bar; what it raises ends the run.

    >>> with opened(Effort(), trials=3) as session:
    ...     plan = Plan(lambda rng: rng.normal(size=2), "example", {"trials": 3, "seed": 0})
    ...     session.simulate(plan).values.shape
    (3, 2)
    """
    from sims.trials import store

    bar = console.progress(trials, effort.quiet, effort.jobs) if watch is None else nullcontext(watch)
    session = None
    try:
        with (
            bar as advance,
            nullcontext() if effort.store is None else store.opened(effort.store) as finished,
            _executor(effort) as workers,
        ):
            session = Session(effort, workers, finished, advance)
            yield session
    except KeyboardInterrupt:
        if effort.store is None:
            raise
        raise KeyboardInterrupt(_resumable(effort)) from None
    finally:
        if session is not None and not effort.quiet:
            for line in session.notes():
                console.note(line)


def simulate(plan: Plan, effort: Effort) -> "Sample":
    """The trials of one plan in a session of its own; raises Stopped at the deadline."""
    with opened(effort, plan.config["trials"]) as session:
        return session.simulate(plan)


def _executor(effort: Effort) -> "AbstractContextManager[Executor | None]":
    """Where trials run: the workers of a cluster, processes of this machine, or for one job None."""
    from sims.trials import cluster

    return cluster.workers(effort.cluster) if effort.cluster else pool.local_pool(effort.jobs)


# ---------------------------------------------------------------- from the options, and to the user


def effort(arguments: argparse.Namespace, trials: int, short: bool) -> Effort:
    """What the options ask for, checked before the work starts.

    A run is `short` if it would be over before more processes had started.

    >>> parser = console.Parser()
    >>> console.add_output(parser)
    >>> console.add_sweep(parser)
    >>> effort(parser.parse_args(["--max-seconds", "0"]), trials=1, short=True)
    Traceback (most recent call last):
    ValueError: --max-seconds = 0 must be positive
    """
    from sims.trials import cluster

    limit = math.inf if arguments.max_seconds is None else arguments.max_seconds
    if not limit > 0:
        raise ValueError(f"--max-seconds = {limit:g} must be positive")
    if arguments.cluster is None:
        jobs = pool.jobs(arguments.jobs, trials, short)
    elif arguments.jobs is None:
        jobs = min(cluster.threads(arguments.cluster), trials)
    else:
        raise ValueError("--jobs has no effect with --cluster; leave one of them out")
    if arguments.quiet:
        console.hush()
    path = store_path(arguments.store, arguments.quiet)
    deadline = time.monotonic() + limit
    looks = 1 if limit == math.inf else math.inf
    return Effort(jobs, arguments.quiet, path, arguments.fresh, deadline, arguments.cluster, looks)


def store_path(asked: str | None, quiet: bool) -> Path | None:
    """The file that will hold finished trials: the one asked for, or the user's own.

    None if nobody asked for one and the user's own cannot be written; a note on stderr then says why.
    """
    from sims.trials import store

    path = store.default_path() if asked is None else Path(asked)
    try:
        with store.opened(path):
            return path
    except (store.UnwritableError, store.FullError) as error:
        if asked is not None:
            raise
        if not quiet:
            console.note(f"note: finished trials are not saved: {error}")
        return None


def report_stop(stop: "Stopped | FullError", effort: Effort, done: str | None = None) -> int:
    """Say on stderr why a run ended early, what was done, and how to go on; returns the exit code.

    `done` stands in the place of the number of trials.
    """
    from sims.trials.store import FullError

    if isinstance(stop, FullError):
        return console.fail(str(stop), console.STOPPED)
    if effort.store is None:
        rest = "no trial was saved; pass --store FILE to save them"
    else:
        rest = _resumable(effort)
    return console.fail(f"{done or stop}; {rest}", console.STOPPED)


def _resumable(effort: Effort) -> str:
    same = "the same command without --fresh" if effort.fresh else "the same command"
    return f"finished trials are saved in {effort.store}, and {same} goes on from there"
