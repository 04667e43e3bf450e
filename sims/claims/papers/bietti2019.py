"""On the inductive bias of neural tangent kernels: their spectrum on the sphere, and how smooth they are."""

import numpy as np

from sims.claims import Claim, Settings
from sims.claims.claim import Array
from sims.network import Network, empirical_ntk, start
from theory import kernel, sphere
from theory.papers import bietti2019

DEGREES = np.array([1, 0, 2, 3])


def _tangent(s: Settings, rng: np.random.Generator, angles: Array, trained: str = "all") -> Array:
    """Kernel of one network between an input and those at some angles to it, halved: sigma_w2 = 2."""
    Z = np.zeros((len(angles), s.d))
    Z[:, 0], Z[:, 1] = np.cos(angles), np.sin(angles)
    network = Network(s.d, (s.width,), trained=trained)
    # lengths sqrt(d), for which the first layer's inputs have the covariance 2 cos(angle)
    Z *= np.sqrt(s.d)
    base = np.zeros((1, s.d))
    base[0, 0] = np.sqrt(s.d)
    return empirical_ntk(network, start(network, [rng]), base, Z)[0, 0] / 2


def _projected(s: Settings, rng: np.random.Generator) -> Array:
    nodes, weights = np.polynomial.legendre.leggauss(s.points)
    angles = np.pi * (nodes + 1) / 2
    weights = weights * np.sin(angles) ** (s.d - 2)  # of the sphere between two latitudes
    values = weights / weights.sum() * _tangent(s, rng, angles)
    return np.array([values @ sphere.legendre(int(degree), s.d, np.cos(angles)) for degree in DEGREES])


def _angles(s: Settings) -> Array:
    return s.angle * 2.0 ** np.arange(4)


def _distances(s: Settings, rng: np.random.Generator) -> Array:
    """Squared distances of features, for all layers and for the read-out, each at every angle."""
    rotation = np.concatenate([[0.0], _angles(s)])
    rows = []
    for trained in ("all", "last"):
        Z = np.zeros((len(rotation), s.d))
        Z[:, 0], Z[:, 1] = np.cos(rotation), np.sin(rotation)
        network = Network(s.d, (s.width,), trained=trained)
        K = empirical_ntk(network, start(network, [rng]), Z * np.sqrt(s.d))[0]
        rows.append(K[0, 0] + np.diag(K)[1:] - 2 * K[0, 1:])
    return np.concatenate(rows)


def _slopes(s: Settings, distances: Array) -> Array:
    x = np.log(_angles(s))
    return np.array([np.polyfit(x, np.log(row), 1)[0] for row in distances.reshape(2, -1)])


def _limit_slopes(s: Settings) -> Array:
    Z = np.stack([np.cos(_angles(s)), np.sin(_angles(s))], axis=1)
    x = np.array([1.0, 0.0])
    rows = [2 * (k(x, x) - k(x, Z)) for k in (kernel.ntk, kernel.nngp)]
    return _slopes(s, np.concatenate(rows))


spectrum = Claim(
    statement="The tangent kernel of a two-layer ReLU network, which says how fast training learns a target, "
    "depends on the angle of two inputs on a sphere alone. It learns polynomials of one degree all equally "
    "fast, those of low degree fastest, and of odd degrees from 3 on not at all.",
    formula="speed of degree k: mu_k = E kappa(t) P_k(t), t the cosine of two random inputs, P_k Legendre's "
    "polynomial, kappa = t kappa_0 + kappa_1 the kernel; 1/2, 1/3, 5/64, 0 at d = 3, k = 0 to 3",
    source="[bietti2019, Prop. 5†]",
    kind="exact",
    defaults={"d": 3, "width": 6000, "points": 100},
    simulated="a random network of finite width; "
    "the products of its gradients at inputs of every angle, "
    "projected on the Legendre polynomial of each degree",
    trial=_projected,
    theory=lambda s: bietti2019.eigenvalue(DEGREES, s.d),
    labels=("degree 1", "degree 0", "degree 2", "degree 3"),
    trials=128,
    quick=64,
    sabotage={
        "the sphere of one dimension more": lambda s: bietti2019.eigenvalue(DEGREES, s.d + 1),
        "the gradient of the read-out alone": lambda s: sphere.eigenvalues("arc_cosine1", DEGREES, s.d),
    },
)

roughness = Claim(
    statement="The tangent features of a ReLU network are not Lipschitz: "
    "their squared distance grows in proportion to the angle of two inputs, "
    "while that of the hidden units grows like its square.",
    formula="slope of log |Phi(x) - Phi(z)|^2 = log 2 (kappa(1) - kappa(cos angle)) against log angle: "
    "1 and 2 in the limit, here still 1.16 and 1.98",
    source="[bietti2019]",
    kind="rate",
    defaults={"d": 3, "width": 6000, "angle": 0.02},
    simulated="random networks: squared distance of the gradients at two inputs, "
    "at four angles from `angle` to 8 times it, by all parameters and by the read-out's",
    trial=_distances,
    statistic=_slopes,
    theory=_limit_slopes,
    labels=("all layers", "read-out alone"),
    trials=128,
    quick=64,
    sabotage={
        "the limit of small angles": lambda s: np.array([1.0, 2.0]),
        "distances, not squared": lambda s: _limit_slopes(s) / 2,
    },
)
