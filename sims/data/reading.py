"""Columns as a data set: one of them is the target, the others are inputs, and all that is wrong is said."""

import shlex
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np

from sims.data import cells, dates
from sims.data.columns import MOST_TOLD, Block, Column, block, choice
from sims.data.sets import Data, Reading
from sims.data.table import Table
from sims.data.target import target

FEWEST_ROWS = 20
MOST_CODED = 2000  # columns of 0 and 1, for they take memory that the file does not show


class Wanted(NamedTuple):
    """What is asked of a file."""

    target: str | None = None
    """Name of the target, or first or last; None is the last."""
    reading: Reading | None = None
    drop: tuple[str, ...] = ()
    log_target: bool = False


def data_of(source: str, found: Table, wanted: Wanted, without: Callable[[list[str]], str]) -> Data:
    """The data set of a table; ValueError that names everything that is wrong with it, and what to do.

    Parameters
    ----------
    source : str
        What the data are called in messages: a path, if they come from a file.
    without : callable
        What to type so as to read the data without some of their columns.
    """
    chosen = _chosen(source, [column.name for column in found.columns], wanted)
    kept = [column for column in found.columns if column.name not in wanted.drop]
    if len(kept) < 2:
        raise ValueError(f"{source}: one column only; give at least one input and a target")
    if len(kept[0].entries) < FEWEST_ROWS:
        few = f"{len(kept[0].entries)} rows; at least {FEWEST_ROWS} are needed to predict anything"
        raise ValueError(f"{source}: {_listed([*found.problems, few])}")
    columns, notes, problems = _with_points(kept, found)
    try:
        goal = next(column for column in columns if column.name == chosen)
        y, classes = target(goal, wanted.reading, wanted.log_target)
    except ValueError as error:
        problems.append(f"column {chosen!r}: {error}")
    blocks, unread = _blocks(column for column in columns if column.name != chosen)
    problems += [f"column {name!r}: {problem}" for name, problem in unread]
    inputs = tuple(name for part in blocks for name in part.names)
    if not (problems or inputs):
        problems.append("no column is left to predict from, for each is the same in every row")
    if problems:
        when = "or" if len(unread) == len(problems) else "and once the rest is mended"
        ready = without([name for name, _ in unread])
        advice = f"; {when} leave out what is not read: {ready}" if unread else ""
        raise ValueError(f"{source}: {_listed(problems)}{advice}")
    notes += (f"Left out as asked: {choice(wanted.drop)}.",) if wanted.drop else ()
    notes += tuple(note for part in blocks for note in part.notes)
    shown = f"log {chosen}" if wanted.log_target else chosen
    X = np.hstack([part.X for part in blocks])
    return Data(Path(source).name, X, y, classes, inputs, target=shown, notes=notes)


def _blocks(columns: Iterable[Column]) -> tuple[list[Block], list[tuple[str, str]]]:
    """The inputs that columns give, and the names of those that give none, with what is wrong."""
    blocks: list[Block] = []
    unread, coded = [], 0
    for column in columns:
        try:
            part = block(column)
            coded += len(part.names) if len(part.names) > 2 else 0
            if coded > MOST_CODED:
                raise ValueError(f"with it, categories would make more than {MOST_CODED} columns of 0 and 1")
            blocks.append(part)
        except ValueError as error:
            unread.append((column.name, str(error)))
    return blocks, unread


def without_by_command(source: str, wanted: Wanted) -> Callable[[list[str]], str]:
    """The command that reads a file as before, but without some of its columns."""

    def command(unread: list[str]) -> str:
        words = ["python", "-m", "sims.sweet_spot", source]
        words += [] if wanted.target is None else [f"--target={wanted.target}"]
        words += [] if wanted.reading is None else ["--as", wanted.reading]
        words += ["--log-target"] if wanted.log_target else []
        return shlex.join([*words, *(f"--drop={name}" for name in (*wanted.drop, *unread))])

    return command


def _chosen(source: str, names: list[str], wanted: Wanted) -> str:
    """The name of the target; ValueError if it, or a column to leave out, is not there."""
    places = {None: names[-1], "first": names[0], "last": names[-1]}
    chosen = wanted.target if wanted.target in names else places.get(wanted.target)
    if chosen is None:
        raise ValueError(f"--target = {wanted.target} is no column of {source}; choose from {choice(names)}")
    for name in wanted.drop:
        if name not in names:
            raise ValueError(f"--drop = {name} is no column of {source}; choose from {choice(names)}")
        if name == chosen:
            raise ValueError(f"--drop = {name} is the target; choose another with --target")
    return chosen


def _listed(problems: list[str]) -> str:
    """One problem, or all with numbers, on one line."""
    if len(problems) == 1:
        return problems[0]
    more = f"; and {len(problems) - MOST_TOLD} more" if len(problems) > MOST_TOLD else ""
    told = "; ".join(f"({i}) {problem}" for i, problem in enumerate(problems[:MOST_TOLD], start=1))
    return f"{len(problems)} problems: {told}{more}"


def _with_points(kept: list[Column], found: Table) -> tuple[list[Column], tuple[str, ...], list[str]]:
    """The columns, decimal commas replaced by points, with what is to be said, and what is wrong."""
    texts = {
        i: column.entries
        for i, column in enumerate(kept)
        if not (found.commas or isinstance(column.entries, np.ndarray))
        and not dates.are_dates(np.delete(column.entries, column.gaps()).tolist())
    }
    problems = list(found.problems)
    try:
        if not cells.decimal_commas(list(texts.values())):
            return kept, found.notes, problems
    except ValueError as error:
        problems.append(str(error))
    columns = list(kept)
    for i, column in texts.items():
        entries = [text.replace(",", ".") if cells.DECIMAL_COMMA.fullmatch(text) else text for text in column]
        columns[i] = replace(kept[i], entries=entries)
    return columns, (*found.notes, "Commas in numbers are decimal commas."), problems
