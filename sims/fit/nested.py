"""The fit on the first p columns for every p at once: one QR up to the rank, blocks of new columns beyond.

A ridge is more columns: the fit a with ridge c^2 = n ridge and u = (y - F a)/c are the minimum-norm solution
of c u + F a = y. So beyond the rank one algorithm serves both, and c u are the predictions on r more test
points, whose features are c I in the columns of u and 0 in those of F.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import norm, qr, qr_multiply, rq, solve_triangular
from scipy.linalg.blas import dgemm, dsymm, dsyrk, dtrsm
from scipy.linalg.lapack import dtpmqrt, dtpqrt

from sims.fit.cutoff import EPS
from sims.fit.products import cholesky, product

Floats = NDArray[np.float64]

NARROW, WIDE = 64, 256  # columns per matrix product
PANEL = 32  # columns per panel inside LAPACK's blocked QR
SWEEP = 1e4  # growth of the kernel over the ridge up to which one sweep does: 4 digits at worst
FALL = 1e-4  # how far a squared length may fall inside one cumulative sum: it costs 4 of 16 digits
GROWTH = 1e6  # how far a kernel may grow, in units of itself, while its inverse is updated: 6 digits at worst


class Nested(NamedTuple):
    """Sums of squares for every p, one right-hand side per column, and the degrees of freedom."""

    test: Floats
    train: Floats
    norm: Floats
    freedom: Floats  # (P,)


class Start(NamedTuple):
    """The fit on some first columns in an orthonormal basis of their row space, M = S basis'."""

    root: Floats  # S', upper triangular (r x r), or the c of S = c I
    points: Floats  # test features in the basis (m x r)
    solution: Floats  # of S a = b (r x q)


class State(NamedTuple):
    """What the sums of squares after the last column are made of."""

    error: Floats  # test targets minus predictions (m x q)
    residual: Floats  # of the training set, and the fit: with a ridge alone (r x q)
    fitted: Floats


class Step(NamedTuple):
    """A block of b new columns: the error gains sum_{j<=k} directions_j weights_j with the first k."""

    directions: Floats  # (m x b), of the fit on the training set too where those are test points
    inner: Floats  # U: directions of G alpha, in units of the start (r x b); none if the step is orthogonal
    weights: Floats  # (b x q); the squared solution falls by weights_j^2
    left: Floats  # squared solution after the block (q)
    root: Floats  # after the block if the step is orthogonal, else at the start of the run
    points: Floats


def nested(F: Floats, Y: Floats, Ft: Floats, Yt: Floats, c: float) -> Nested | None:
    """The fits with ridge c^2 on the first p columns for p = 1..P, or None where that is unsafe.

    With Q R = F[:, :r] the inverses are nested (leading blocks of R^-1): for w = Q'Y, Z = Ft R^-1 and p <= r
        prediction_p = sum_{j<=p} Z_j w_j,   a_p = sum_{j<=p} (R^-1)_j w_j,
        train_p = sum_{j>p} w_j^2 + |Y - Q w|^2.
    A ridge puts c I below F, and then train_p is the length of Y - sum_{j<=p} Q_j w_j in the rows of F.
    A ridge that is not small needs no factorisation: all columns are steps from the fit without any.
    """
    (n, P), q = F.shape, Y.shape[1]
    if P >= n and np.sum(F**2) < SWEEP * c**2:
        return _sweep(F, Y, Ft, Yt, c)
    rounding = max(n, P) * EPS
    lengths = np.linalg.norm(F, axis=0)
    Q, R = qr(F[:, :n], mode="economic", check_finite=False)
    dependent = np.abs(np.diag(R)) <= rounding * lengths[:n]
    rank = int(np.argmax(dependent)) if dependent.any() else len(dependent)
    # Q' leaves r equations of the n, if later columns are Q Q'F to rounding
    Q, R = Q[:, :rank], R[:rank]
    M, b = np.hstack([R, product(Q.T, F[:, n:])]), product(Q.T, Y)
    R = R[:, :rank]
    rest, spanned = np.zeros(q), True
    if rank < n:
        rest = np.sum(product(Q, b, Y, -1.0) ** 2, axis=0)
        outside = np.linalg.norm(F[:, rank:] - product(Q, M[:, rank:]), axis=0)
        spanned = bool(np.all(outside <= rounding * lengths[rank:]))
    if not spanned:
        M, b, rest, rank = F, Y, np.zeros(q), min(n, P)
    if c > 0:
        Q, R = qr(np.vstack([M[:, :rank], c * np.eye(rank)]), mode="economic", check_finite=False)
    out = Nested(np.empty((P, q)), np.empty((P, q)), np.empty((P, q)), np.empty(P))
    largest = rounding * float(np.linalg.norm(lengths))
    top = Q[: len(M)]
    weights = b if c == 0 else product(top.T, b)
    if not ((spanned or c > 0) and _up_to_rank(out, R, weights, Ft, Yt, largest)):
        return None
    fitted = product(top, weights)
    if c > 0:
        out.train[:rank] = _running_squares(b, -top, weights)[0] + rest
        out.freedom[:rank] = np.cumsum(np.sum(top**2, axis=0))
    else:
        out.train[:rank] = sums_after(weights, rest)
        out.train[rank:] = rest
        out.freedom[:] = np.minimum(np.arange(1, P + 1), rank)
    del Q, R, top  # each is as large as the kernel
    if rank < P:
        _beyond(out, M, b, rest, fitted, Ft, Yt, rank, c)
    return out


def _up_to_rank(out: Nested, R: Floats, weights: Floats, Ft: Floats, Yt: Floats, largest: float) -> bool:
    """Fill test errors and norms for p <= r, unless a refit would cut a singular value of size `largest` off.

    s_min >= 1/|R^-1|_F at every p. Written so that a nan from overflow is unsafe.
    """
    rank = len(R)
    inverse = solve_triangular(R, np.eye(rank, order="F"), overwrite_b=True, check_finite=False)
    if not largest * norm(inverse, check_finite=False) < 1:
        return False
    directions = solve_triangular(R, -Ft[:, :rank].T, trans="T", check_finite=False).T
    out.test[:rank], _ = _running_squares(Yt, directions, weights)
    out.norm[:rank], _ = _running_squares(np.zeros_like(weights), inverse, weights)
    return True


def _beyond(
    out: Nested,
    M: Floats,
    b: Floats,
    rest: Floats,
    fitted: Floats,
    Ft: Floats,
    Yt: Floats,
    rank: int,
    c: float,
) -> None:
    """Fill `out` for p > rank; the first `rank` columns of M (and c I beside them) have all its rank.

    Steps by products square the root's condition over the new columns. So near the threshold, and where
    columns grow fast, steps are orthogonal; each run of steps solves anew and leaves the last errors behind.
    """
    P, m = M.shape[1], len(Ft)
    if c == 0:  # M[:, :r] is upper triangular: a root, with equations and columns in reverse order
        M, b = M[::-1], b[::-1]
        root, points = M[:, :rank][:, ::-1].T, Ft[:, :rank][:, ::-1]
    else:
        root, points = root_of(M, Ft, rank, c)
    begin, crowded = rank, True
    while begin < P:
        first, near = begin, min(begin + begin // 8 + 1, P)
        solution = solved(root, b)
        # the residual has no rows without a ridge
        state = State(product(points[:m], solution, Yt, -1.0), product(points[m:], solution), fitted)
        steps = orthogonal_steps if crowded else product_steps
        for step in steps(Start(root, points, solution), M, Ft, begin, near if crowded else P):
            tested, shift = step._replace(directions=step.directions[:m]), step.directions[m:]
            state = record(out, begin, tested, shift, state, b, rest, c)
            begin += len(step.weights)
        fitted = state.fitted
        if crowded:
            root, points, crowded = step.root, step.points, False
        else:
            crowded = begin < near
            if first < begin < P:
                root, points = root_of(M, Ft, begin, c)


def _sweep(F: Floats, Y: Floats, Ft: Floats, Yt: Floats, c: float) -> Nested:
    """The fits with ridge c^2 in one sweep over all columns; the first fit is u = Y/c on the columns c I.

    The residual c u is c G alpha and its directions are c U, so that the training set needs no test points.
    """
    (n, P), q = F.shape, Y.shape[1]
    out = Nested(np.empty((P, q)), np.empty((P, q)), np.empty((P, q)), np.empty(P))
    begin, rest, state = 0, np.zeros(q), State(Yt, Y, np.zeros_like(Y))
    for step in product_steps(Start(np.array(c), np.zeros((len(Ft), n)), Y / c), F, Ft, 0, P):
        state = record(out, begin, step, c * step.inner, state, Y, rest, c)
        begin += len(step.weights)
    return out


def block(rows: int) -> int:
    """Columns per matrix product: wider, and the work inside a block shows beside that of the rows.

    >>> block(100), block(1000), block(10_000)
    (64, 128, 256)
    """
    return min(max(1 << (rows // 8).bit_length(), NARROW), WIDE)


def record(
    out: Nested,
    begin: int,
    step: Step,
    shift: Floats,
    state: State,
    b: Floats,
    rest: Floats,
    c: float,
    df: float = 0.0,
) -> State:
    """Fill `out` for the columns of a step; `shift` are the directions of the fit on the training set.

    `df` are the degrees of freedom before the first column of `out`.
    """
    weights = step.weights
    done = slice(begin, begin + len(weights))
    out.test[done], error = _running_squares(state.error, step.directions, weights)
    total = sums_after(weights, step.left)
    if c == 0:
        out.norm[done] = total
        return State(error, state.residual, state.fitted)
    squares, residual = _running_squares(state.residual, -shift, weights)
    fit_squares, fitted = _running_squares(state.fitted, shift, weights)
    along = np.sum(b * state.fitted, axis=0) + np.cumsum(weights * product(shift.T, b), axis=0)
    # |a|^2 = fit'residual / c^2, from the smaller of the two vectors
    out.norm[done] = np.where(fit_squares < squares, along - fit_squares, c**2 * total - squares) / c**2
    out.train[done] = squares + rest
    known = out.freedom[begin - 1] if begin else df
    out.freedom[done] = known + np.cumsum(np.sum(shift**2, axis=0)) / c**2
    return State(error, residual, fitted)


def root_of(M: Floats, Ft: Floats, p: int, c: float) -> tuple[Floats, Floats]:
    """Root and test features in the basis for the first p columns, by a QR of their own."""
    if c == 0:
        points, root = qr_multiply(M[:, :p].T, Ft[:, :p], mode="right")
        return root, points
    basis, root = qr(np.vstack([M[:, :p].T, c * np.eye(len(M))]), mode="economic", check_finite=False)
    return root, np.vstack([product(Ft[:, :p], basis[:p]), c * basis[p:]])


def solved(root: Floats, columns: Floats) -> Floats:
    """S^-1 columns."""
    if root.ndim == 0:
        return np.asfortranarray(columns / root)
    return dtrsm(1.0, root, np.array(columns, order="F"), trans_a=1, overwrite_b=1)


def product_steps(start: Start, M: Floats, Ft: Floats, begin: int, end: int) -> Iterator[Step]:
    """Blocks by matrix products, as long as the kernel M M' is at most GROWTH times that of the start."""
    run, width = Run(start), block(len(M))
    for first in range(begin, end, width):
        columns = slice(first, min(first + width, end))
        step = run.step(M[:, columns], Ft[:, columns])
        if step is None:
            return
        yield step


class Run:
    """Steps by matrix products from one start.

    In units of the start (X = S^-1 C for new columns C, so that its kernel is I) the inverse kernel G and
    A = test features x features' x G follow from L L' = I + X'G X: with U = G X L^-T, w = L^-1 X' alpha and
    E = (A X - Ct) L^-T the error gains E w, and G -= U U', A -= E U', alpha -= U w. In the features' own
    units rounding errors would grow with the condition of the kernel, here only with the kernel's growth.
    """

    def __init__(self, start: Start) -> None:
        self.start, self.growth = start, 0.0
        self.root = np.array(start.root, order="F")
        # A and E are kept transposed: rows of test features are copied along, not across
        self.A, self.alpha = np.array(start.points.T, order="F"), start.solution
        self.G = np.eye(len(self.A), order="F")

    def step(self, C: Floats, Ct: Floats) -> Step | None:
        """The step over the columns C, or None, and nothing done, where the kernel would grow too far."""
        X = solved(self.root, C)
        growth = self.growth + float(np.sum(X**2))
        if not growth < GROWTH:
            return None
        self.growth = growth
        U = dsymm(1.0, self.G, X, lower=1)
        L = cholesky(product(X.T, U, np.eye(X.shape[1])))
        E = np.zeros((X.shape[1], self.A.shape[1]), order="F")
        E[:, : len(Ct)] = Ct.T
        E = dgemm(1.0, X, self.A, beta=-1.0, c=E, trans_a=1, overwrite_c=1)
        E = dtrsm(1.0, L, E, lower=1, overwrite_b=1)
        U = dtrsm(1.0, L, U, side=1, lower=1, trans_a=1, overwrite_b=1)
        weights = dtrsm(1.0, L, product(X.T, self.alpha), lower=1)
        self.G = dsyrk(-1.0, U, beta=1.0, c=self.G, lower=1, overwrite_c=1)
        self.A = dgemm(-1.0, U, E, beta=1.0, c=self.A, overwrite_c=1)
        self.alpha = product(U, weights, self.alpha, -1.0)
        left = np.sum(self.start.solution * self.alpha, axis=0)
        return Step(E.T, U, weights, left, self.start.root, self.start.points)

    def end(self) -> tuple[Floats, Floats]:
        """Root and test features in the basis of all columns so far, without a look at them.

        With G = V V', V upper triangular, the new root is S V^-T and A V^-T are the test features.
        """
        whole = np.tril(self.G) + np.tril(self.G, -1).T
        V = np.array(cholesky(whole[::-1, ::-1])[::-1, ::-1], order="F")
        return dtrsm(1.0, V, self.root), dtrsm(1.0, V, self.A).T


def orthogonal_steps(start: Start, M: Floats, Ft: Floats, begin: int, end: int) -> Iterator[Step]:
    """Blocks by orthogonal transformations: errors stay near eps cond(S), even at the threshold.

    For a block C of new columns [S C] W = [S_new 0] with W orthogonal, and the same W takes [a; 0] to
    [a_new; w] and the test features [T Ct] to [T_new N]. The new fit drops its null-space part w, so the
    error (truth minus prediction) gains N w. Turned so that direction k uses the first k new columns only,
    the running sums of N w are the fits in between.
    """
    root, rank, m, q = start.root, len(M), len(start.points), start.solution.shape[1]
    width = block(rank)
    state = np.zeros((rank, m + q + width), order="F")  # columns: T', a, and room for the identity's image
    state[:, :m], state[:, m : m + q] = start.points.T, start.solution
    for first in range(begin, end, width):
        last = min(first + width, end)
        size = last - first
        root, reflectors, factors, _ = dtpqrt(0, min(PANEL, rank), root, M[:, first:last].T)
        state = state[:, : m + q + size]
        state[:, m + q :] = 0.0
        below = np.zeros((size, m + q + size), order="F")
        below[:, : len(Ft)] = Ft[:, first:last].T
        below[:, m + q :] = np.eye(size)
        state, below, _ = dtpmqrt(
            0, reflectors, factors, state, below, trans="T", overwrite_a=True, overwrite_b=True
        )
        # The identity's image is the transposed new-column part of the null-space basis: make it triangular.
        turned = product(rq(below[:, m + q :].T, check_finite=False)[1], below[:, : m + q])
        left = np.sum(state[:, m : m + q] ** 2, axis=0)
        yield Step(turned[:, :m].T, np.empty((rank, 0)), turned[:, m:], left, root, state[:, :m].T)


def _running_squares(start: Floats, directions: Floats, weights: Floats) -> tuple[Floats, Floats]:
    """|v_k|^2 per column of v_k = start + sum_{j<=k} directions_j weights_j for k = 1..b, and the last v.

    |v_k|^2 - |v_{k-1}|^2 = w_k (2 d_k'start + 2 sum_{j<k} d_k'd_j w_j + d_k'd_k w_k) is a matrix product for
    all k and all columns; forming each v_k would cost b passes over memory. But the sum cancels when the
    length falls far below its peak, as the error does just above p = n: such a stretch is halved, with the v
    in the middle formed anew, down to single steps.
    """
    count = len(weights)
    if count == 1:
        end = product(directions, weights, start)
        return np.sum(end**2, axis=0)[None], end
    if count <= WIDE:
        lower = dsyrk(2.0, directions.T, lower=1)
        np.fill_diagonal(lower, 0.5 * np.diag(lower))
        before = np.sum(start**2, axis=0)
        slopes = product(directions.T, start, product(lower, weights), 2.0)
        squares = before + np.cumsum(weights * slopes, axis=0)
        peak = np.maximum(before, np.maximum.accumulate(squares, axis=0))
        if np.all(squares >= FALL * peak):
            return squares, product(directions, weights, start)
    half = count // 2
    first, middle = _running_squares(start, directions[:, :half], weights[:half])
    second, end = _running_squares(middle, directions[:, half:], weights[half:])
    return np.concatenate([first, second]), end


def sums_after(weights: Floats, rest: Floats) -> Floats:
    """sum_{j>k} weights_j^2 + rest for k = 1..b, summed from the small end so that nothing cancels."""
    return np.cumsum(np.concatenate([rest[None], weights[:0:-1] ** 2]), axis=0)[::-1]
