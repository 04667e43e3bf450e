"""A dask cluster as an executor of concurrent.futures, whose workers are checked before the work starts.

Workers get trials and hand their results back; they read and write no file of this package.
"""

import logging
import warnings
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import BrokenExecutor, Executor, Future
from contextlib import contextmanager
from functools import partial
from importlib import import_module  # distributed is an extra
from typing import Any

from sims.messages import one_line
from sims.trials import fingerprint

CONNECT = 10.0  # seconds to wait for a scheduler that does not answer
ADVICE = {
    "blas": "processors of two kinds give other last digits: take workers of one kind, or set the same "
    "OPENBLAS_CORETYPE for all and the command"
}
LOGGERS = ("distributed", "distributed.client", "tornado.application")  # with levels of their own


class ClusterError(OSError):
    """A cluster that cannot be used. The message is one line, with what to do."""


class Workers(Executor):
    """The workers of a cluster; `workers` makes one.

    A cancelled future is cancelled on this side alone: its trials leave the cluster together with the client.
    A future of dask is let go of once it is done: dask would compute its result again if the worker died.
    """

    def __init__(self, client: Any) -> None:
        self._client = client
        self._killed: type[Exception] = import_module("distributed").KilledWorker
        self._code = fingerprint.code()
        self.threads: int = sum(client.nthreads().values())
        """How many trials the workers run at once."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """A future of fn's result; it fails with BrokenExecutor if its worker or the cluster is lost."""
        future: Future[Any] = Future()
        # pure would digest the arguments of every task
        of_dask = self._client.submit(_call_with_same_code, self._code, fn, *args, **kwargs, pure=False)
        of_dask.add_done_callback(partial(self._copy_outcome, future))
        return future

    def _copy_outcome(self, future: Future[Any], of_dask: Any) -> None:
        """Give `future` the result or the error of dask's future, which is done."""
        if not future.set_running_or_notify_cancel():
            return
        try:
            future.set_result(of_dask.result())
        except self._killed:
            future.set_exception(
                BrokenExecutor("every worker that took a trial died (killed, or out of memory)")
            )
        except BaseException as error:
            # where the status is no "error", dask stumbled over its own futures as the connection went
            lost = BrokenExecutor("the connection to the cluster was lost")
            future.set_exception(error if of_dask.status == "error" else lost)


def _call_with_same_code(code: str, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """Call fn on a worker, unless its code is another: it may have joined since `_check`."""
    if fingerprint.code() != code:
        raise BrokenExecutor("a worker that joined has other versions of overparam or its libraries")
    return fn(*args, **kwargs)


@contextmanager
def workers(address: str) -> Iterator[Workers]:
    """The workers of the dask scheduler at `address`, once it is certain that they compute the same bits.

    Worth it where a trial takes more than some milliseconds and this machine has too few cores; else take
    `sims.trials.pool.local_pool`.

    Raises ClusterError if dask is not installed, no scheduler answers, it has no workers, or a worker has
    other versions of this package or its libraries.
    """
    try:
        distributed = import_module("distributed")
    except ImportError:
        raise ClusterError(
            f"--cluster = {address} needs dask; run python -m pip install 'overparam[cluster]'"
        ) from None
    with _dask_silenced():
        try:
            distributed.comm.get_address_host_port(address)  # a client stumbles over a wrong one and hangs
            client = distributed.Client(address, timeout=CONNECT, set_as_default=False)
        except (OSError, ValueError, ImportError) as error:
            raise ClusterError(
                f"--cluster = {address}: no dask scheduler answers there ({one_line(error)}); "
                "start one with `dask scheduler`"
            ) from None
        with client:
            _check(client, address)
            yield Workers(client)


def threads(address: str) -> int:
    """How many trials the workers of that cluster run at once."""
    with workers(address) as pool:
        return pool.threads


def _check(client: Any, address: str) -> None:
    """Raise ClusterError unless there are workers, all with the versions of this process."""
    if not client.nthreads():
        raise ClusterError(
            f"--cluster = {address} has no workers; start some with `dask worker {address}`, or wait for them"
        )
    ours = versions()
    for worker, worker_versions in client.run(versions, on_error="return").items():
        if not isinstance(worker_versions, Mapping):
            raise ClusterError(
                f"--cluster = {address}: worker {worker} cannot import this version of overparam "
                f"({one_line(worker_versions)}); install it there"
            )
        for name in [*ours, *(worker_versions.keys() - ours.keys())]:
            number, other = ours.get(name, "not installed"), worker_versions.get(name, "not installed")
            if other != number:
                raise ClusterError(
                    f"--cluster = {address}: worker {worker} has {name} {other}, this command {number}; "
                    f"{ADVICE.get(name, 'install the same versions there and start the worker again')}"
                )


def versions() -> dict[str, str]:
    """What must be the same on every worker for the same bits: libraries, this package, its sources."""
    return {**fingerprint.versions(), "sources": fingerprint.code()[:12]}


@contextmanager
def _dask_silenced() -> Iterator[None]:
    """Neither logs nor warnings of dask on stderr: what a user must know is a ClusterError or Stopped."""
    loggers = [logging.getLogger(name) for name in LOGGERS]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL + 1)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)
