"""How wide a network with one hidden layer must be to fit any labels: about as many weights as samples."""

import numpy as np

from sims.claims import Claim, Exercise, Settings
from sims.claims.claim import Array
from sims.experiments.signed_networks import random_jacobian, unit_inputs
from sims.network import Network, start
from sims.training.solvers import lbfgs
from theory import kernel
from theory.papers import oymak2020


def _least(s: Settings, rng: np.random.Generator) -> Array:
    J = random_jacobian(unit_inputs(s.n, s.d, seed=4), s.width, s.activation, rng)
    gram = J @ J.T
    return np.array([np.linalg.eigvalsh(gram)[0], gram[0, 1]])


def _theory(s: Settings, name: str | None = None) -> Array:
    slopes = name or s.activation
    X = unit_inputs(s.n, s.d, seed=4)
    entry = kernel.first_layer(X, activation=slopes)[0, 1]
    return np.array([oymak2020.minimum_eigenvalue(X, slopes), entry])


def _slopes_alone(s: Settings) -> Array:
    X = unit_inputs(s.n, s.d, seed=4)
    slopes = kernel.first_layer(X, activation=s.activation) / (X @ X.T)
    return np.array([np.linalg.eigvalsh(slopes)[0], slopes[0, 1]])


eigenvalue = Claim(
    statement="The smallest singular value of the Jacobian at a random start is set by the data: "
    "its square tends to |v|^2 times the least eigenvalue of the kernel Sigma(X) of the slopes.",
    formula="E JJ' = |v|^2 Sigma(X), Sigma_ij = x_i.x_j E s'(w.x_i) s'(w.x_j), sigma_min(J)^2 -> |v|^2 "
    "lambda_min(Sigma(X))",
    source="[oymak2020]",
    kind="asymptotic",
    defaults={"n": 6, "d": 5, "width": 500, "activation": "tanh"},
    simulated="the Jacobian of a random network with |v| = 1 on fixed inputs: "
    "the least eigenvalue of JJ', and one entry",
    trial=_least,
    theory=_theory,
    allowance=lambda s: np.array([5.0, 1.0]) / s.width,  # measured below that at width 500
    labels=("lambda_min(JJ')", "(JJ')_12"),
    grows=("width",),
    trials=256,
    quick=96,
    sabotage={
        "the inputs' products x_i.x_j left out": _slopes_alone,
        "erf for tanh": lambda s: _theory(s, "erf"),
    },
)


def _ranks(s: Settings, rng: np.random.Generator) -> Array:
    X = rng.standard_normal((s.n, s.d))
    return np.array([np.linalg.matrix_rank(random_jacobian(X, k, s.activation, rng)) for k in _widths(s)])


def _widths(s: Settings) -> tuple[int, int, int]:
    return s.n // (2 * s.d), s.n // s.d, 4 * s.n // s.d


rank = Claim(
    statement="The weights of a smooth network can move each of its n outputs independently as soon "
    "as there are as many weights as samples: the rank of the Jacobian is the smaller of n "
    "and the number of weights, width d.",
    formula="rank J = min(n, width d), at every start",
    source="[oymak2020]; for generic inputs and weights",
    kind="exact",
    defaults={"n": 40, "d": 5, "activation": "tanh"},
    simulated="the Jacobian at a random start with half as many weights as samples, as many, "
    "and four times as many",
    trial=_ranks,
    theory=lambda s: np.minimum(s.n, np.array(_widths(s)) * s.d),
    outcome="every",
    labels=("width d = n/2", "width d = n", "width d = 4 n"),
    trials=32,
    quick=24,
    sabotage={
        "one direction lost": lambda s: np.minimum(s.n, np.array(_widths(s)) * s.d) - 1,
        "a bias in every unit": lambda s: np.minimum(s.n, np.array(_widths(s)) * (s.d + 1)),
        "an identity activation": {"defaults": {"activation": "identity"}},
    },
    exercise=Exercise(
        question="What is the rank of the Jacobian of a smooth network with n outputs and so many weights?",
        answer="min(n, weights)",
        names={"weights": ("n/2", "n", "4*n")},
        elsewhere={"n": 60},
    ),
)


def _fit(s: Settings, rng: np.random.Generator) -> float:
    """log10 of the loss with half as many weights as samples over that with eight times as many."""
    X, y = rng.standard_normal((s.n, s.d)), rng.choice([-1.0, 1.0], s.n)
    losses = []
    for width in (s.n // (2 * s.d), 8 * s.n // s.d):
        network = Network(s.d, (width,), activation=s.activation, trained=s.trained)
        theta = start(network, [rng])
        network.layers[1].weights(theta)[...] = rng.choice([-1.0, 1.0], width)
        losses.append(max(lbfgs(network, theta, X, y, s.steps).loss[-1, 0], 1e-10))  # as good as 0
    return float(np.log10(losses[0] / losses[1]))


fits = Claim(
    statement="Moderate width is enough: networks fit random labels exactly with eight times as many weights "
    "as samples, and not with half as many.",
    formula="training loss > 0 at width d = n/2 and 0 at width d = 8 n: at least four powers of ten between "
    "them in the mean (chosen here)",
    source="[oymak2020]; what is proved asks for more weights",
    kind="shape",
    defaults={"n": 20, "d": 10, "activation": "tanh", "trained": "hidden", "steps": 300},
    simulated="random labels +-1, the first layer trained by L-BFGS: "
    "the ratio of the final losses at the two widths, in powers of ten",
    trial=_fit,
    theory=lambda s: 4.0,
    relation=">=",
    trials=192,
    quick=128,
    sabotage={
        "the read-out alone trained": {"defaults": {"trained": "last"}},
        "linear units": {"defaults": {"activation": "identity"}},
    },
)
