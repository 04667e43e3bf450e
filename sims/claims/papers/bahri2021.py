"""A workshop on the theory of over-parameterized machine learning: its themes, and the claims on them.

| theme of the workshop | claims |
|---|---|
| benign overfitting | bartlett2020, muthukumar2020, mallinar2022, everyday.fitted_noise |
| double and multiple descent | belkin2019, belkin2020, hastie2022, mei2022, adlam2020ntk, dascoli2020triple |
| models other than networks | belkin2019 (forests, boosting), curth2023, rahimi2007 |
| compression, pruning | chang2021 |
| memorisation | bahri2021.memorisation, everyday.capacity, li2020 |
| benefit and harm of over-parameterization | simon2024, nakkiran2019, nakkiran2021, everyday.sweet_spot |
| robustness | bahri2021.input_noise |
| optimisation | soltanolkotabi2019, oymak2019, oymak2020, du2019, jacot2018, lee2019 |
| early stopping, dynamics | advani2020, heckel2021, ali2019, oymak2019jacobian |
| implicit bias | woodworth2020, chizat2019, montanari2019, deng2022 |
| interplay of data and model | bietti2019, basri2020, ghorbani2021, arora2019, loureiro2021 |
| old theory and new | zhou2021, oneto2023, schaeffer2023 |
"""

import numpy as np

from sims import fit
from sims.claims import Claim, Exercise, Settings
from sims.claims.claim import Array
from sims.network import Network, start
from sims.training.solvers import lbfgs
from sims.verdict import edge
from theory.papers import bahri2021


def _memorised(s: Settings, rng: np.random.Generator) -> Array:
    """Mean squared residuals of two trained networks on random labels +-1."""
    X, y = rng.standard_normal((s.n, s.d)), rng.choice([-1.0, 1.0], s.n)
    losses = []
    for width in (s.narrow, s.wide):
        network = Network(s.d, (width,), symmetric=True)
        run = lbfgs(network, start(network, rng.spawn(1)), X, y, s.steps, tolerance=1e-5)
        losses.append(2 * run.loss[-1, 0])
    return np.array(losses)


def _left_over(s: Settings, rng: np.random.Generator) -> Array:
    narrow, wide = _memorised(s, rng)
    return np.array([1e-3 - wide, narrow - 0.1])


def _sizes(s: Settings) -> Array:
    return np.array([2 * s.n, 8 * s.n, s.n // 2])


def _disturbed(s: Settings, rng: np.random.Generator) -> Array:
    """Test error of least squares on fresh inputs x + e, averaged over 50 sets of labels for one design."""
    p = int(_sizes(s).max())
    X, fresh, e = (rng.standard_normal((count, p)) for count in (s.n, s.fresh, s.fresh))
    seen = fresh + np.sqrt(s.tau2) * e
    errors = []
    for p in _sizes(s):
        beta = rng.standard_normal((p, 50)) * np.sqrt(s.signal / p)
        y = X[:, :p] @ beta + np.sqrt(s.noise) * rng.standard_normal((s.n, 50))
        missed = fresh[:, :p] @ beta - seen[:, :p] @ fit.min_norm(X[:, :p], y)
        errors.append(s.noise + np.mean(missed**2))
    return np.array(errors)


def _disturbed_theory(s: Settings) -> Array:
    return bahri2021.noisy_inputs(s.n, _sizes(s), s.tau2, s.signal, s.noise)


def _limit(s: Settings) -> Array:
    """The errors without the 1 of p - n - 1 and n - p - 1."""
    large, p = np.maximum(s.n, _sizes(s)), _sizes(s)
    shown = s.n / large  # the share of the target that the samples show
    spread = s.noise * np.minimum(s.n, p) / np.abs(p - s.n)
    return s.noise + s.signal * (1 - shown) + spread + s.tau2 * (s.signal * shown + spread)


memorisation = Claim(
    statement="A two-layer network with several times as many parameters as samples memorises labels drawn "
    "by tossing a coin; one with half as many cannot.",
    formula="mean squared residual < 0.001 at width 32 (about 300 weights, 40 samples), > 0.1 at width 2",
    source="[bahri2021] (theme; no theorem); the limits 0.001 and 0.1 are ours",
    kind="shape",
    defaults={"n": 40, "d": 8, "narrow": 2, "wide": 32, "steps": 150},
    simulated="ReLU networks of both widths are trained by L-BFGS on the same random labels; "
    "by how much their mean squared residuals lie below 0.001 and above 0.1",
    trial=_left_over,
    theory=lambda s: 0.0,
    relation=">=",
    labels=("wide: 0.001 - train", "narrow: train - 0.1"),
    trials=128,
    quick=64,
    sabotage={
        "the wide network too has too few units": {"defaults": {"wide": 4}},
        "the narrow network is as wide": {"defaults": {"narrow": 32}},
    },
)

input_noise = Claim(
    statement="Noise in the inputs of a trained linear model costs the noise's variance times the squared "
    "norm of the fit. Beyond the threshold a wider minimum-norm fit has a smaller norm and suffers less, but "
    "because it predicts nearly nothing: with this much noise predicting zero errs less than all three fits.",
    formula="E (y - f(x + e))^2 = test + tau2 E|a|^2, f(x) = a.x, e ~ N(0, tau2 I), both exact at finite n; "
    "signal + noise for f = 0",
    source="[bahri2021] (theme); [belkin2020, Thm 1†] for the test error; own calculation",
    kind="exact",
    theme="inverse-wishart",
    defaults={"n": 20, "signal": 1.0, "noise": 0.5, "tau2": 0.5, "fresh": 400},
    simulated="minimum-norm fits to 50 sets of labels for one Gaussian design of p coordinates; "
    "their squared error on fresh inputs to which noise of variance tau2 was added, "
    "plus the noise of the label",
    trial=_disturbed,
    theory=_disturbed_theory,
    heavy_tailed=lambda s: np.abs(_sizes(s) - s.n) <= edge(s.n),
    labels=("p = 2n", "p = 8n", "p = n/2"),
    trials=2000,
    quick=500,
    sabotage={
        "the limit of many samples": _limit,
        "the norm of the target in place of the fit's": lambda s: (
            bahri2021.noisy_inputs(s.n, _sizes(s), 0.0, s.signal, s.noise) + s.tau2 * s.signal
        ),
        "noise by its standard deviation": lambda s: bahri2021.noisy_inputs(
            s.n, _sizes(s), np.sqrt(s.tau2), s.signal, s.noise
        ),
    },
    exercise=Exercise(
        question="Of a trained linear model on p Gaussian coordinates, "
        "what is the test error when noise of variance tau2 is added to fresh inputs, exactly?",
        answer="noise + signal*(1 - n/p) + noise*n/(p - n - 1) + tau2*(signal*n/p + noise*n/(p - n - 1)); "
        "noise + signal*(1 - n/p) + noise*n/(p - n - 1) + tau2*(signal*n/p + noise*n/(p - n - 1)); "
        "noise + noise*p/(n - p - 1) + tau2*(signal + noise*p/(n - p - 1))",
        names={"p": ("2*n", "8*n", "n/2")},
        elsewhere={"n": 24, "signal": 0.5, "noise": 1.0, "tau2": 1.5},
        limit="noise + signal*(1 - n/p) + noise*n/(p - n) + tau2*(signal*n/p + noise*n/(p - n)); "
        "noise + signal*(1 - n/p) + noise*n/(p - n) + tau2*(signal*n/p + noise*n/(p - n)); "
        "noise + noise*p/(n - p) + tau2*(signal + noise*p/(n - p))",
    ),
)
