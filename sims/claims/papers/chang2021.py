"""Pruning an over-parameterized linear model: the law of its coefficients says what is lost."""

import numpy as np

from sims.claims import Claim, Exercise, Settings
from sims.claims.claim import Array
from sims.verdict import edge
from theory import Problem, ridge
from theory.papers import chang2021


def _model(s: Settings) -> tuple[Array, Array]:
    """Eigenvalues and coefficients, large for a tenth of the coordinates; total power as for p = 200."""
    large = s.p // 10
    sizes = [large, s.p - large]
    scale = np.sqrt(200 / s.p)
    return np.repeat([s.eigenvalue, 1.0], sizes), np.repeat([s.coefficient, 0.05], sizes) * scale


def _draw(s: Settings, rng: np.random.Generator) -> Array:
    return rng.standard_normal((s.n, s.p)) * np.sqrt(_model(s)[0])


def _pruned(s: Settings, rng: np.random.Generator) -> Array:
    """Risk of the kept coordinates and of all, averaged over noise and signs of beta."""
    eigenvalues, beta = _model(s)
    X = _draw(s, rng)
    inverse = np.linalg.pinv(X)
    error = (inverse @ X - np.eye(s.p)) ** 2 @ beta**2 + s.noise * (inverse**2).sum(axis=1)
    kept = np.arange(s.p) < s.p // 10
    return s.noise + np.array([eigenvalues @ np.where(kept, error, beta**2), eigenvalues @ error])


def _kept(s: Settings) -> Array:
    return chang2021.pruned_risk(*_model(s), s.n, [s.p // 10, s.p], s.noise)


def _label_noise(s: Settings) -> Array:
    """Pruned risks by the law with the label noise in place of the test error G."""
    eigenvalues, beta = _model(s)
    kappa = ridge(Problem(eigenvalues, eigenvalues * beta**2, noise=s.noise), s.n).kappa
    error = (kappa**2 * beta**2 + s.noise * eigenvalues / s.n) / (eigenvalues + kappa) ** 2
    kept = np.arange(s.p) < s.p // 10
    return s.noise + np.array([eigenvalues @ np.where(kept, error, beta**2), eigenvalues @ error])


pruned = Claim(
    statement="Each coefficient of the minimum-norm fit is a shrunken true one plus normal noise. "
    "From this law follows the test error after the small coordinates are set to zero.",
    formula="beta_hat_i = lambda_i beta_i/(lambda_i + kappa) + sqrt(G lambda_i/n)/(lambda_i + kappa) "
    "N(0, 1), G the test error, sum lambda_i/(lambda_i + kappa) = n",
    source="[chang2021]",
    kind="asymptotic",
    defaults={"n": 100, "p": 200, "noise": 0.25, "eigenvalue": 10.0, "coefficient": 0.5},
    simulated="Gaussian inputs; the minimum-norm fit, pruned to the tenth of coordinates of large variance, "
    "and whole: exact risk given the inputs, averaged over the noise and the signs of beta",
    trial=_pruned,
    theory=_kept,
    allowance=lambda s: 2.5 / s.n,  # measured below 1 % at n = 100
    labels=("pruned", "not pruned"),
    grows=("n", "p"),
    heavy_tailed=lambda s: abs(s.p - s.n) <= edge(s.n),
    trials=256,
    quick=128,
    sabotage={
        "label noise for G, the test error": _label_noise,
        "least squares on the kept coordinates alone": lambda s: chang2021.retrained_risk(
            *_model(s), s.n, [s.p // 10, s.p // 10], s.noise
        ),
    },
)


def _retrained(s: Settings, rng: np.random.Generator) -> float:
    eigenvalues, beta = _model(s)
    X = _draw(s, rng)
    keep = s.p // 10
    inverse = np.linalg.pinv(X[:, :keep])
    # what the dropped coordinates add to the labels is noise to the fit
    dropped = eigenvalues[keep:] @ beta[keep:] ** 2
    return s.noise + dropped + (s.noise + dropped) * float(eigenvalues[:keep] @ (inverse**2).sum(axis=1))


retrained = Claim(
    statement="Least squares on the kept coordinates alone, the pruned model trained again, "
    "has as its error the noise and the power of the dropped ones, both times (n - 1)/(n - k - 1).",
    formula="test = (noise + sum_dropped lambda beta^2) (n - 1)/(n - k - 1), k coordinates kept",
    source="[chang2021] for the question; [belkin2020, Thm 2.2†] for least squares",
    kind="exact",
    theme="inverse-wishart",
    defaults={"n": 20, "p": 100, "noise": 0.25, "eigenvalue": 10.0, "coefficient": 0.5},
    simulated="Gaussian inputs; least squares on a tenth of the coordinates: "
    "exact risk given these, averaged over the noise and the dropped coordinates",
    trial=_retrained,
    theory=lambda s: chang2021.retrained_risk(*_model(s), s.n, s.p // 10, s.noise),
    heavy_tailed=lambda s: abs(s.n - s.p // 10) <= edge(s.n),
    trials=2000,
    quick=400,
    sabotage={
        "n/(n - k), its limit": lambda s: (
            chang2021.retrained_risk(*_model(s), s.n, s.p // 10, s.noise)
            * (s.n * (s.n - s.p // 10 - 1) / ((s.n - 1) * (s.n - s.p // 10)))
        ),
        "no price for the dropped coordinates": lambda s: s.noise * (s.n - 1) / (s.n - s.p // 10 - 1),
        "no price for the fit": lambda s: (
            s.noise + _model(s)[0][s.p // 10 :] @ _model(s)[1][s.p // 10 :] ** 2
        ),
    },
    exercise=Exercise(
        question="Least squares on the k kept coordinates alone does not see the dropped ones, "
        "of power 0.45. What is its test error, exactly?",
        answer="(noise + dropped)*(n - 1)/(n - k - 1)",
        names={"k": "p/10", "dropped": "0.45"},
        elsewhere={"n": 15, "noise": 1.0, "p": 80},
        limit="(noise + dropped)*n/(n - k)",
    ),
)


def _magnitude(s: Settings, rng: np.random.Generator) -> Array:
    """Risk of the fit pruned by each score, averaged over draws of the noise and of the signs of beta."""
    eigenvalues, beta = _model(s)
    X = _draw(s, rng)
    target = beta[:, None] * rng.choice([-1.0, 1.0], (s.p, s.draws))
    fit = np.linalg.pinv(X) @ (X @ target + np.sqrt(s.noise) * rng.standard_normal((s.n, s.draws)))
    risks = []
    for score in (np.abs(fit), np.sqrt(eigenvalues)[:, None] * np.abs(fit)):
        kept = score >= np.sort(score, axis=0)[-(s.p // 10)]
        risks.append(s.noise + (eigenvalues @ (fit * kept - target) ** 2).mean())
    return np.array(risks)


def _scored(s: Settings, *methods: str) -> Array:
    return np.array(
        [chang2021.pruned_risk(*_model(s), s.n, s.p // 10, s.noise, method) for method in methods]
    )


magnitude = Claim(
    statement="The same law gives the error when the fit itself chooses the coordinates that stay: "
    "by the size of its coefficients, or by that times the standard deviation of the input.",
    formula="test = noise + sum lambda_i E (beta_hat_i 1[score_i > T] - beta_i)^2, sum P(score_i > T) = p/10",
    source="[chang2021]",
    kind="asymptotic",
    defaults={"n": 100, "p": 200, "noise": 0.25, "eigenvalue": 4.0, "coefficient": 0.2, "draws": 16},
    simulated="Gaussian inputs and noise; the minimum-norm fit, pruned to the tenth of largest score: "
    "its exact risk",
    trial=_magnitude,
    theory=lambda s: _scored(s, "magnitude", "hessian"),
    allowance=lambda s: 3.0 / s.n,
    heavy_tailed=lambda s: abs(s.p - s.n) <= edge(s.n),
    labels=("by |beta_hat|", "by sqrt(lambda) |beta_hat|"),
    grows=("n", "p"),
    trials=256,
    quick=128,
    sabotage={
        "the right coordinates known": lambda s: _scored(s, "known", "known"),
        "the two scores swapped": lambda s: _scored(s, "hessian", "magnitude"),
    },
)
