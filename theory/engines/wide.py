"""The recursion over the layers of an infinitely wide network, for a diagonal and for a matrix."""

from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np

from theory.activation import ActivationLike, function
from theory.arguments import Array, integer, option, scalar
from theory.engines import angles, arc, dual
from theory.engines.gram import Diagonal, Fill, near, squares
from theory.engines.pairs import Pairs, carried

_LEAST = 1e-300  # below, products of variances lose their digits
_BLOCK = 2**15  # entries of a block of a matrix that numpy computes: it stays in the cache


class Network:
    """The recursion over layers, for a diagonal and for a matrix."""

    def __init__(
        self,
        depth: int,
        activation: ActivationLike,
        sigma_w2: float,
        sigma_b2: float,
        parameterization: str = "ntk",
        widths: Sequence[int] | None = None,
    ) -> None:
        self.depth = integer("depth", depth, low=0)
        self.sw, self.sb = variances(sigma_w2, sigma_b2)
        function(activation)  # refuses an unknown name
        self.activation, self.pieces = activation, dual.pieces(activation)
        # weight of the parameters of each layer in the tangent kernel; `_inputs` knows that of the first
        self.inputs, self.biases = np.ones(self.depth + 1), np.full(self.depth + 1, self.sb)
        self.standard = option("parameterization", parameterization, "ntk", "standard") == "standard"
        if self.standard:
            if widths is None:
                raise ValueError("widths = None: the standard parameterization needs the hidden widths")
            sizes = np.asarray([integer("widths", width, low=1) for width in np.ravel(widths).tolist()])
            if len(sizes) != self.depth:
                raise ValueError(
                    f"widths = {widths!r} must have one entry per hidden layer, depth = {self.depth}"
                )
            if self.sw == 0:
                raise ValueError("sigma_w2 = 0 leaves no weights to train; pass a positive variance")
            self.inputs[1:] = sizes / self.sw
            self.biases[:] = float(self.sb > 0)

    def _inputs(self, d: int) -> Array:
        """Weights of the layers of weights, the first of which has d inputs."""
        inputs = self.inputs.copy()
        if self.standard:
            inputs[0] = d / self.sw
        return inputs

    def _variance(self, x: Array) -> Array:
        """K_l(x, x) for l = 1..depth + 1, (depth + 1, n)."""
        return self._layers(x)[0]

    def _layers(self, x: Array) -> tuple[Array, Array]:
        """K_l(x, x) for l = 1..depth + 1, and E s(u)^2 of the layers between, (depth, n)."""
        if self.activation != "relu":
            x = np.asarray(x, dtype=float)
        table, second = np.empty((self.depth + 1, len(x))), np.empty((self.depth, len(x)))
        table[0] = self.sw / x.shape[1] * squares(x) + self.sb
        self._refuse_underflow((x != 0).any(axis=1), table[0])
        with np.errstate(over="ignore"):
            for l in range(self.depth):
                second[l] = self._same(table[l], derivative=False)
                table[l + 1] = self.sw * second[l] + self.sb
                self._refuse_overflow(table[l + 1])
                # a callable that is 0 where its argument lies has a kernel of 0
                gone = second[l] > 0 if callable(self.activation) else table[l] > 0
                self._refuse_underflow(gone, table[l + 1])
        return table, second

    def _same(self, variance: Array, derivative: bool) -> Array:
        """E s(u)^2 or E s'(u)^2."""
        if self.activation == "relu":
            return np.full_like(variance, 0.5) if derivative else variance / 2
        return dual.squares(self.activation, variance, derivative, self.pieces)

    def diagonal(self, tangent: bool) -> Diagonal:
        self._refuse_jumps(tangent)

        def values(x: Array) -> Array:
            table = self._variance(x)
            if not tangent:
                return table[-1]
            inputs = self._inputs(x.shape[1])
            total = inputs[0] * (table[0] - self.sb) + self.biases[0]
            with np.errstate(over="ignore"):
                for l in range(self.depth):
                    weights = inputs[l + 1] * (table[l + 1] - self.sb) + self.biases[l + 1]
                    total = weights + self.sw * total * self._same(table[l], derivative=True)
            self._refuse_overflow(total)
            return total

        return values

    def fill(self, tangent: bool) -> Fill:
        self._refuse_jumps(tangent)
        return partial(self._relu if self.activation == "relu" and self.depth else self._general, tangent)

    def _relu(self, tangent: bool, out: Array, x: Array, z: Array, lower: bool) -> None:
        p = np.sqrt(self._variance(x))
        q = p if z is x else np.sqrt(self._variance(z))
        weights = self._inputs(x.shape[1]), self.biases
        arc.relu(out, x, z, self.sw, self.sb, p, q, *weights, tangent, lower, near(out), arc.tables())

    def _general(self, tangent: bool, out: Array, x: Array, z: Array, lower: bool) -> None:
        a, square_a = self._layers(x)
        b, square_b = (a, square_a) if z is x else self._layers(z)
        inputs, scale = self._inputs(x.shape[1]), self.sw / x.shape[1]
        layers = range(self.depth)
        sides = [(row, row if b is a else column) for row, column in zip(a, b, strict=True)]
        value = [dual.pairs(self.activation, *sides[l], False, self.pieces) for l in layers]
        slope = [dual.pairs(self.activation, *sides[l], True, self.pieces) for l in layers if tangent]
        double_x, double_z = np.asarray(x, dtype=float), np.asarray(z, dtype=float)
        step = max(1, _BLOCK // max(out.shape[1], 1))
        for start in range(0, len(out), step):
            rows = slice(start, start + step)
            columns = slice(start + step if lower else None)
            u, v = double_x[rows], double_z[columns]
            product = out[rows, columns].astype(float) if x is double_x else u @ v.T
            e, s, distance = (np.empty_like(product) for _ in range(3))
            first = angles.first.patient(50 * product.size)
            first(product, u, v, scale, self.sb, a[0, rows], b[0, columns], e, s, distance)
            total = inputs[0] * scale * product + self.biases[0]
            covariance = scale * product + self.sb
            pair = Pairs(a[0, rows, None], b[0, columns], e, s, distance)
            for l in layers:
                new = value[l](rows, pair)
                if tangent:
                    with np.errstate(over="ignore", invalid="ignore"):  # the diagonal tells of it
                        total = self.sw * total * slope[l](rows, pair)
                        total += inputs[l + 1] * self.sw * new + self.biases[l + 1]
                covariance = self.sw * new + self.sb
                if l + 1 < self.depth:
                    square = square_a[l, rows, None], square_b[l, columns]
                    defect = dual.defect(self.activation, pair, new, square, self.pieces)
                    e, s = carried(new, defect, square, self.sw, self.sb)
                    pair = Pairs(a[l + 1, rows, None], b[l + 1, columns], e, s)
            out[rows, columns] = total if tangent else covariance
        if lower:
            arc.mirror.patient(4 * out.size)(out)

    def _refuse_overflow(self, values: Array) -> None:
        if not np.isfinite(values).all():
            raise ValueError(
                f"activation = {self.activation!r} at depth = {self.depth}: the kernel exceeds 1e308; "
                "scale the inputs down or take fewer layers"
            )

    def _refuse_underflow(self, positive: Any, values: Array) -> None:
        """Refuse values that have lost their digits where they should be positive."""
        if self.sw > 0 and (values[positive] < _LEAST).any():
            raise ValueError(
                f"activation = {self.activation!r} at depth = {self.depth}: the kernel falls below "
                f"{_LEAST:g}; scale the inputs up, take fewer layers, or a bias"
            )

    def _refuse_jumps(self, tangent: bool) -> None:
        if tangent and self.activation == "sign" and self.depth:
            raise ValueError(
                'activation = "sign" has no tangent kernel: it jumps; use nngp, or another activation'
            )


def variances(sigma_w2: float, sigma_b2: float) -> tuple[float, float]:
    """The variances of weights and biases, checked."""
    return scalar("sigma_w2", sigma_w2, low=0.0), scalar("sigma_b2", sigma_b2, low=0.0)


def with_bias(x: Array, sw: float, sb: float) -> Array:
    """Inputs with one more coordinate for the bias: their products are K_1."""
    bias = np.full((*x.shape[:-1], 1), np.sqrt(sb))
    return np.concatenate([np.sqrt(sw / x.shape[-1]) * x, bias], axis=-1)
