"""References for ensembles, weak features and the exponents of power laws."""

from hypothesis import assume
from mpmath import mp, mpf

from tests.adversary import box
from tests.adversary.box import Reference
from theory.papers import kobak2020, lejeune2020, lin2024, simon2024

POWERS = {"signal": box.POSITIVE, "noise": box.NOT_NEGATIVE}
EXPONENT = box.Kind(box.decades(0.01, 3), 2.0)


def finite_ensemble(
    gamma: mpf, share: mpf, members: mpf, samples: mpf, signal: mpf, noise: mpf
) -> mpf | None:  # fmt: skip
    box.decided(share * gamma - samples, samples, "1e-5")  # else fewer than 11 digits of it are left
    if share * gamma >= samples or share * gamma >= 1:
        return None
    pair = (noise + signal * (1 - share) ** 2) / (1 - share**2 * gamma)
    own = (noise + signal * (1 - share)) / (1 - share * gamma / samples)
    return (1 - 1 / members) * pair + own / members


def best_ridge(n: mpf, p: mpf, tail: mpf, signal: mpf, noise: mpf) -> mpf:
    asked = p * noise / signal
    assume(abs(asked - tail) > max(asked, tail) * mpf("1e-4"))  # what is left has the digits of both
    assume(max(asked, tail) / n < mpf("1e307"))  # beyond, inf less inf
    return (asked - tail) / n


def obligatory(exponent: mpf, target: mpf) -> mpf | None:
    box.decided(target - exponent, exponent)
    if target >= 2 * exponent + 1:
        return None
    return max(mpf(0), target - exponent) / (exponent * (exponent - 1))


def scaling_terms(exponent: mpf, width: mpf, steps: mpf, step: mpf, noise: mpf) -> dict[str, mpf]:
    rows = steps / mp.log(steps, 2)
    reach = (rows * step) ** (1 / exponent)
    return {
        "approximation": width / width**exponent,
        "bias": reach / (rows * step),
        "variance": noise * min(width, reach) / rows,
    }


REFERENCES: dict[str, Reference] = {
    "lejeune2020.finite_ensemble": Reference(
        lejeune2020.finite_ensemble,
        {
            "gamma": box.SMALLER_POSITIVE, "share": box.SHARE, "members": box.WHOLE, "samples": box.SHARE,
            "signal": box.NOT_NEGATIVE, "noise": box.NOT_NEGATIVE,
        },
        finite_ensemble,
    ),
    "kobak2020.implicit_ridge": Reference(
        kobak2020.implicit_ridge,
        {"n": box.POSITIVE, "tail": box.NOT_NEGATIVE},
        lambda n, tail: tail / n,
    ),
    "kobak2020.optimal_ridge": Reference(
        kobak2020.optimal_ridge,
        {"n": box.POSITIVE, "p": box.POSITIVE, "tail": box.NOT_NEGATIVE, **POWERS},
        best_ridge,
        slack=1e-300,
    ),
    "simon2024.obligatory_noise": Reference(
        simon2024.obligatory_noise, {"exponent": EXPONENT, "target": EXPONENT}, obligatory
    ),
    "lin2024.terms": Reference(
        lin2024.terms,
        {
            "exponent": box.Kind(box.decades(0.01, 1), 1.5, broadcasts=False), "width": box.AT_LEAST_ONE,
            "steps": box.FROM_TWO, "step": box.POSITIVE, "noise": box.NOT_NEGATIVE,
        },
        scaling_terms,
    ),
}  # fmt: skip
