"""The worked example by hand, in fractions, and the exercises as their claims have them."""

from fractions import Fraction

import pytest

from figures import lecture
from sims.claims import registry
from sims.claims.exercises import judge


def test_the_example_is_what_a_hand_finds() -> None:
    n, d, p, signal, noise = Fraction(100), 200, 150, 1, Fraction(1, 4)
    gamma = d / n - 1
    T, q = n, n**2 / d
    w, A, C = T - q, signal * (1 - n / d) ** 2, signal * gamma / (1 + gamma) ** 2
    D = (n - q) * (p - q) - w**2
    share = Fraction(p, d)
    left = signal * (1 - share)
    by_hand = {
        "n": n, "d": d, "p": p, "signal": signal, "noise": noise, "gamma": gamma, "T": T, "q": q, "w": w,
        "A": A, "C": C, "D": D, "V_X": A * q / (n - q), "V_W": C * w / (p - q), "V_Xe": noise * q / (n - q),
        "V_XW": A * n * w**2 / (D * (n - q)) + C * w * (q * (p - q) + w**2) / (D * (p - q)),
        "V_XWe": noise * n * w**2 / (D * (n - q)),
        "projections": n / D * ((p - q) * (A + noise) + w * C),
        "all": noise + signal * (1 - n / d) + noise * n / (d - n),
        "chosen": noise + left + signal * share * (1 - n / p) + (noise + left) * n / (p - n),
        "alone": noise + signal * (1 - n / p) + noise * n / (p - n),
        "best_ridge": d * noise / (n * signal),
    }  # fmt: skip
    found = lecture.example()
    assert {name: found[name] for name in by_hand} == pytest.approx(
        {name: float(value) for name, value in by_hand.items()}, rel=1e-12
    )
    assert set(found) - set(by_hand) == {"all_at_best"}
    assert noise < found["all_at_best"] < found["all"]


def test_the_example_is_told_in_full() -> None:
    """The parts add up, the interactions are the largest, and the price of few features is as said."""
    found = lecture.example()
    parts = {name: found[name] for name in ("A", "V_X", "V_W", "V_XW", "V_Xe", "V_XWe")}
    assert sum(parts.values()) + found["noise"] == pytest.approx(found["projections"], rel=1e-12)
    assert sorted(parts, key=lambda name: parts[name])[-2:] == ["V_XWe", "V_XW"]
    b = found["A"] + found["C"]
    price = found["n"] * (found["noise"] + b) / (found["p"] - found["n"])
    assert found["projections"] - found["all"] == pytest.approx(price, rel=1e-12)


def test_every_exercise_is_printed_with_its_answer() -> None:
    ids, _ = registry.select([])
    posed = lecture.exercises()
    assert list(posed) == [name for name in ids if registry.find(name).exercise is not None]
    for name, printed in posed.items():
        claim, exercise = judge.posed(name)
        assert (printed["question"], printed["answer"]) == (exercise.question, exercise.answer)
        assert printed["asked"] == list(claim.labels)
        assert [line.split(" = ")[0] for line in printed["given"]] == list(exercise.names)
