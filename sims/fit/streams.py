"""The fits for every p from blocks of columns that are seen once: memory n^2 + n m, whatever P.

The first columns, a little more than n, are a path of their own, with the care that the threshold needs.
Beyond, a run of steps by products that may go no further begins anew from its own end, and needs no column
again.
"""

from collections.abc import Iterator

import numpy as np
from scipy.linalg.blas import dtrsm

from sims.fit import nested
from sims.fit.arrays import Floats
from sims.fit.nested import Nested, Run, Start, State, Step
from sims.fit.products import product

Blocks = Iterator[tuple[Floats, Floats]]  # new columns of the training (n x b) and the test features (m x b)


def first_columns(
    sets: Iterator[tuple[Floats, Floats, Floats, Floats]],
) -> tuple[Floats, Floats, Floats, Floats]:
    """The first columns, enough to be away from the threshold, or all if there are fewer, and the targets."""
    parts = []
    columns = 0
    for block in sets:
        parts.append(block)
        n, b = block[0].shape
        columns += b
        if columns > n + n // 8:
            break
    if not parts:
        raise ValueError("features = iterator without a block must give at least one")
    train, targets, test, test_targets = zip(*parts, strict=True)
    return np.hstack(train), targets[0], np.hstack(test), test_targets[0]


def beyond(F: Floats, Ft: Floats, blocks: Blocks, Y: Floats, Yt: Floats, c: float, df: float) -> list[Nested]:
    """The sums for each column after F, block by block.

    F has rank n or c > 0, and its fit has `df` degrees of freedom.
    """
    root, points = nested.root_of(F, Ft, F.shape[1], c)
    run = Run(_start(root, points[: len(Ft)], Y))
    residual = _in_training(root, run.start.solution, c)
    state = State(
        product(run.start.points, run.start.solution, Yt, -1.0), residual, Y - residual if c > 0 else Y
    )
    parts, q = [], Y.shape[1]
    for train, test in blocks:
        b = train.shape[1]
        out = Nested(np.empty((b, q)), np.zeros((b, q)), np.empty((b, q)), np.full(b, float(len(Y))))
        width = nested.block(len(Y))
        for begin in range(0, b, width):
            columns = slice(begin, begin + width)
            run, step, shift = _advance(run, train[:, columns], test[:, columns], Y, c)
            state = nested.record(out, begin, step, shift, state, Y, np.zeros(q), c, df)
        df = float(out.freedom[-1])
        parts.append(out)
    return parts


def _advance(run: Run, C: Floats, Ct: Floats, Y: Floats, c: float) -> tuple[Run, Step, Floats]:
    """The run that goes on, the step over the columns C, and its directions of the fit in training."""
    step = run.step(C, Ct)
    if step is None:
        run = Run(_start(*run.end(), Y))
        step = run.step(C, Ct)
    if step is not None:
        return run, step, _in_training(run.root, step.inner, c)
    start, m = run.start, len(Ct)  # columns that are far longer than all before: orthogonal steps bear them
    points = np.vstack([start.points, _in_training(run.root, np.eye(len(Y)), c)])
    (step,) = nested.orthogonal_steps(start._replace(points=points), C, Ct, 0, C.shape[1])
    onward = Run(_start(step.root, step.points[:m], Y))
    return onward, step._replace(directions=step.directions[:m]), step.directions[m:]


def _start(root: Floats, points: Floats, Y: Floats) -> Start:
    return Start(root, points, nested.solved(root, Y))


def _in_training(root: Floats, columns: Floats, c: float) -> Floats:
    """c^2 S^-T columns: the residual c u for the solution; without a ridge there is none, and no rows."""
    return dtrsm(c**2, root, columns) if c > 0 else columns[:0]
