"""Learning curve theory: how often a learner that remembers has not seen what comes next."""

import numpy as np
from numpy.typing import NDArray

from sims.claims import Claim, Exercise, Settings
from sims.claims.claim import Array
from theory.papers import hutter2021

DOUBLINGS = 2 ** np.arange(5)


def _law(s: Settings) -> Array:
    weight = np.arange(1.0, s.size + 1) ** -(1 + s.exponent)
    share: Array = weight / weight.sum()
    return share


def _draw(law: Array, sequences: int, n: int, rng: np.random.Generator) -> NDArray[np.intp]:
    """Sequences of n tokens, (sequences, n)."""
    return np.searchsorted(np.cumsum(law)[:-1], rng.random((sequences, n)), side="right")


def _missed(s: Settings, rng: np.random.Generator) -> Array:
    """Probability of the tokens that the first n of a sequence do not hold, the mean of many sequences."""
    law = _law(s)
    tokens = _draw(law, s.sequences, int(_sizes(s).max()), rng)
    seen = tokens[:, :, None] == np.arange(s.size)
    return np.array([law @ (1 - seen[:, :n].any(axis=1)).mean(axis=0) for n in _sizes(s)])


def _missed_at_length(s: Settings, rng: np.random.Generator) -> Array:
    """The same for one long sequence of many tokens."""
    law = _law(s)
    tokens = _draw(law, 1, int(s.n * DOUBLINGS[-1]), rng)[0]
    return np.array([1 - law[np.unique(tokens[:n])].sum() for n in s.n * DOUBLINGS])


def _sizes(s: Settings) -> Array:
    return s.n * np.array([1, 2, 4])


def _expected(s: Settings, less: int = 0) -> Array:
    return hutter2021.error(s.exponent, _sizes(s) - less, s.size)


unseen = Claim(
    statement="A learner that remembers every token errs on those that it has not seen: a fresh token is a "
    "new one with the mean of (1 - its probability)^n.",
    formula="E_n = sum theta_i (1 - theta_i)^n, theta_i = i^-(1 + a)/sum of all",
    source="[hutter2021]",
    kind="exact",
    defaults={"n": 4, "size": 3, "exponent": 0.5, "sequences": 100},
    simulated="n, 2 n and 4 n tokens of a sequence from a Zipf law of few tokens; the probability of the "
    "tokens that are not among them, the mean of many sequences",
    trial=_missed,
    theory=_expected,
    labels=("n", "2 n", "4 n"),
    trials=600,
    quick=100,
    sabotage={
        "n - 1 for n": lambda s: _expected(s, less=1),
        "exp(-n theta), as for rare tokens": lambda s: np.exp(-np.outer(_sizes(s), _law(s))) @ _law(s),
        "all tokens equally likely": lambda s: (1 - 1 / s.size) ** _sizes(s),
        "every token counts the same": lambda s: ((1 - _law(s)) ** _sizes(s)[:, None]).mean(axis=1),
    },
    exercise=Exercise(
        question="Tokens are drawn one by one; three of them have the probabilities t1, t2 and t3 = 1 - t1 "
        "- t2. What is the probability that the next token is not among the first m, exactly?",
        answer="t1*(1 - t1)^m + t2*(1 - t2)^m + t3*(1 - t3)^m",
        names={
            "m": ("n", "2*n", "4*n"),
            "t1": "1/(1 + 2^-(1 + exponent) + 3^-(1 + exponent))",
            "t2": "t1*2^-(1 + exponent)",
            "t3": "t1*3^-(1 + exponent)",
        },
        elsewhere={"n": 2, "exponent": 1.0},
        limit="t1*exp(-m*t1) + t2*exp(-m*t2) + t3*exp(-m*t3)",
    ),
)


def _slope(s: Settings, mean: Array) -> float:
    return float(np.polyfit(np.log(DOUBLINGS), np.log(mean), 1)[0])


power_law = Claim(
    statement="Zipf's law makes a power law of the learning curve: with probabilities i^-(1 + a), the error "
    "of a learner that only remembers falls like n^-b, b = a/(1 + a), which is never faster than 1/n.",
    formula="E_n ~ theta_1^(1 - b) Gamma(b)/(1 + a) n^-b, b = a/(1 + a)",
    source="[hutter2021]",
    checked="text",
    kind="rate",
    defaults={"n": 100, "size": 200000, "exponent": 0.5},
    simulated="n, 2 n, 4 n, 8 n and 16 n tokens of one sequence from a Zipf law of 200000 tokens; the "
    "probability of the tokens that are not among them; slope of the logarithm of its mean over log n",
    trial=_missed_at_length,
    statistic=_slope,
    theory=lambda s: -s.exponent / (1 + s.exponent),
    allowance=0.02,  # the end of the law; measured: 1 %
    labels=("slope",),
    trials=800,
    quick=200,
    sabotage={
        "the exponent of the law": lambda s: -s.exponent,
        "1/n": lambda s: -1.0,
        "1 - b": lambda s: -1 / (1 + s.exponent),
    },
)
