"""Early stopping in deep networks: double descent in epochs, by superposition, and how to eliminate it."""

from dataclasses import replace

import numpy as np

from sims.claims import Claim, Settings
from sims.claims.claim import Array
from sims.experiments import epochwise
from theory.papers import heckel2021


def _levels(s: Settings) -> epochwise.TwoLevels:
    return epochwise.TwoLevels(**vars(s))


def _early(s: Settings) -> list[int]:
    """Steps at which the fast level has learnt, the slow one is on its way, and the slow one has learnt."""
    return [round(2 / s.rate), round(1 / (s.rate * s.slow)), round(4 / (s.rate * s.slow))]


def _superposed(s: Settings, rng: np.random.Generator) -> Array:
    return epochwise.excess(_levels(s), _early(s), equal=False, rng=rng)


def _superposition(s: Settings, noise: float = 1.0, rate: float = 1.0) -> Array:
    levels = _levels(s)
    rates = rate * levels.rates(equal=False)
    return heckel2021.risk(levels.problem, s.n / noise, _early(s), rates) - s.noise


def _peak(s: Settings, rng: np.random.Generator, equal: bool) -> tuple[float, float]:
    """Height of the highest peak within the curve, as a logarithm, and the error at the best step."""
    last = 10 / (s.rate if equal else s.rate * s.slow)
    steps = sorted({round(k) for k in np.geomspace(1, last, 60)})
    curve = epochwise.excess(_levels(s), steps, equal, rng)
    before, after = np.minimum.accumulate(curve), np.minimum.accumulate(curve[::-1])[::-1]
    return float(np.log(np.minimum(curve / before, curve / after)).max()), float(curve.min())


def _eliminated(s: Settings, rng: np.random.Generator, equal: bool = True) -> Array:
    state = rng.bit_generator.state
    peak, best = _peak(s, rng, equal=False)
    rng.bit_generator.state = state  # the same design
    other, other_best = _peak(s, rng, equal)
    return np.array([peak - 0.05, 0.01 - other, np.log(best / other_best)])


def _network(s: Settings, rng: np.random.Generator) -> Array:
    """Rise, second fall and first fall of the logarithm of a network's error."""
    setting = epochwise.TwoScaleNetwork(**vars(s))
    first, low, high, end = np.log(epochwise.network_excess(setting, (0, 14, 50, 400), rng))
    return np.array([high - low, high - end, first - low])


superposition = Claim(
    statement="With many more samples than features, gradient descent learns target and noise on each level "
    "of features at that level's own pace, and its error is the sum of the levels' trade-offs.",
    formula="test = noise + sum_i v_i^2 r_i^2 + (noise/n) sum_i m_i (1 - r_i)^2, r_i = "
    "(1 - eta lambda_i)^k, v_i^2 the target's power on level i of m_i features of variance lambda_i",
    source="[heckel2021, Thm 1†]",
    kind="asymptotic",
    defaults={
        "n": 1000,
        "d": 5,
        "slow": 0.05,
        "rate": 0.5,
        "fast_power": 0.1,
        "slow_power": 0.1,
        "noise": 4.0,
    },
    simulated="gradient descent on a Gaussian design, computed from its eigenvectors; "
    "the exact error beyond the noise at three steps",
    trial=_superposed,
    theory=_superposition,
    allowance=lambda s: 4.0 * s.d / s.n,  # measured gap 2.5 d/n at n = 1000, 2000 and 4000, of order d/n
    labels=("fast level learnt", "slow level on its way", "slow level learnt"),
    grows=("n",),
    sabotage={
        "the noise term dropped": lambda s: _superposition(s, noise=1e-9),
        "twice the step size": lambda s: _superposition(s, rate=2.0),
    },
)

eliminated = Claim(
    statement="Gradient descent with one step size shows double descent in epochs where a fast level "
    "of features fits noise before a slow one learns the target; "
    "step sizes that make both levels equally fast leave no peak, and the best step errs less.",
    formula="peak of k -> test(k) for eta_i = eta > 5 %; none for eta_i = eta/lambda_i",
    source="[heckel2021, Sec. 2†]",
    kind="shape",
    defaults={
        "n": 200,
        "d": 20,
        "slow": 0.01,
        "rate": 0.2,
        "fast_power": 0.5,
        "slow_power": 1.5,
        "noise": 5.0,
    },
    simulated="gradient descent on a Gaussian design, computed from its eigenvectors; in every draw, "
    "peaks in the logarithm of the exact error beyond the noise",
    trial=_eliminated,
    theory=lambda s: 0.0,
    relation=">=",
    labels=("peak above 5 %", "peak below 1 %", "best error"),
    trials=64,
    quick=32,
    outcome="every",
    sabotage={
        "one step size again": {"trial": lambda s, rng: _eliminated(s, rng, equal=False)},
        "levels equally fast from the start": {"defaults": {"slow": 1.0}},
    },
)

network = Claim(
    statement="A small two-layer network trained on noisy labels shows double descent "
    "in epochs if it has fast and slow directions to learn: "
    "its error falls, rises as the fast ones fit noise, and falls again as the slow ones are learnt.",
    formula="test(step 0) > test(14) < test(50) > test(400)",
    source="[heckel2021, Sec. 3†]",
    kind="shape",
    defaults={
        "n": 160, "fast": 80, "slow": 0.03, "fast_power": 5.0, "slow_power": 8.0, "noise": 3.2, "width": 4,
        "activation": "identity", "step": 1.0,
    },
    simulated="a linear two-layer network (sims.training) on inputs of two scales; "
    "its error on fresh inputs, noise aside",
    trial=_network,
    theory=lambda s: 0.0,
    relation=">=",
    labels=("rise", "second descent", "first descent"),
    trials=128,
    quick=96,
    sabotage={
        "inputs of one scale": {"defaults": {"slow": 1.0, "step": 0.3}},
        "labels without noise and a fast target": {
            "defaults": {"noise": 0.0, "fast_power": 4.0, "slow_power": 1e-3}
        },
    },
)  # fmt: skip

every_network = replace(
    network,
    statement="Every small two-layer network trained on noisy labels shows double descent in epochs, "
    "also one of ReLU units.",
    source="a straw man: a loose reading of [heckel2021], which does not say so",
    defaults={**network.defaults, "activation": "relu"},
    simulated="as in heckel2021.network, with ReLU units",
    quick=48,
    expected="disagrees",
    why="A ReLU network of this size fits the labels, noise and all, "
    "by its other directions before it learns the slow ones: after the rise its error does not fall again.",
    sabotage={
        "a linear network does not show it either": {"defaults": {"activation": "identity"}, "relation": "<="}
    },
)
