"""How a command runs its sweep: workers, store, time limit, estimate, exit. Nothing here changes a number."""

import argparse
import math
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from sims.shell import console
from sims.trials import pool
from sims.trials.pool import local_pool

if TYPE_CHECKING:
    from concurrent.futures import Executor
    from contextlib import AbstractContextManager

    from sims.trials.montecarlo import Trial
    from sims.trials.sample import Sample

Config = Mapping[str, Any]
Document = dict[str, Any]


class Plan(NamedTuple):
    """What is simulated: a trial, its experiment's name, and the settings with "trials" and "seed"."""

    trial: "Trial"
    experiment: str
    config: Config

    @property
    def settings(self) -> dict[str, Any]:
        """What one trial depends on: more trials of a sweep go on where fewer ended."""
        return {name: value for name, value in self.config.items() if name not in ("trials", "seed")}


class Effort(NamedTuple):
    """By what means."""

    jobs: int = 1
    """Trials at once: local processes, or the threads of a cluster."""
    quiet: bool = True
    store: Path | None = None
    fresh: bool = False
    deadline: float = math.inf
    """On the clock of time.monotonic()."""
    cluster: str | None = None
    """Address of a dask scheduler."""


def effort(arguments: argparse.Namespace, trials: int) -> Effort:
    """The means that the options ask for, checked before the work starts.

    >>> parser = console.Parser()
    >>> console.add_output(parser)
    >>> console.add_sweep(parser)
    >>> effort(parser.parse_args(["--max-seconds", "0"]), trials=1)
    Traceback (most recent call last):
    ValueError: --max-seconds = 0 must be positive
    """
    from sims.trials import cluster

    limit = math.inf if arguments.max_seconds is None else arguments.max_seconds
    if not limit > 0:
        raise ValueError(f"--max-seconds = {limit:g} must be positive")
    if arguments.cluster is None:
        jobs = pool.jobs(arguments.jobs, trials, arguments.quick)
    elif arguments.jobs is None:
        jobs = min(cluster.threads(arguments.cluster), trials)
    else:
        raise ValueError("--cluster and --jobs exclude each other; a cluster has the workers it has")
    kept = keep(arguments.store, arguments.quiet)
    deadline = time.monotonic() + limit
    return Effort(jobs, arguments.quiet, kept, arguments.fresh, deadline, arguments.cluster)


def keep(asked: str | None, quiet: bool) -> Path | None:
    """Where trials are kept; nowhere if nobody asked for a store and the usual place cannot be written."""
    from sims.trials import store

    path = store.default_path() if asked is None else Path(asked)
    try:
        with store.opened(path):
            return path
    except store.UnwritableError as error:
        if asked is not None:
            raise
        if not quiet:
            print(f"note: trials are not kept: {error}", file=sys.stderr)
        return None


def executor(effort: Effort) -> "AbstractContextManager[Executor | None]":
    """Where trials run: the workers of a cluster, processes of this machine, or for one job None."""
    from sims.trials import cluster

    return cluster.workers(effort.cluster) if effort.cluster else local_pool(effort.jobs)


def simulate(plan: Plan, effort: Effort) -> "Sample":
    """The trials of a plan, run or found in the store.

    Raises Stopped at the deadline. Ctrl-C says what is kept.
    """
    from sims.trials import montecarlo, store
    from sims.trials.fingerprint import Provenance

    trials, seed, reused = plan.config["trials"], plan.config["seed"], 0
    try:
        with (
            console.progress(trials, effort.quiet, effort.jobs) as advance,
            nullcontext() if effort.store is None else store.opened(effort.store) as kept,
            executor(effort) as pool,
        ):
            if kept is not None and not effort.fresh:
                provenance = Provenance(plan.experiment, plan.settings, seed)
                reused = kept.count(provenance, trials)
                unused = kept.count_of_other_code(provenance, trials)
                if unused and not effort.quiet:
                    print(
                        f"note: the store has {unused} trials of this run computed by other code (another "
                        "version of the sources or libraries); they are kept and not used",
                        file=sys.stderr,
                    )
            return montecarlo.run(
                plan.trial, trials, seed, plan.experiment, pool, lambda done: advance(done, reused),
                store=kept, config=plan.settings, fresh=effort.fresh, deadline=effort.deadline,
            )  # fmt: skip
    except KeyboardInterrupt:
        if effort.store is None:
            raise
        raise KeyboardInterrupt(
            f"finished trials are kept in {effort.store}, the same command goes on from there"
        ) from None
    finally:
        if reused and not effort.quiet:
            print(f"reused {reused} finished trials", file=sys.stderr, flush=True)


def complete(
    measure: Callable[[Config, Effort], Document], config: Config, effort: Effort, fewest: int = 1
) -> tuple[Document | None, int]:
    """The document of `measure`, and 0; stopped early that of the first trials (if `fewest` are done), and 4.

    A document of k trials is the one that a run with --trials k gives.
    """
    from sims.trials.cluster import ClusterError
    from sims.trials.montecarlo import Stopped
    from sims.trials.store import FullError, StoreError

    try:
        return measure(config, effort), 0
    except FullError as error:
        return None, console.fail(str(error), console.STOPPED)
    except (ClusterError, StoreError) as error:
        return None, console.fail(str(error), console.USAGE)
    except Stopped as stop:
        if effort.store is None:
            return None, console.fail(f"{stop}; none is kept: pass --store", console.STOPPED)
        same = "the same command without --fresh" if effort.fresh else "the same command"
        code = console.fail(f"{stop} and kept in {effort.store}; {same} goes on from there", console.STOPPED)
        if stop.finished < fewest:
            return None, code
        rest = effort._replace(jobs=1, quiet=True, fresh=False, deadline=math.inf, cluster=None)
        return measure({**config, "trials": stop.finished}, rest), code


def preflight(plan: Plan, effort: Effort, as_json: bool) -> int:
    """Say how many trials there are, how many are stored, and about how long the rest takes; keep nothing."""
    from sims.trials import montecarlo, store
    from sims.trials.fingerprint import Provenance

    provenance = Provenance(plan.experiment, plan.settings, plan.config["seed"])
    trials = plan.config["trials"]
    try:
        with nullcontext() if effort.store is None else store.opened(effort.store) as kept:
            found = set()
            if kept is not None and not effort.fresh:
                found = {result.trial for result in kept.finished(provenance, trials)}
    except store.StoreError as error:
        return console.fail(str(error), console.USAGE)
    missing = [number for number in range(trials) if number not in found]
    results = montecarlo.try_out(plan.trial, provenance, missing[:2])  # the first may compile
    seconds = results[-1].seconds if results else 0.0
    total = seconds * math.ceil(len(missing) / effort.jobs)
    told = {
        "trials": trials,
        "stored": len(found),
        "to_do": len(missing),
        "jobs": effort.jobs,
        "seconds_per_trial": seconds,
        "seconds": total,
    }
    if as_json:
        console.say(console.to_json(told))
        return 0
    place = "" if effort.store is None else f" in {effort.store}"
    console.say(f"{trials} trials, {len(found)} of them finished{place}, {len(missing)} to do")
    if missing:
        where = f"{effort.jobs} threads of the cluster" if effort.cluster else f"--jobs {effort.jobs}"
        console.say(
            f"one trial takes {console.duration(seconds)}; the rest about {console.duration(total)} "
            f"with {where}"
        )
    return 0


# ---------------------------------------------------------------- the whole command


def _failures() -> tuple[type[Exception], ...]:
    from sims.verdict import UndefinedError
    from theory import ConvergenceError

    return ConvergenceError, UndefinedError


class Command(NamedTuple):
    """What is a command's own; `main` is what all share."""

    parser: Callable[[], console.Parser]
    settings: Callable[[argparse.Namespace], Document]
    """The complete configuration; ValueError for a bad one, ImportError where an extra is missing."""
    plan: Callable[[Config], Plan]
    measure: Callable[[Config, Effort], Document]
    headline: Callable[[Config], str]
    report: Callable[[Document, Sequence[Path], bool], None]
    """For a person: document, saved files, with a plot?"""
    csv: Callable[[Document], str]
    draw: Callable[[Document], Any]
    """The figure of matplotlib."""
    stem: Callable[[Config], str]
    """Of the names of files."""
    failures: Callable[[], tuple[type[Exception], ...]] = _failures
    """What a solver raises that did not converge; imported late."""
    fewest: int = 1
    """Trials that make a document."""


def main(command: Command, argv: Sequence[str] | None) -> int:
    """Run the command; returns its exit code."""
    arguments = command.parser().parse_args(argv)
    try:
        config = command.settings(arguments)
        folder = console.folder(arguments)
        means = effort(arguments, config["trials"])
    except (ValueError, OSError, ImportError) as error:
        return console.fail(str(error), console.USAGE)
    if arguments.dry_run:
        return preflight(command.plan(config), means, arguments.json)
    if not (arguments.json or arguments.csv):
        console.say(command.headline(config))
    try:
        document, code = complete(command.measure, config, means, command.fewest)
        if document is None:
            return code
        files = _save(command, document, folder) if folder else []
    except command.failures() as error:
        return console.fail(str(error), console.FAILED)
    except ImportError as error:  # a stranger called `figures` stands in the way
        return console.fail(str(error), console.USAGE)
    except OSError as error:
        return console.fail(f"--out: {error}", console.USAGE)
    if arguments.json:
        console.say(console.to_json(document))
    elif arguments.csv:
        console.say(command.csv(document).rstrip())
    else:
        command.report(document, files, not arguments.no_plot)
    return code or console.exit_code(document["verdict"]["status"])


def _save(command: Command, document: Document, folder: Path) -> list[Path]:
    """Write the result as PDF, PNG, CSV and JSON."""
    from sims.shell.shadow import require

    require("figures")
    from figures import files

    stem = folder / command.stem(document["config"])
    drawn = files.save(command.draw(document), stem, document["command"])
    return drawn + console.save(document, command.csv(document), stem)
