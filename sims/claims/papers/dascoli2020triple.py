"""Triple descent: a linear peak where samples equal dimensions, a nonlinear one where they equal features."""

import numpy as np

from sims import features
from sims.claims import Claim, Settings
from sims.claims.claim import Array
from sims.experiments import sphere
from sims.fit.cutoff import singular_values
from theory.activation import moments
from theory.papers import dascoli2020triple

GIVEN = ", exact given the draws: in the mean over targets, noise and fresh inputs"
PEAKS: dict[str, int | float | str] = {
    "d": 20, "p": 200, "ridge": 1e-5, "activation": "tanh", "noise": 5.0,
}  # fmt: skip


def _errors(s: Settings, sizes: list[int], rng: np.random.Generator, ensemble: bool = False) -> Array:
    """Test errors for the first n samples of one set; of one model or of the mean over its weights."""
    X, target = features.sphere(max(sizes), s.d, rng), sphere.Target(noise=s.noise)
    W = [features.sphere(s.p, s.d, rng) for _ in range(1 + ensemble)]
    errors = []
    for n in sizes:
        fits = [sphere.random_features(X[:n], w, s.activation, s.ridge / s.d) for w in W]
        # overlap tells label noise that two fits share by the identity of their samples
        one, two = fits[0], fits[-1]._replace(X=fits[0].X)
        aligned = sphere.alignment(one, target) + sphere.alignment(two, target)
        errors.append(s.noise + target.linear - aligned + sum(sphere.overlap(one, two, target)))
    return np.array(errors)


def _peaks(s: Settings, rng: np.random.Generator, ensemble: bool = False) -> Array:
    sizes = [s.d // 3, s.d, 3 * s.d, s.p, 2 * s.p]
    few, linear, between, nonlinear, many = np.log(_errors(s, sizes, rng, ensemble))
    return np.array([linear - few, linear - between, nonlinear - between, nonlinear - many])


two_peaks = Claim(
    statement="With a nearly linear activation, small ridge and strong noise, "
    "the error of p >> d random features has two peaks as samples are added: at n = d and at n = p.",
    formula="n -> test(n) has maxima near n = d (linear peak) and n = p (nonlinear peak)",
    source="[dascoli2020triple, Sec. 2†]",
    checked="text",
    kind="shape",
    theme="peak-at-n",
    defaults=PEAKS,
    simulated="samples and p weights on the sphere of R^d; "
    "the logarithm of the test error at n = d and at n = p, each less that at the sizes beside" + GIVEN,
    trial=_peaks,
    theory=lambda s: 0.0,
    relation=">=",
    labels=("n = d above d/3", "n = d above 3 d", "n = p above 3 d", "n = p above 2 p"),
    quick=32,
    sabotage={
        "a large ridge": {"defaults": {"ridge": 10.0}},
        "the mean over weights": {"trial": lambda s, rng: _peaks(s, rng, ensemble=True)},
        "an activation with no linear part": {"defaults": {"activation": "abs"}},
    },
)


def _one_peak(s: Settings, rng: np.random.Generator, ensemble: bool = True) -> Array:
    few, linear, between, nonlinear = np.log(_errors(s, [s.d // 3, s.d, 3 * s.d, s.p], rng, ensemble))
    return np.array([linear - few, linear - between, between - nonlinear])


ensemble = Claim(
    statement="Averaging over draws of the features removes the peak at n = p, "
    "but not the linear peak at n = d, where the linear part overfits the noise.",
    formula="K -> infinity: n -> test(n) peaks at n = d alone and falls through n = p",
    source="[dascoli2020triple, Sec. 4†]",
    checked="code",
    kind="shape",
    theme="peak-at-n",
    defaults=PEAKS,
    simulated="samples and two sets of p weights on the sphere of R^d; "
    "the logarithm of the mean error of an infinite ensemble, from products of two fits, "
    "at n = d less that beside, and its fall from 3 d to p" + GIVEN,
    trial=_one_peak,
    theory=lambda s: 0.0,
    relation=">=",
    labels=("n = d above d/3", "n = d above 3 d", "n = p below 3 d"),
    quick=24,
    sabotage={
        "one model": {"trial": lambda s, rng: _one_peak(s, rng, ensemble=False)},
        "a large ridge": {"defaults": {"ridge": 10.0}},
    },
)


def _risk(s: Settings, swapped: bool = False) -> Array:
    share = np.array([[dascoli2020triple.linearity(each)] for each in (s.activation, s.other)])
    return dascoli2020triple.risk(
        psi1=s.p / s.d,
        psi2=np.array([1.0, 3.0]),
        ridge=s.ridge,
        linearity=1 - share if swapped else share,
        noise=s.noise,
    ).test.ravel()


linearity = Claim(
    statement="The errors of two activations of unit power differ, at the linear peak and beyond, "
    "as a single number of each says: the share of its linear part.",
    formula="test = F(p/d, n/d, ridge, noise, r), r = mu1^2/(mu1^2 + mu_star^2), mu1 = E z activation(z), "
    "mu_star^2 = Var activation(z) - mu1^2",
    source="[dascoli2020triple, Sec. 2†]",
    kind="asymptotic",
    defaults={"d": 30, "p": 150, "ridge": 0.1, "activation": "tanh", "other": "relu", "noise": 0.5},
    simulated="n = d and 3 d samples and p weights on the sphere of R^d; "
    "the test error of ridge regression on features of unit power" + GIVEN,
    trial=lambda s, rng: np.ravel(
        [_errors(_unit(s, each), [s.d, 3 * s.d], rng) for each in (s.activation, s.other)]
    ),
    theory=_risk,
    allowance=lambda s: np.array([1, 1, 1.5, 1]) / s.d,  # measured gap of relu 1.2/d at n = d, others less
    labels=("n = d", "n = 3 d", "n = d, the other", "n = 3 d, the other"),
    grows=("d", "p"),
    trials=32,
    sabotage={
        "the two activations alike": lambda s: np.tile(_risk(s)[:2], 2),
        "linear and nonlinear part swapped": lambda s: _risk(s, swapped=True),
    },
)


def _unit(s: Settings, activation: str) -> Settings:
    """The settings with this activation, and the ridge scaled by its power without the mean."""
    gaussian = moments(activation)
    ridge = s.ridge * (gaussian.mu1**2 + gaussian.mu_star2)
    return type(s)(**{**vars(s), "activation": activation, "ridge": ridge})


CUTS = np.array([[0.3, 1.0], [0.01, 0.05]])
"""Where the spectra at n = d and at n = p are cut."""


def eigenvalues(activation: str, n: int, p: int, d: int, rng: np.random.Generator) -> Array:
    """Of the Gram matrix of p features of unit power and mean 0, at n samples on the sphere of R^d."""
    X, W = features.sphere(n, d, rng), features.sphere(p, d, rng)
    gaussian = moments(activation)
    H = features.random_features(X, W, activation) - gaussian.mu0
    return singular_values(H) ** 2 / (p * (gaussian.mu1**2 + gaussian.mu_star2))


def _below(s: Settings, rng: np.random.Generator) -> Array:
    found = (eigenvalues(s.activation, n, s.p, s.d, rng) for n in (s.d, s.p))
    return np.ravel(
        [np.mean(values[:, None] < cuts, axis=0) for cuts, values in zip(CUTS, found, strict=True)]
    )


def _shares(s: Settings, share: float | None = None, psi1: float | None = None) -> Array:
    """Of eigenvalues below the cuts at n = d and n = p, by trapezoids in the root of the eigenvalue."""
    share = dascoli2020triple.linearity(s.activation) if share is None else share
    root = np.linspace(1e-5, 1, 2001)
    x = np.multiply.outer(CUTS, root**2)
    sizes = np.array([1.0, s.p / s.d])[:, None, None]
    density = dascoli2020triple.spectrum(x, s.p / s.d if psi1 is None else psi1, sizes, share)
    return np.asarray(np.trapezoid(density * 2 * x / root, root, axis=-1)).ravel()


spectrum = Claim(
    statement="The eigenvalues of a Gram matrix of random features follow a law that the linear share r of "
    "the activation decides. Small ones come at n = p: at n = d the nonlinear part keeps them from 0.",
    formula="density = |Im tau|/(pi psi2 x), tau = r/(r + G) + (1 - r)/G at the complex root G of "
    "G (psi2 - tau)(1 - tau/psi1) = -x; psi1 = p/d, psi2 = n/d; r = 0 is the law of Marchenko and Pastur",
    source="own derivation; the spectra are of [dascoli2020triple, Sec. 3†]",
    kind="asymptotic",
    defaults={"d": 30, "p": 120, "activation": "tanh"},
    simulated="n = d and then n = p samples and p weights on the sphere of R^d; the shares of eigenvalues "
    "of the Gram matrix, of features of unit power, below two cuts each",
    trial=_below,
    theory=_shares,
    labels=("n = d, below 0.3", "below 1", "n = p, below 0.01", "below 0.05"),
    allowance=lambda s: 2.0 / s.d,  # measured gaps up to 1.8/d
    grows=("d", "p"),
    trials=256,  # shares of few eigenvalues repeat
    quick=48,
    sabotage={
        "the law of Marchenko and Pastur": lambda s: _shares(s, share=0.0),
        "no nonlinear part": lambda s: _shares(s, share=1.0),
        "infinitely many features": lambda s: _shares(s, psi1=np.inf),
    },
)
