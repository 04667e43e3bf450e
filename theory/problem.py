"""The one object that theory and simulation share: a spectrum, a target and a noise level."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from theory.arguments import Array, array, integer, non_negative, positive, real, scalar, symmetric
from theory.engines import conditional, from_rows, levels, singular
from theory.names import own_names

__dir__ = own_names(globals())

ActivationLike = str | Callable[[Array], Array]


@dataclass(frozen=True, eq=False, repr=False)
class Problem:
    """A regression problem: y = f(x) + noise, seen through the eigenfunctions of a kernel.

    Level i holds m_i eigenfunctions of eigenvalue lambda_i that together carry the target power
    v_i^2. For linear regression with covariance Sigma, v_i^2 = lambda_i |P_i beta|^2.

    Parameters
    ----------
    eigenvalues : (L,) array_like >= 0
        lambda_i of the feature covariance or kernel operator.
    power : (L,) array_like >= 0
        v_i^2, the total target power of the level (never per coordinate).
    multiplicity : (L,) array_like > 0 or scalar
        m_i; need not be whole.
    tail : float >= 0
        Trace carried by infinitely many infinitesimal eigenvalues.
    tail_power : float >= 0
        Target power that no feature can learn.
    noise : float >= 0
        Label-noise variance.

    Raises
    ------
    ValueError
        If an argument is negative, not finite, or of another shape.

    Examples
    --------
    >>> Problem([4.0, 0.25], power=[4.0, 0.5], multiplicity=[100, 300], noise=0.5)
    Problem(2 levels, rank 400, eigenvalues 4 .. 0.25, power 4.5, noise 0.5)
    """

    eigenvalues: Array
    power: Array
    multiplicity: Array = 1.0  # type: ignore[assignment]  # __post_init__ makes it an array
    tail: float = 0.0
    tail_power: float = 0.0
    noise: float = 0.0

    def __post_init__(self) -> None:
        eigenvalues = non_negative("eigenvalues", self.eigenvalues)
        power = non_negative("power", self.power)
        multiplicity = positive("multiplicity", self.multiplicity, finite=True)
        if eigenvalues.ndim != 1:
            raise ValueError(f"eigenvalues has shape {eigenvalues.shape}; pass a one-dimensional array")
        if power.shape != eigenvalues.shape:
            raise ValueError(f"power has shape {power.shape}; pass one value per level, {eigenvalues.shape}")
        if multiplicity.shape not in ((), eigenvalues.shape):
            raise ValueError(
                f"multiplicity has shape {multiplicity.shape}; pass one value per level, {eigenvalues.shape}"
            )
        arrays = {
            "eigenvalues": eigenvalues,
            "power": power,
            "multiplicity": np.broadcast_to(multiplicity, eigenvalues.shape).copy(),
        }
        for name, values in arrays.items():
            unsigned = values + 0.0  # -0.0 is 0.0, also to the hash
            unsigned.setflags(write=False)
            object.__setattr__(self, name, unsigned)
        for name in ("tail", "tail_power", "noise"):
            object.__setattr__(self, name, scalar(name, getattr(self, name), low=0.0) + 0.0)

    @property
    def rank(self) -> float:
        """Number of positive eigenvalues with multiplicity; infinite with a tail."""
        if self.tail > 0:
            return np.inf
        return float(self.multiplicity[self.eigenvalues > 0].sum())

    @property
    def signal(self) -> float:
        """Total target power, learnable or not."""
        return float(self.power.sum()) + self.tail_power

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Problem) and self._key() == other._key()

    def __hash__(self) -> int:
        return hash(self._key())

    def _key(self) -> tuple[bytes | float, ...]:
        arrays = (self.eigenvalues, self.power, self.multiplicity)
        return (*(a.tobytes() for a in arrays), self.tail, self.tail_power, self.noise)

    def __repr__(self) -> str:
        count = len(self.eigenvalues)
        parts = [f"{count} level" + "s" * int(count != 1), f"rank {self.rank:g}"]
        if count:
            low, high = self.eigenvalues.min(), self.eigenvalues.max()
            span = f"{high:.4g}" if low == high else f"{high:.4g} .. {low:.4g}"
            parts.append("eigenvalue" + "s" * int(low != high) + " " + span)
        parts.append(f"power {self.power.sum():.4g}")
        if self.tail:
            parts.append(f"tail {self.tail:.4g}")
        if self.tail_power:
            parts.append(f"unlearnable {self.tail_power:.4g}")
        parts.append(f"noise {self.noise:.4g}")
        return f"Problem({', '.join(parts)})"

    def _repr_html_(self) -> str:
        from theory import notebook

        rows = zip(self.eigenvalues, self.multiplicity, self.power, strict=True)
        cells = ([notebook.number(value) for value in row] for row in rows)
        return notebook.table(repr(self), ("eigenvalue", "multiplicity", "power"), cells)

    def through(self, features: ArrayLike, extra: float = 0.0) -> Problem:
        """The problem as fixed features see it: phi = M x + sqrt(extra) g, given M.

        With x the coordinates of the eigenfunctions, E x x' = Lambda, and coefficients
        beta = sqrt(v^2/(m lambda)): C = M Lambda M' + extra I, b = C^-1 M Lambda beta, and what no b can
        express is unlearnable. All that takes a Problem is then true given the features, and its mean over
        draws of M is the theory of random features: gradient flow, stochastic gradient descent, ensembles.

        Parameters
        ----------
        features : (p, q) array_like
            M: a random projection, a product of layers, a trained first layer. Its columns are the q
            coordinates, level by level as in `eigenvalues`, m_i columns each; within a level the target has
            the same coefficient in each. To give a level's target one direction, split the level.
        extra : float >= 0
            Variance that each feature has besides, independent of the others and of the target: what a
            nonlinear activation adds to its linear part.

        Returns
        -------
        Problem with one level for each of the min(p, q) singular directions, and one of multiplicity p - q
        more if extra > 0.

        Raises
        ------
        ValueError
            A tail, a multiplicity that is not whole, another number of columns, an argument out of its range.

        Source: own derivation; the Gaussian model of features given their weights, as in [bordelon2024†].

        >>> problem = Problem([2.0, 0.5], [1.5, 1.0], [2, 3], noise=0.1)
        >>> problem.through([[1.0, 0.0, 0.0, 0.0, 0.0], [0.0, 0.0, 1.0, 0.0, 0.0]])
        Problem(2 levels, rank 2, eigenvalues 2 .. 0.5, power 1.083, unlearnable 1.417, noise 0.1)
        """
        M, variance = array("features", features, 2), scalar("extra", extra, low=0.0)
        if self.tail > 0:
            raise ValueError(f"tail = {self.tail:g} must be 0 to pass features; give its trace to levels")
        for count in self.multiplicity[self.multiplicity != np.floor(self.multiplicity)]:
            raise ValueError(f"multiplicity = {count:g} must be whole to pass features; round it")
        if M.shape[1] != self.multiplicity.sum():
            raise ValueError(
                f"features has shape {M.shape}; pass {self.multiplicity.sum():g} columns, one for each "
                "eigenfunction of the problem"
            )
        seen = conditional.seen(self.eigenvalues, self.power, self.multiplicity, M, variance)
        lost = self.tail_power + seen.lost
        return Problem(seen.eigenvalues, seen.power, seen.multiplicity, 0.0, lost, self.noise)

    @classmethod
    def isotropic(cls, p: float, signal: float = 1.0, noise: float = 0.0) -> Problem:
        """Linear regression on p uncorrelated features of variance 1: one level, v^2 = |beta|^2 = signal.

        Parameters
        ----------
        p : float > 0
        signal, noise : float >= 0

        Source: [hastie2022, Sec. 3†].

        >>> Problem.isotropic(p=300, signal=5.0, noise=1.0)
        Problem(1 level, rank 300, eigenvalue 1, power 5, noise 1)
        """
        return cls(
            np.ones(1),
            power=np.array([scalar("signal", signal, low=0.0)]),
            multiplicity=np.array([float(positive("p", scalar("p", p)))]),
            noise=noise,
        )

    @classmethod
    def power_law(
        cls, size: int, eigenvalue_exponent: float, power_exponent: float, noise: float = 0.0
    ) -> Problem:
        """A power law: lambda_i = i^-eigenvalue_exponent and v_i^2 = i^-power_exponent for i = 1..size.

        Parameters
        ----------
        size : int >= 1
        eigenvalue_exponent, power_exponent : float
        noise : float >= 0

        Source: source and capacity conditions, as in [defilippis2024].

        >>> Problem.power_law(100, 1.5, 2.0).eigenvalues[3]
        np.float64(0.125)
        """
        index = np.arange(1.0, integer("size", size, low=1) + 1)
        return cls(
            index ** -scalar("eigenvalue_exponent", eigenvalue_exponent),
            power=index ** -scalar("power_exponent", power_exponent),
            noise=noise,
        )

    @classmethod
    def from_covariance(cls, Sigma: ArrayLike, beta: ArrayLike, noise: float = 0.0) -> Problem:
        """Linear regression y = x.beta + noise with x ~ (0, Sigma): one level per eigenvector.

        Parameters
        ----------
        Sigma : (p, p) array_like, symmetric positive semi-definite
        beta : (p,) array_like
        noise : float >= 0

        Returns
        -------
        Problem; eigenvalues below 1e-15 p of the largest entry of Sigma are 0, do not count in its rank, and
        their directions can not be learnt.

        Warns
        -----
        SingularKernelWarning
            A rank below p that rounding decided: neither equal rows nor a gap in the spectrum explain it.

        Source: [hastie2022, Sec. 2†].

        >>> Problem.from_covariance([[2.0, 0.0], [0.0, 0.5]], beta=[1.0, 2.0]).power
        array([2., 2.])
        """
        covariance, direction = real("Sigma", Sigma), real("beta", beta)
        if direction.ndim != 1 or covariance.shape != 2 * direction.shape:
            raise ValueError(
                f"Sigma has shape {covariance.shape} and beta {direction.shape}; pass (p, p) and (p,)"
            )
        scale = np.abs(covariance).max(initial=0.0)
        if not np.isfinite(scale):
            raise ValueError("Sigma contains infinity; pass finite numbers")
        symmetric("Sigma", covariance, 1e-12 * scale)
        values, vectors = np.linalg.eigh(covariance)
        if values.min(initial=0.0) < -1e-12 * len(values) * scale:
            raise ValueError(f"Sigma has the eigenvalue {values.min():g}; it must be >= 0")
        # what eigh cannot tell from zero is zero, else it would count in the rank
        cut = 1e-15 * len(values) * float(scale)
        singular.check("Sigma", covariance, values, cut, np.inf, "pass the spectrum itself, or add a ridge")
        values = np.where(values <= cut, 0.0, values)[::-1]
        return cls(values, power=values * (direction @ vectors)[::-1] ** 2, noise=noise)

    @classmethod
    def from_features(
        cls,
        Phi: ArrayLike,
        y: ArrayLike | None = None,
        beta: ArrayLike | None = None,
        noise: float | None = None,
    ) -> Problem:
        """Linear regression on your own features: the rows of Phi stand for the population.

        Phi'Phi/N = sum lambda_i u_i u_i'. With coefficients v_i^2 = lambda_i (u_i'beta)^2; with labels
        v_i^2 = (y'Phi u_i)^2/(N^2 lambda_i) - noise/N, cut at 0 and scaled to the unbiased sum.

        Parameters
        ----------
        Phi : (N, p) array_like
            Many more rows than the n that will be asked for; not centred here.
        y : (N,) array_like, optional
            Labels.
        beta : (p,) array_like, optional
            Coefficients of the target, in place of the labels.
        noise : float >= 0, optional
            Label-noise variance: of labels by default |y - fit|^2/(N - rank), of coefficients 0. What labels
            leave beside a given noise is power that no feature can learn.

        Returns
        -------
        Problem with one level for each direction of the rows.

        Source: [hastie2022, Sec. 2†]; the estimates are own derivation.

        >>> Problem.from_features([[2.0, 0.0], [0.0, 1.0], [0.0, 1.0]], y=[2.0, 1.0, 3.0])
        Problem(2 levels, rank 2, eigenvalues 1.333 .. 0.6667, power 2.667, noise 2)
        """
        if (y is None) == (beta is None):
            raise ValueError("y and beta: pass one of them, labels or coefficients")
        seen = from_rows.of_coefficients(Phi, beta) if y is None else from_rows.of_labels(Phi, y, noise)
        variance = noise or 0.0 if y is None else seen.noise
        return cls(seen.eigenvalues, seen.power, tail_power=seen.lost, noise=variance)

    @classmethod
    def from_kernel_on_sphere(
        cls,
        kernel: str | Callable[[Array], Array],
        d: int,
        target_power: Sequence[float],
        noise: float = 0.0,
        degrees: int | None = None,
        depth: int = 1,
    ) -> Problem:
        """Kernel regression with k(x, z) = kernel(cosine) on the unit sphere of R^d.

        Level k is the space of spherical harmonics of degree k: eigenvalue mu_k (Funk-Hecke),
        multiplicity N(d, k); what lies beyond `degrees` is the tail. Use it for kernel regression, and
        `from_activation_on_sphere` for random features of finite width.

        Parameters
        ----------
        kernel : str or callable
            "ntk", "nngp" or another name of `theory.sphere.zonal`, or a function of the cosine, vectorised.
        d : int >= 2
            Dimension of the ambient space.
        target_power : sequence of float >= 0
            Power of the target in degree 0, 1, ...; beyond `degrees` it cannot be learnt.
        noise : float >= 0
        degrees : int >= 0, optional
            Highest degree that is a level of its own; by default as far as a degree has fewer than
            1e10 harmonics.
        depth : int >= 1
            Hidden layers, for "ntk" and "nngp".

        Source: [bietti2019, Sec. 3†]; [simon2023].

        >>> Problem.from_kernel_on_sphere(lambda t: (1 + t) ** 2, d=3, target_power=[0.0, 1.0])
        Problem(513 levels, rank 9, eigenvalues 1.333 .. 0, power 1, noise 0)
        >>> Problem.from_kernel_on_sphere("ntk", d=10, target_power=[0.0, 1.0, 0.0, 0.1])  # degree 3 is lost
        Problem(58 levels, rank inf, eigenvalues 0.3681 .. 0, power 1.1, tail 0.0122, noise 0)
        """
        from theory import sphere

        target = levels.target(target_power)
        top = levels.resolved(d) if degrees is None else integer("degrees", degrees, low=0)
        values = sphere.eigenvalues(kernel, np.arange(top + 1), d, depth)
        multiplicity = sphere.multiplicity(np.arange(top + 1), d)
        at_one = float(sphere.zonal(kernel, depth)(np.ones(1))[0])
        rest = at_one - float(values @ multiplicity)
        if values.min() < 0 or rest < -1e-9 * abs(at_one):
            raise ValueError(
                f"kernel is not positive definite on the sphere of R^{d}: smallest eigenvalue "
                f"{values.min():g}; pass a positive definite kernel"
            )
        if rest < 1e-12 * at_one:  # the rounding of the difference: no tail
            rest = 0.0
        power, lost = levels.by_degree(target, top)
        return cls(values, power, multiplicity, tail=rest, tail_power=lost, noise=noise)

    @classmethod
    def from_activation_on_sphere(
        cls,
        activation: ActivationLike,
        d: int,
        target_power: Sequence[float],
        noise: float = 0.0,
    ) -> Problem:
        """Random features activation(<w, x>/sqrt(d)), x and w uniform on the sphere of radius sqrt(d).

        The true spectrum at this d: degree k has eigenvalue xi_k^2, the squared Gegenbauer
        coefficient of the activation, with multiplicity N(d, k); degrees with more than 1e10
        harmonics are the tail.

        Parameters
        ----------
        activation : str or callable
        d : int >= 2
        target_power : sequence of float >= 0
            Power of the target in degree 0, 1, ...; [0, signal] is a linear target.
        noise : float >= 0

        Source: [mei2022, Sec. 1† and App. A†].

        >>> Problem.from_activation_on_sphere("relu", d=100, target_power=[0.0, 1.0], noise=0.1)
        Problem(7 levels, rank inf, eigenvalues 0.16 .. 0, power 1, tail 0.002415, noise 0.1)
        """
        from theory import sphere

        degree = levels.resolved(d)
        spectrum = sphere.activation_spectrum(activation, degree, d)
        multiplicity = sphere.multiplicity(np.arange(degree + 1), d)
        power, lost = levels.by_degree(levels.target(target_power), degree)
        values = spectrum.coefficients**2
        return cls(values, power, multiplicity, tail=spectrum.rest, tail_power=lost, noise=noise)
