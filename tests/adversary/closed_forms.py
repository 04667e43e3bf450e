"""References for the closed forms of the papers."""

import numpy as np
from hypothesis import strategies as st
from mpmath import inf, mp, mpf

from tests.adversary import box
from tests.adversary.box import Reference
from tests.adversary.concepts import (
    CURVED,
    isotropic_kappa,
    least_squares,
    misfit_bound,
    over,
    positive_part,
    root,
    vc_gap,
)
from theory.papers import (
    ali2019,
    bahri2021,
    belkin2019,
    belkin2020,
    bietti2019,
    chizat2019,
    curth2023,
    du2019,
    gerstgrasser2024,
    hastie2022,
    lejeune2020,
    marchenko1967,
    muthukumar2020,
    nakkiran2019,
    nakkiran2021,
    oneto2023,
    oymak2019,
    oymak2020,
    rahimi2007,
    soltanolkotabi2019,
    woodworth2020,
    zhou2021,
)

SIZES = {"n": box.POSITIVE, "p": box.NOT_NEGATIVE}
POWERS = {"signal": box.NOT_NEGATIVE, "noise": box.NOT_NEGATIVE}
ONE = mpf(1)


def error(n: mpf, p: mpf, signal: mpf, noise: mpf, omitted: mpf) -> mpf:
    return least_squares(n, p, signal, noise, omitted)["test"]


def noisy_inputs(n: mpf, p: mpf, input_noise: mpf, signal: mpf, noise: mpf) -> mpf:
    exact = least_squares(n, p, signal, noise, mpf(0))
    return exact["test"] + (input_noise * exact["norm"] if input_noise else 0)


def gaussian_random(n: mpf, p: mpf, d: mpf, signal: mpf, noise: mpf) -> mpf | None:
    if p > d:
        return None
    return error(n, p, signal * p / d, noise, signal * (1 - p / d))


def fourier(rho_n: mpf, rho_p: mpf, ridge: mpf) -> mpf:
    if ridge == 0:
        k, q = sorted((rho_n, rho_p))
        return mpf(0) if k == 1 else mpf(inf) if k == q else 1 - k * (2 - (1 - k) / (q - k))
    c, m = rho_n * ridge, rho_n + rho_p - 2 * rho_n * rho_p
    R = root(c**2 + 2 * m * c + (rho_n - rho_p) ** 2)
    return (1 + 2 * c) * (1 - rho_n - rho_p + R) / (2 * (1 + c) ** 2) + (c + m) / (2 * (1 + c) * R)


def haar(n: mpf, p: mpf, d: mpf) -> mpf | None:
    if max(n, p) > d:
        return None
    k, q = sorted((n, p))
    if k == d:
        return mpf(0)
    return mpf(inf) if k == q else 1 - k / d + k / d * (d - q) / (q - k)


def effective(n: mpf, p: mpf) -> dict[str, mpf]:
    gap = abs(n - p) - 1
    box.decided(gap, max(n, p))
    if p == 0:
        return {"train": mpf(0), "test": mpf(0)}
    return {"train": min(n, p), "test": mpf(inf) if gap <= 0 else n * min(n, p) / gap}


def isotropic(gamma: mpf, signal: mpf, noise: mpf, ridge: mpf) -> dict[str, mpf]:
    # gamma enters as n = 1/gamma, a float: nearer to 1 fewer than 9 digits of their distance are left
    box.decided(gamma - 1, ONE, "1e-6")
    kappa = isotropic_kappa(gamma, ridge)
    bias = signal * (kappa / (1 + kappa)) ** 2
    loss = 1 - gamma / (1 + kappa) ** 2
    return {"test": over(noise + bias, loss), "bias": bias, "kappa": kappa}


def misspecified(gamma: mpf, signal: mpf, noise: mpf, decay: mpf, ridge: mpf) -> dict[str, mpf]:
    hidden = signal * (1 + gamma) ** -decay
    fit = isotropic(gamma, signal - hidden, noise + hidden, ridge)
    return {"test": fit["test"], "bias": fit["bias"] + hidden}


def model_wise(n: mpf, p: mpf, d: mpf, signal: mpf, noise: mpf, ridge: mpf) -> dict[str, mpf] | None:
    if p > d:
        return None
    seen = signal * p / d
    return {"test": isotropic(p / n, seen, noise + signal - seen, ridge)["test"]}


def ridgeless_minimum(signal: mpf, noise: mpf) -> list[mpf]:
    if noise == 0:
        return [ONE, mpf(0)] if signal else [mpf(inf), mpf(0)]
    q = root(signal / noise)
    return [q / (q - 1), 2 * q * noise] if q > 1 else [mpf(inf), signal + noise]


def ensemble(gamma: mpf, share: mpf, signal: mpf, noise: mpf) -> mpf | None:
    if share * gamma >= 1:
        return None
    return (noise + signal * (1 - share) ** 2) / (1 - share**2 * gamma)


def best_share(gamma: mpf, signal: mpf, noise: mpf) -> mpf:
    b = 1 + gamma + gamma * noise / signal
    return (b - root(b**2 - 4 * gamma)) / (2 * gamma)


def ideal(n: mpf, p: mpf, noise: mpf) -> mpf | None:
    if p < n:
        return None
    box.decided(p - n - 1, p)
    return mpf(0) if noise == 0 else mpf(inf) if p <= n + 1 else noise * (1 + n / (p - n - 1))


def best_samples(d: mpf, signal: mpf, noise: mpf) -> mpf:
    if signal == 0:
        return mpf(0)
    return positive_part(d - 1 - root(noise * d * (d - 1) / signal))


def best_ridge(n: mpf, p: mpf, signal: mpf, noise: mpf, d: mpf) -> mpf | None:
    if p > d:
        return None
    return over(p * (noise + signal * (1 - p / d)), n * signal * p / d)


def descent_step(alpha: mpf, beta: mpf, lipschitz: mpf, misfit: mpf) -> mpf | None:
    if alpha > beta:
        return None
    bend = lipschitz * misfit
    return min(ONE, alpha**2 / bend if bend else ONE) / beta**2


def uniform_bound(epsilon: mpf, features: mpf, d: mpf, diameter: mpf, bandwidth: mpf) -> mpf:
    exponent = features * epsilon**2 / (8 * (d + 2))
    size = 256 * d / bandwidth**2 * (diameter / epsilon) ** 2
    return min(ONE, size * falling(exponent))


def falling(x: mpf) -> mpf:
    """e^-x, 0 where no factor of the box brings it back."""
    return mp.exp(-x) if x < 20000 else mpf(0)


GENERATION = box.Kind(st.integers(1, 12), 3.0)  # the truth is a sum, term by term


def chain(d: mpf, n: mpf, noise: mpf, generation: mpf) -> dict[str, mpf] | None:
    if n < d or n != mp.floor(n):
        return None
    g = [mpf(i) for i in range(1, int(generation) + 1)]
    if noise == 0 or n <= d + 1:
        return dict.fromkeys(("replace", "accumulate", "accumulate_bound"), mpf(inf if noise else 0))
    box.decided(n - d - 1, n)
    first = noise * d / (n - d - 1)
    return {
        "replace": generation * first,
        "accumulate": sum(noise * d / (i * (i * n - d - 1)) for i in g),
        "accumulate_bound": first * sum(1 / i**2 for i in g),
    }


def penalty(beta: mpf, alpha: mpf) -> mpf:
    z = beta / alpha**2
    return alpha**2 * (2 - root(4 + z**2) + z * mp.asinh(z / 2))


def ratio(x: mpf) -> mpf:
    return ((1 - falling(x)) * (1 + x) / x) ** 2 if x else ONE


REFERENCES: dict[str, Reference] = {
    "ali2019.risk_ratio": Reference(ali2019.risk_ratio, {"x": box.NOT_NEGATIVE}, ratio),
    "bahri2021.noisy_inputs": Reference(
        bahri2021.noisy_inputs,
        {**SIZES, "input_noise": box.NOT_NEGATIVE, **POWERS},
        noisy_inputs,
        ("n", "p"),
        slack=1e-300,
    ),
    "belkin2019.network_parameters": Reference(
        belkin2019.network_parameters,
        {"inputs": box.WHOLE, "hidden": box.WHOLE, "outputs": box.WHOLE},
        lambda inputs, hidden, outputs: (inputs + 1) * hidden + (hidden + 1) * outputs,
    ),
    "belkin2019.interpolation_threshold": Reference(
        lambda n, classes: belkin2019.interpolation_threshold(n, "network", classes),
        {"n": box.POSITIVE, "classes": box.WHOLE},
        lambda n, classes: n * classes,
    ),
    "belkin2020.gaussian": Reference(
        belkin2020.gaussian,
        {**SIZES, "signal": box.NOT_NEGATIVE, "omitted": box.NOT_NEGATIVE, "noise": box.NOT_NEGATIVE},
        lambda n, p, signal, omitted, noise: error(n, p, signal, noise, omitted),
        ("n", "p"),
    ),
    "belkin2020.gaussian_random": Reference(
        belkin2020.gaussian_random,
        {"n": box.POSITIVE, "p": box.SMALLER, "d": box.POSITIVE, **POWERS},
        gaussian_random,
        ("n", "d", "p"),
    ),
    "belkin2020.fourier": Reference(
        belkin2020.fourier,
        {"rho_n": box.SHARE, "rho_p": box.SHARE, "ridge": box.NOT_NEGATIVE},
        fourier,
        rtol=1e-9,
    ),
    "belkin2020.haar": Reference(
        belkin2020.haar,
        {"n": box.SMALLER_POSITIVE, "p": box.SMALLER_POSITIVE, "d": box.POSITIVE},
        haar,
        ("d", "n", "p"),
        rtol=1e-9,
    ),
    "bietti2019.decay_constant": Reference(
        bietti2019.decay_constant,
        {"d": box.DIMENSION},
        lambda d: 2 ** (d - 1) * mp.gamma(d / 2) ** 2 / mp.pi**2,
        digits=60,
    ),
    "chizat2019.laziness": Reference(
        chizat2019.laziness,
        {
            "alpha": box.POSITIVE, "misfit": box.NOT_NEGATIVE, "hessian_norm": box.NOT_NEGATIVE,
            "jacobian_norm": box.POSITIVE,
        },
        lambda alpha, misfit, hessian_norm, jacobian_norm: misfit / alpha * hessian_norm / jacobian_norm**2,
    ),
    "gerstgrasser2024.chain": Reference(
        gerstgrasser2024.chain,
        {"d": box.WHOLE, "n": box.WHOLE, "noise": box.NOT_NEGATIVE, "generation": GENERATION},
        chain,
        ("d", "n"),
    ),
    "curth2023.least_squares": Reference(curth2023.least_squares, SIZES, effective, ("n", "p")),
    "du2019.required_width": Reference(
        du2019.required_width,
        {"n": box.POSITIVE, "eigenvalue": box.NOT_NEGATIVE, "delta": box.SHARE, "constant": box.POSITIVE},
        lambda n, eigenvalue, delta, constant: over(constant * n**6, eigenvalue**4 * delta**3),
    ),
    "du2019.largest_step": Reference(
        du2019.largest_step,
        {"n": box.POSITIVE, "eigenvalue": box.NOT_NEGATIVE, "constant": box.POSITIVE},
        lambda n, eigenvalue, constant: constant * eigenvalue / n**2,
    ),
    "hastie2022.isotropic": Reference(
        hastie2022.isotropic,
        {"gamma": box.POSITIVE, **POWERS, "ridge": box.NOT_NEGATIVE},
        isotropic,
        rtol=1e-9,
        slack=1e-300,
    ),
    "hastie2022.misspecified": Reference(
        hastie2022.misspecified,
        {"gamma": box.POSITIVE, **POWERS, "decay": box.NOT_NEGATIVE, "ridge": box.NOT_NEGATIVE},
        misspecified,
        rtol=1e-9, slack=1e-300,
    ),
    "hastie2022.optimal_ridge": Reference(
        hastie2022.optimal_ridge,
        {"gamma": box.POSITIVE, **POWERS},
        lambda gamma, signal, noise: over(gamma * noise, signal),
    ),
    "hastie2022.ridgeless_minimum": Reference(
        lambda signal, noise: tuple(np.moveaxis(hastie2022.ridgeless_minimum(signal, noise), -1, 0)),
        POWERS,
        ridgeless_minimum,
        ("signal", "noise"),
    ),
    "lejeune2020.ensemble": Reference(
        lejeune2020.ensemble, {"gamma": box.SMALLER_POSITIVE, "share": box.SHARE, **POWERS}, ensemble
    ),
    "lejeune2020.best_share": Reference(
        lejeune2020.best_share,
        {"gamma": box.POSITIVE, "signal": box.POSITIVE, "noise": box.NOT_NEGATIVE},
        best_share,
    ),
    "marchenko1967.edges": Reference(
        marchenko1967.edges,
        {"ratio": box.POSITIVE},
        lambda ratio: {"low": (1 - mp.sqrt(ratio)) ** 2, "high": (1 + mp.sqrt(ratio)) ** 2},
    ),
    "muthukumar2020.ideal_interpolator": Reference(
        muthukumar2020.ideal_interpolator,
        {"n": box.POSITIVE, "p": box.LARGER, "noise": box.NOT_NEGATIVE},
        ideal,
        ("n", "p"),
    ),
    "nakkiran2019.risk": Reference(
        nakkiran2019.risk,
        {"n": box.POSITIVE, "d": box.NOT_NEGATIVE, **POWERS},
        lambda n, d, signal, noise: error(n, d, signal, noise, mpf(0)),
        ("n", "d"),
    ),
    "nakkiran2019.best_samples": Reference(
        nakkiran2019.best_samples, {"d": box.AT_LEAST_ONE, **POWERS}, best_samples, ("noise", "signal")
    ),
    "nakkiran2021.optimal_ridge": Reference(
        nakkiran2021.optimal_ridge,
        {"n": box.POSITIVE, "p": box.SMALLER_POSITIVE, **POWERS, "d": box.POSITIVE},
        best_ridge,
        ("d", "p"),
    ),
    "nakkiran2021.model_wise_risk": Reference(
        nakkiran2021.model_wise_risk,
        {
            "n": box.POSITIVE, "p": box.SMALLER_POSITIVE, "d": box.POSITIVE, **POWERS,
            "ridge": box.NOT_NEGATIVE,
        },
        model_wise,
        ("d", "p"),
        rtol=1e-9, slack=1e-300,
    ),
    "oneto2023.parameter_bound": Reference(
        oneto2023.parameter_bound,
        {"n": box.AT_LEAST_ONE, "p": box.NOT_NEGATIVE, "delta": box.OPEN},
        lambda n, p, delta: vc_gap(p + 1, n, delta),
    ),
    "oymak2019.step": Reference(
        oymak2019.step,
        CURVED,
        descent_step,
        ("beta", "alpha"),
    ),
    "oymak2019.misfit_bound": Reference(
        oymak2019.misfit_bound,
        {"alpha": box.SMALLER, "step": box.SMALLER, "misfit": box.NOT_NEGATIVE, "steps": box.NOT_NEGATIVE},
        lambda alpha, step, misfit, steps: misfit_bound(alpha, step, misfit, steps, half=2),
    ),
    "oymak2020.relu_width": Reference(
        oymak2020.relu_width,
        {"n": box.POSITIVE, "d": box.POSITIVE, "constant": box.POSITIVE},
        lambda n, d, constant: constant * n**4 / d**3,
    ),
    "oymak2020.smooth_width": Reference(
        oymak2020.smooth_width,
        {
            "n": box.POSITIVE, "d": box.POSITIVE, "condition": box.POSITIVE, "delta": box.NOT_NEGATIVE,
            "constant": box.POSITIVE,
        },
        lambda n, d, condition, delta, constant: (constant * (1 + delta) * condition * n) ** 2 / d,
    ),
    "rahimi2007.feature_variance": Reference(
        rahimi2007.feature_variance,
        {"distance": box.NOT_NEGATIVE, "features": box.POSITIVE},
        lambda distance, features: (1 - falling(distance**2)) ** 2 / features,
    ),
    "rahimi2007.pointwise_bound": Reference(
        rahimi2007.pointwise_bound,
        {"epsilon": box.POSITIVE, "features": box.POSITIVE},
        lambda epsilon, features: min(ONE, 2 * falling(features * epsilon**2 / 4)),
    ),
    "rahimi2007.uniform_bound": Reference(
        rahimi2007.uniform_bound,
        {
            "epsilon": box.POSITIVE, "features": box.POSITIVE, "d": box.POSITIVE,
            "diameter": box.NOT_NEGATIVE, "bandwidth": box.POSITIVE,
        },
        uniform_bound,
        rtol=1e-9,
    ),
    "rahimi2007.binning_variance": Reference(
        rahimi2007.binning_variance,
        {"distance": box.NOT_NEGATIVE, "grids": box.POSITIVE},
        lambda distance, grids: falling(distance) * (1 - falling(distance)) / grids,
    ),
    "rahimi2007.binning_bound": Reference(
        rahimi2007.binning_bound,
        {"epsilon": box.POSITIVE, "grids": box.POSITIVE},
        lambda epsilon, grids: min(ONE, 2 * falling(2 * grids * epsilon**2)),
    ),
    "soltanolkotabi2019.threshold": Reference(
        soltanolkotabi2019.threshold, {"d": box.WHOLE}, lambda d: d * (d + 1) / 2
    ),
    "woodworth2020.penalty": Reference(
        lambda beta, alpha: woodworth2020.penalty(np.asarray(beta)[..., None], alpha),
        {"beta": box.NOT_NEGATIVE, "alpha": box.POSITIVE},
        penalty,
    ),
    "zhou2021.noise_cost": Reference(
        zhou2021.noise_cost,
        {**SIZES, "noise": box.NOT_NEGATIVE},
        lambda n, p, noise: noise and noise * effective(n, p)["test"] / n,
        ("n", "p"),
        slack=1e-300,
    ),
}  # fmt: skip
