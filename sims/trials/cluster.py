"""A dask cluster as an executor of concurrent.futures: checked before the work, and lost as those are.

Workers get trials and hand their results back; they read and write no file of ours.
"""

import logging
import warnings
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import BrokenExecutor, Executor, Future
from contextlib import contextmanager
from functools import partial
from importlib import import_module  # distributed is an extra
from typing import Any

from sims.trials import fingerprint

CONNECT = 10.0  # seconds to wait for a scheduler that does not answer
LOGGERS = ("distributed", "distributed.client", "tornado.application")  # with levels of their own


class ClusterError(OSError):
    """A cluster that cannot be used. One line, with what to do."""


class Workers(Executor):
    """The workers of a cluster; `workers` makes one.

    A cancelled future is ignored here alone: its trials leave the cluster with the client, all at once. None
    of dask is held once it is done: its result would be computed again if its worker died.
    """

    def __init__(self, client: Any) -> None:
        self._client = client
        self._killed: type[Exception] = import_module("distributed").KilledWorker
        self._code = fingerprint.code()
        self.threads = sum(client.nthreads().values())

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """A future that fails as those of a pool of processes: BrokenExecutor if its worker is lost."""
        future: Future[Any] = Future()
        # pure would digest the arguments of every task
        theirs = self._client.submit(_alike, self._code, fn, *args, **kwargs, pure=False)
        theirs.add_done_callback(partial(self._hand_on, future))
        return future

    def _hand_on(self, future: Future[Any], theirs: Any) -> None:
        if not future.set_running_or_notify_cancel():
            return
        error: BaseException
        try:
            future.set_result(theirs.result())
            return
        except self._killed:
            error = BrokenExecutor("every worker that took a trial died (killed, or out of memory)")
        except BaseException as theirs_or_dasks:
            error = theirs_or_dasks
            if theirs.status != "error":  # dask stumbles over its own futures as the connection goes
                error = BrokenExecutor("the connection to the cluster was lost")
        future.set_exception(error)


def _alike(code: str, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """Call fn on a worker; one that has joined since the check may have other code."""
    if fingerprint.code() != code:
        raise BrokenExecutor("a worker that joined has other versions of overparam or its libraries")
    return fn(*args, **kwargs)


@contextmanager
def workers(address: str) -> Iterator[Workers]:
    """The workers of the dask scheduler at `address`, once they are known to compute what we would.

    Raises ClusterError if dask is missing, nobody answers, or there are no workers or other versions.
    """
    try:
        distributed = import_module("distributed")
    except ImportError:
        raise ClusterError(
            f"--cluster = {address} needs dask; run python -m pip install 'overparam[cluster]'"
        ) from None
    with _quiet():
        try:
            distributed.comm.get_address_host_port(address)  # a client stumbles over a wrong one and hangs
            client = distributed.Client(address, timeout=CONNECT, set_as_default=False)
        except (OSError, ValueError, ImportError) as error:
            raise ClusterError(
                f"--cluster = {address}: no dask scheduler answers there ({_line(error)}); "
                "start one with `dask scheduler`"
            ) from None
        with client:
            _check(client, address)
            yield Workers(client)


def threads(address: str) -> int:
    """How many trials its workers run at once."""
    with workers(address) as pool:
        return pool.threads


def _check(client: Any, address: str) -> None:
    if not client.nthreads():
        raise ClusterError(
            f"--cluster = {address} has no workers; start some with `dask worker {address}`, or wait for them"
        )
    ours = versions()
    for worker, theirs in client.run(versions, on_error="return").items():
        if not isinstance(theirs, Mapping):
            raise ClusterError(
                f"--cluster = {address}: worker {worker} cannot import this version of overparam "
                f"({_line(theirs)}); install it there"
            )
        for name, number in ours.items():
            if theirs[name] != number:
                raise ClusterError(
                    f"--cluster = {address}: worker {worker} has {name} {theirs[name]}, this command "
                    f"{number}; install the same versions there and start the worker again"
                )


def versions() -> dict[str, str]:
    """What must be the same everywhere for the same bits."""
    return {**fingerprint.versions(), "sources": fingerprint.code()[:12]}


@contextmanager
def _quiet() -> Iterator[None]:
    """What dask logs and warns of reaches the user as one line of ours, or is its own affair."""
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


def _line(error: object) -> str:
    return " ".join(str(error).split())
