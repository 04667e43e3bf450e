"""Each paper's closed form is the core, for every spectrum or for the paper's own."""

from __future__ import annotations

from typing import Any

import sympy as sp

from theory.engines.rational import polynomials
from theory.names import own_names
from theory.proofs.equation import A, C, _determinant, _parts, _test, g, n, p, s, w, z

__dir__ = own_names(globals())


def hastie2022_ridgeless() -> list[Any]:
    """One level lambda = 1, m = gamma, n = 1: the two branches of [hastie2022, Thm 1†]."""
    gamma, signal = sp.symbols("gamma signal", positive=True)
    # gamma < 1: kappa = 0, no bias, df2 = gamma
    under = _kernel(kappa=0, m=gamma, power=signal) - (s + s * gamma / (1 - gamma))
    # gamma > 1: gamma/(1 + kappa) = 1
    over = _kernel(kappa=gamma - 1, m=gamma, power=signal)
    return [under, over - (s + signal * (1 - 1 / gamma) + s / (gamma - 1))]


def hastie2022_ridge() -> list[Any]:
    """Ridge in terms of the companion transform: excess = s gamma [m - ridge (1 - alpha ridge) m'].

    m solves the Marchenko-Pastur equation at -ridge; m = 1/(ridge + kappa ... ) follows from
    gamma (1 - ridge m) = gamma/(1 + kappa), that is ridge m = kappa/(1 + kappa); alpha = signal/(s gamma).
    """
    k, gamma, signal = sp.symbols("k gamma signal", positive=True)
    ridge = k * (1 - gamma / (1 + k))
    m = k / (1 + k) / ridge
    # derivative with respect to z = -ridge
    slope = -sp.diff(m, k) / sp.diff(ridge, k)
    alpha = signal / (s * gamma)
    excess = s * gamma * (m - ridge * (1 - alpha * ridge) * slope)
    return [_kernel(k, gamma, signal) - s - excess]


def hastie2022_marchenko_pastur() -> list[Any]:
    """That m is the Stieltjes transform: gamma z m^2 - (1 - gamma - z) m + 1 = 0 at z = -ridge."""
    k, gamma = sp.symbols("k gamma", positive=True)
    ridge = k * (1 - gamma / (1 + k))
    m = k / (1 + k) / ridge
    return [-gamma * ridge * m**2 - (1 - gamma + ridge) * m + 1]


def hastie2022_limits() -> list[Any]:
    """Ridgeless excess: 0 at gamma -> 0, signal at gamma -> inf, a pole of residue s at gamma = 1."""
    gamma, signal = sp.symbols("gamma signal", positive=True)
    under = s * gamma / (1 - gamma)
    over = signal * (1 - 1 / gamma) + s / (gamma - 1)
    return [
        sp.limit(under, gamma, 0),
        sp.limit(over, gamma, sp.oo) - signal,
        sp.limit(under * (1 - gamma), gamma, 1) - s,
        sp.limit(over * (gamma - 1), gamma, 1) - s,
    ]


def hastie2022_optimal_ridge() -> list[Any]:
    """At ridge = gamma s/signal the test error is s kappa/ridge: no double descent."""
    k, gamma, signal = sp.symbols("k gamma signal", positive=True)
    ridge = k * (1 - gamma / (1 + k))
    best = _kernel(k, gamma, signal).subs(signal, gamma * s / ridge)
    return [best - s * k / ridge]


def mei2022_quadratic() -> list[Any]:
    """Ridgeless: T(g0) = psi is m g^2 + b g - zeta^2 = 0, b = m zeta^2 - zeta^2 - 1 [mei2022]."""
    x, m, zeta2 = sp.symbols("x m zeta2", positive=True)
    tau = zeta2 / (zeta2 + x) + 1 / x
    b = m * zeta2 - zeta2 - 1
    return [(m - tau) * x * (zeta2 + x) - (m * x**2 + b * x - zeta2)]


def mei2022_quartic() -> list[Any]:
    """With ridge: the two quadratics multiply to ridge psi1 psi2 x (zeta^2 + x)^2, a quartic in x."""
    x, a, b, zeta2 = sp.symbols("x psi1 psi2 zeta2", positive=True)
    tau = zeta2 / (zeta2 + x) + 1 / x
    ridge = x * (1 - tau / a) * (1 - tau / b)

    def quadratic(m: Any) -> Any:
        return m * x**2 + (m * zeta2 - zeta2 - 1) * x - zeta2

    return [quadratic(a) * quadratic(b) - ridge * a * b * x * (zeta2 + x) ** 2]


def mei2022_fixed_point() -> list[Any]:
    """nu1 and nu2 of the core solve nu (-xi - other - zeta^2 other/(1 - zeta^2 nu other)) = psi.

    With r = sqrt(psi1 psi2 ridge), xi = i r, nu1 = i (psi1 - tau)/r, nu2 = i (psi2 - tau)/r; multiplied
    out, the paper's two equations contain nu xi and chi = nu1 nu2 only.
    """
    x, a, b, zeta2, r = sp.symbols("x psi1 psi2 zeta2 r", positive=True)
    tau = zeta2 / (zeta2 + x) + 1 / x
    square = x * (a - tau) * (b - tau)  # r^2 = psi1 psi2 ridge
    nu1, nu2, xi = sp.I * (a - tau) / r, sp.I * (b - tau) / r, sp.I * r
    chi = sp.expand(nu1 * nu2 * r**2) / square
    residuals = [chi + 1 / x]
    for psi, own in ((a, nu1), (b, nu2)):
        own_xi = sp.expand(own * xi)
        residuals.append(-own_xi - chi - zeta2 * chi / (1 - zeta2 * chi) - psi)
    return residuals


def mei2022_polynomials() -> list[Any]:
    """B = E1/E0 and V = E2/E0 of the paper are the core's, with chi = -1/x."""
    x, a, b, zeta2 = sp.symbols("x psi1 psi2 zeta2", positive=True)
    E0, E1, E2 = polynomials(a, b, -1 / x, zeta2)
    share = zeta2 / (zeta2 + x)
    values = {
        n: b, p: a, z: share + 1 / x, w: share * x / (zeta2 + x) + 1 / x,
        A: (x / (zeta2 + x)) ** 2, C: zeta2 * x / (zeta2 + x) ** 2,
    }  # fmt: skip
    signal_part = _test().subs(s, 0).subs(values)
    noise_part = (_test().subs({A: 0, C: 0}) - s).subs(values) / s
    return [signal_part - E1 / E0, noise_part - E2 / E0]


def mei2022_norm() -> list[Any]:
    """The paper's A_1/E_0 form of the norm is the core's, divided by psi1."""
    x, a, b, zeta2, rho = sp.symbols("x psi1 psi2 zeta2 rho", positive=True)
    chi = -1 / x
    E0, _, _ = polynomials(a, b, chi, zeta2)
    A1 = rho / (1 + rho) * (
        -(chi**2) * (chi * zeta2**2 - chi * zeta2 + b * zeta2 + zeta2 - chi * b * zeta2**2 + 1)
    ) + 1 / (1 + rho) * chi**2 * (chi * zeta2 - 1) * (chi**2 * zeta2**2 - 2 * chi * zeta2 + zeta2 + 1)
    # in units mu_star = 1: eigenvalue zeta^2, tail 1; signal rho, noise 1
    share = zeta2 / (zeta2 + x)
    values = {
        n: b, p: a, z: share + 1 / x, w: share * x / (zeta2 + x) + 1 / x, g: x, s: 1,
        A: rho * (x / (zeta2 + x)) ** 2, C: rho * zeta2 * x / (zeta2 + x) ** 2,
    }  # fmt: skip
    core = (w * (A + s) + (n - z + w) * C) / (g * _determinant())
    return [core.subs(values) - A1 / E0 * (1 + rho)]


def mei2022_wide() -> list[Any]:
    """psi1 = inf: B and V in omega are kernel ridge regression, omega = -zeta^2/x."""
    x, b, zeta2 = sp.symbols("x psi2 zeta2", positive=True)
    omega = -zeta2 / x
    P = (b - 1) * omega**3 + (1 - 3 * b) * omega**2 + 3 * b * omega - b
    # the paper's omega is taken without the tail's share: kappa of one level, tail as ridge
    df2 = (zeta2 / (zeta2 + x)) ** 2
    bias = (x / (zeta2 + x)) ** 2
    return [b * bias / (b - df2) - b * (omega - 1) / P, df2 / (b - df2) - (omega**3 - omega**2) / P]


def mei2022_wide_optimal_ridge() -> list[Any]:
    """psi1 = inf: the slope in ridge vanishes at (zeta^2/rho - 1)/psi2, rho = signal/noise.

    One level and the tail as a ridge: by `equation.optimal_ridge_of_one_level` psi2 ridge + 1 =
    zeta^2 noise/signal in units of mu_star^2; here directly.
    """
    k, zeta2, rho, b = sp.symbols("k zeta2 rho psi2", positive=True)
    df2 = (zeta2 / (zeta2 + k)) ** 2
    test = (1 + rho * (k / (zeta2 + k)) ** 2) / (1 - df2 / b)
    ridge = k * (1 - (zeta2 / (zeta2 + k) + 1 / k) / b)
    slope = sp.diff(test, k)
    best = (zeta2 / rho - 1) / b
    # slope = positive factor times (ridge - best)
    factor = sp.cancel(slope / (ridge - best))
    expected = 2 * rho * zeta2 * b**2 * (zeta2 + k) / (b * (zeta2 + k) ** 2 - zeta2**2) ** 2
    return [factor - expected]


def simon2023_overfitting() -> list[Any]:
    """test = E0 [sum (1 - L)^2 v^2 + noise], E0 = n/(n - sum m L^2), and sum m L = n - delta/kappa."""
    k, l1, l2, m1, m2, v1, v2 = sp.symbols("k l1 l2 m1 m2 v1 v2", positive=True)
    L1, L2 = l1 / (l1 + k), l2 / (l2 + k)
    q = m1 * L1**2 + m2 * L2**2
    E0 = n / (n - q)
    test = E0 * ((1 - L1) ** 2 * v1 + (1 - L2) ** 2 * v2 + s)
    core = n * (v1 * (k / (l1 + k)) ** 2 + v2 * (k / (l2 + k)) ** 2 + s) / (n - q)
    delta = k * (n - m1 * l1 / (l1 + k) - m2 * l2 / (l2 + k))
    return [test - core, m1 * L1 + m2 * L2 - (n - delta / k)]


def simon2024_test() -> list[Any]:
    """test = [1 - (q (p - 2z) + z^2)/(n (p - q))]^-1 [A-part + noise] is the core's.

    sum (g/(l+g) - kappa l/(l+g)^2 p/(p-q)) v^2 is A + C - (p - z)/(p - q) C, since kappa = g (p - z)/p.
    """
    q = z - w
    brackets = 1 - (q * (p - 2 * z) + z**2) / (n * (p - q))
    return [(A + C - (p - z) / (p - q) * C + s) / brackets - _test()]


def bach2024_minimum_norm() -> list[Any]:
    """Noiseless and noise parts in both regimes."""
    q = z - w
    under_signal = _test().subs(z, p).subs(s, 0) - n / (n - p) * (A + C)
    noise = (_test().subs({A: 0, C: 0}) - s) / s
    under_noise = noise.subs(z, p) - p / (n - p)
    over_signal = _test().subs(s, 0).subs(z, n) - (n / (n - q) * A).subs(z, n) - n / (p - n) * (A + C)
    over_noise = (noise - q / (n - q)).subs(z, n) - n / (p - n)
    return [under_signal, under_noise, over_signal, over_noise]


def bahri2024_finite_width() -> list[Any]:
    """Ridge 0, B = A + C: test(n, inf) + n (noise + B)/(p - n) for p > n, test(inf, p) n/(n - p) for n > p.

    And B is the sum of v^2 g/(lam + g), by one level.
    """
    lam, power = sp.symbols("lam power", positive=True)
    wide, long = sp.limit(_test(), p, sp.oo), sp.limit(_test(), n, sp.oo)
    over = _test().subs(z, n) - wide.subs(z, n) - n * (s + A + C) / (p - n)
    under = _test().subs(z, p) - long.subs(z, p) * n / (n - p)
    level = power * (g / (lam + g)) ** 2 + power * lam * g / (lam + g) ** 2
    return [over, under, long.subs(z, p) - (s + A + C), level - power * g / (lam + g)]


def maloney2022_symmetric() -> list[Any]:
    """Power v^2 = lambda, no noise, ridge 0: test = g m/(1 - m/M), m = min(n, p), M = max(n, p).

    Then A = g w and C = g (z - w): sums of lambda (g/(lambda + g))^2 and g (lambda/(lambda + g))^2.
    """
    lam = sp.symbols("lam", positive=True)
    share = lam / (lam + g)
    level = [lam * (g / (lam + g)) ** 2 - g * (share - share**2), lam * share * g / (lam + g) - g * share**2]
    test = _test().subs({s: 0, A: g * w, C: g * (z - w)})
    return [*level, test.subs(z, n) - g * n / (1 - n / p), test.subs(z, p) - g * p / (1 - p / n)]


def ildiz2025_optimal_surrogate() -> list[Any]:
    """The error of one level is least at the gain L/(L^2 + amp (1 - L)^2), and what is left there."""
    gain, learnt, amp = sp.symbols("gain learnt amp", positive=True)
    error = (1 - gain * learnt) ** 2 + amp * gain**2 * (1 - learnt) ** 2
    whole = learnt**2 + amp * (1 - learnt) ** 2
    left = error.subs(gain, learnt / whole) - amp * (1 - learnt) ** 2 / whole
    return [sp.diff(error, gain) - 2 * whole * (gain - learnt / whole), left]


def defilippis2024_equivalents() -> list[Any]:
    """Upsilon, chi: variance s Upsilon/(1 - Upsilon), bias (A + chi nu2 C)/(1 - Upsilon)."""
    q = z - w
    ratio = 1 - z / p  # nu1/nu2
    upsilon = p / n * ((1 - ratio) ** 2 + ratio**2 * q / (p - q))
    chi_nu2 = w / (p - q)  # nu2 sum m l/(l + nu2)^2 = w
    bias = (A + chi_nu2 * C) / (1 - upsilon)
    variance = s * upsilon / (1 - upsilon)
    return [bias + variance + s - _test()]


def defilippis2024_quadratic() -> list[Any]:
    """Their equation 1 + n/p - 2T/p = sqrt((1 - n/p)^2 + 4 n ridge/(p g)), squared, is the core's."""
    delta = g * (1 - z / p) * (n - z)
    return [(1 + n / p - 2 * z / p) ** 2 - (1 - n / p) ** 2 - 4 * delta / (p * g)]


def dascoli2020_ensemble() -> list[Any]:
    """K -> inf draws of the features leave kernel ridge regression at the same g: n (A + s)/(n - q)."""
    samples, _, _, noise_samples, _ = _parts()
    return [s + A + samples + noise_samples - n * (A + s) / (n - z + w)]


def _kernel(kappa: Any, m: Any, power: Any) -> Any:
    """test of one level lambda = 1 with n = 1."""
    return (s + power * (kappa / (1 + kappa)) ** 2) / (1 - m / (1 + kappa) ** 2)


def paquette2021_step() -> list[Any]:
    """A batch of Gaussian rows: mean of S E S = (1 + 1/B) Sigma E Sigma + tr(Sigma E) Sigma/B, S = X'X/B.

    Two coordinates with any symmetric E, from the moments of a normal variable: 1, lambda, 3 lambda^2.
    """
    l1, l2, a, b, c, B = sp.symbols("l1 l2 a b c B", positive=True)
    E, Sigma = sp.Matrix([[a, b], [b, c]]), sp.diag(l1, l2)
    x = sp.symbols("x1 x2")

    def mean(polynomial: Any) -> Any:
        total = 0
        for (i, j), factor in sp.Poly(polynomial, *x).terms():
            normal = (_normal_moment(l1, i), _normal_moment(l2, j))
            total += factor * normal[0] * normal[1]
        return total

    row = sp.Matrix(x)
    once = (row * row.T * E * row * row.T).applyfunc(mean)  # the same row twice
    both = once / B + (1 - 1 / B) * Sigma * E * Sigma
    return list(both - (1 + 1 / B) * Sigma * E * Sigma - (Sigma * E).trace() * Sigma / B)


def _normal_moment(variance: Any, order: int) -> Any:
    """Of a normal variable of mean 0."""
    return 0 if order % 2 else sp.factorial2(order - 1) * variance ** (order // 2)
