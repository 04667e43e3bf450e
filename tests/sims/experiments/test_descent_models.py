"""The models of double descent: conditional risks are right, theory holds with a frozen allowance."""

from functools import cache, partial

import numpy as np
import pytest

from sims import features, fit, verdict
from sims.experiments import descent_models
from sims.experiments.descent_models import MODELS, Setting
from sims.trials import montecarlo
from sims.trials.sample import Sample

SOLVED = [model for model in MODELS if model != "network"]  # by linear algebra at every p


def _setting(model: str, **changes: object) -> Setting:
    base = {"model": model, "n": 60, "d": 30, "noise": 0.25}
    if model in ("weak-features", "fourier"):
        base["d"] = 240
    if model == "fourier":
        base["noise"] = 0.0
    return Setting(**{**base, **changes})  # type: ignore[arg-type]


@cache
def _sample(setting: Setting, points: tuple[int, ...], trials: int) -> Sample:
    trial = partial(MODELS[setting.model].trial, setting, np.array(points))
    return montecarlo.run(trial, trials, seed=5, experiment="test")


def _judge(setting: Setting, points: list[int], trials: int, wrong: float = 1.0) -> verdict.Verdict:
    predicted = MODELS[setting.model].theory(setting, np.array(points, dtype=float))
    sample = _sample(setting, tuple(points), trials)
    return verdict.judge(
        sample,
        wrong * predicted.test,
        descent_models.allowance(setting, predicted),
        descent_models.heavy_tailed(setting, predicted),
        spread=predicted.spread,
    )


POINTS = [1, 10, 30, 45, 60, 80, 120, 200]


@pytest.mark.parametrize("ridge", [0.0, 1e-3, 0.1])
@pytest.mark.parametrize("model", SOLVED)
def test_theory_holds_and_a_wrong_one_does_not(model: str, ridge: float) -> None:
    setting = _setting(model, ridge=ridge)
    judged = _judge(setting, POINTS, trials=24)
    assert judged.status == "agrees", judged
    assert judged.resolution < 0.1
    for wrong in (1 + 2 * judged.resolution, 1 - 2 * judged.resolution):
        assert _judge(setting, POINTS, trials=24, wrong=wrong).status == "disagrees"


@pytest.mark.parametrize("activation", ["tanh", "sign", "quadratic"])
def test_other_activations(activation: str) -> None:
    judged = _judge(_setting("random-features", activation=activation, ridge=1e-2), POINTS, 16)
    assert judged.status == "agrees", judged


@pytest.mark.slow
@pytest.mark.jit
def test_network_reaches_the_limit_of_infinite_width() -> None:
    setting = _setting("network", n=50, d=10, ridge=0.01)
    points = [22, 220, 1408, 5632]
    judged = _judge(setting, points, trials=32)
    assert judged.status == "agrees", judged
    assert judged.resolution < 0.15
    # a narrow one is told to be off, and not by more than is granted
    sample = _sample(setting, tuple(points), 32)
    told = MODELS["network"].theory(setting, np.array(points, dtype=float))
    assert (sample.mean - told.test)[1] > 4 * sample.se[1]
    for wrong in (1 + 2 * judged.resolution, 1 - 2 * judged.resolution):
        assert _judge(setting, points, 32, wrong).status == "disagrees"
    # the formula of finite width, for large d, falls towards its own limit
    limit = MODELS["network"].limit(setting, np.array(points, dtype=float))
    assert (np.diff(limit) < 0).all()


@pytest.mark.jit
def test_the_kernel_machine_is_a_control_variate() -> None:
    """It leaves the mean, and most of the spread goes: here without it, from the same generators."""
    setting = _setting("network", n=30, d=5, ridge=0.05)
    drawn = montecarlo.run(partial(MODELS["network"].trial, setting, np.array([768])), 20, 0, "control")
    predicted = MODELS["network"].theory(setting, np.array([768.0]))
    granted = descent_models.allowance(setting, predicted)[0]
    assert abs(drawn.mean[0] / predicted.test[0] - 1) < granted + 5 * drawn.se[0]
    assert drawn.values.std() < 0.1 * predicted.test[0]  # a single draw of labels spreads by 20 %


@pytest.mark.slow
@pytest.mark.parametrize(
    ("activation", "n", "d", "ridge"),
    [("relu", 100, 10, 0.01), ("relu", 200, 10, 0.01), ("tanh", 100, 10, 0.01), ("erf", 100, 20, 0.01),
     ("abs", 100, 10, 0.01), ("relu", 100, 5, 0.003), ("softplus", 100, 10, 0.01), ("relu", 100, 10, 0.1)],
)  # fmt: skip
def test_allowance_of_the_width(activation: str, n: int, d: int, ridge: float) -> None:
    """The frozen constant, at the settings that it was fitted on."""
    setting = Setting("network", activation, n=n, d=d, ridge=ridge)
    judged = _judge(setting, [width * (d + 1) for width in (8, 32, 128, 512)], trials=32)
    assert judged.status == "agrees", judged


def test_linear_features_have_the_rank_of_the_inputs() -> None:
    judged = _judge(_setting("random-features", activation="identity"), [10, 29, 30, 31, 60, 200], 16)
    assert judged.status == "agrees", judged
    assert judged.family >= 5  # p = n is no threshold: the rank is d = 30


@pytest.mark.parametrize("model", ["linear", "weak-features", "random-features"])
@pytest.mark.parametrize("ridge", [0.0, 0.05])
def test_a_trial_is_the_mean_over_targets_and_noise(model: str, ridge: float) -> None:
    """The risk given the design, against targets and labels drawn one by one."""
    setting = _setting(model, n=12, d=9 if model == "random-features" else 40, ridge=ridge, noise=0.5)
    points = np.array([5, 30])
    key = np.random.SeedSequence(3)
    measured = MODELS[model].trial(setting, points, np.random.default_rng(key))
    rng, repeats, n, d = np.random.default_rng(key), 4000, setting.n, setting.d
    fresh_rng = np.random.default_rng(8)
    if model == "random-features":
        held_out = max(200, 2 * n)
        X, fresh = features.sphere(n, d, rng), features.sphere(held_out, d, rng)
        W = features.sphere(30, d, rng)
        H, H_fresh = (features.random_features(x, W) for x in (X, fresh))
    elif model == "linear":
        X = features.gaussian(n, 30, rng)
    else:
        X = features.gaussian(n, d, rng)
        order = rng.permutation(d)
    noise = np.sqrt(setting.noise) * fresh_rng.standard_normal((n, repeats))
    for p, value in zip(points, measured, strict=True):
        if model == "random-features":
            beta = fresh_rng.standard_normal((d, repeats)) / np.sqrt(d)
            a = fit.ridge(H[:, :p] / np.sqrt(p), X @ beta + noise, ridge)
            errors = ((fresh @ beta - H_fresh[:, :p] @ a / np.sqrt(p)) ** 2).mean(axis=0)
        else:
            inputs = X[:, :p] if model == "linear" else X[:, order]
            size = inputs.shape[1]
            beta = fresh_rng.standard_normal((size, repeats)) / np.sqrt(size)
            a = fit.ridge(inputs[:, :p], inputs @ beta + noise, ridge)
            errors = ((beta[:p] - a) ** 2).sum(axis=0) + (beta[p:] ** 2).sum(axis=0)
        errors = errors + setting.noise
        # 5 standard errors of 4000 draws: a false alarm in 1e6
        assert abs(errors.mean() - value) < 5 * errors.std() / np.sqrt(repeats)


def test_a_fourier_trial_is_the_mean_over_targets() -> None:
    setting = _setting("fourier", n=7, d=20, ridge=0.02)
    key = np.random.SeedSequence(4)
    points = np.array([3, 12])
    measured = MODELS["fourier"].trial(setting, points, np.random.default_rng(key))
    rng = np.random.default_rng(key)
    rows, columns = rng.permutation(20)[:7], rng.permutation(20)
    F = features.fourier_series(np.arange(20), columns, 20)
    for p, value in zip(points, measured, strict=True):
        errors = []
        for beta in np.eye(20):  # the mean over a basis is the mean over directions
            a = fit.ridge(F[rows, :p], F[rows] @ beta, 0.02)
            errors.append((np.abs(beta - np.pad(a, (0, 20 - p))) ** 2).sum())
        assert value == pytest.approx(np.mean(errors), rel=1e-10)


@pytest.mark.parametrize("ridge", [1e-16, 1e-20, 1e-30, 1e-310])
def test_a_tiny_ridge_is_no_ridge(ridge: float) -> None:
    """A penalty of 1e-16 moves the risk by about 1e-12; the normal equations moved it by 6e-3, or failed."""
    points = np.array([1, 10, 30, 45, 80, 120, 200])
    trial = MODELS["random-features"].trial
    without, tiny = (
        trial(_setting("random-features", ridge=r), points, np.random.default_rng(2)) for r in (0.0, ridge)
    )
    np.testing.assert_allclose(tiny, without, rtol=1e-9)


def test_spread_of_an_exact_model() -> None:
    """Standard deviation of the risk of one design; from 400 draws it is known to 1/sqrt(800) = 3.5 %."""
    setting, points = _setting("linear"), np.array([20, 45, 90, 200])
    drawn = montecarlo.run(partial(MODELS["linear"].trial, setting, points), 400, seed=1, experiment="sd")
    spread = MODELS["linear"].theory(setting, points.astype(float)).spread
    np.testing.assert_allclose(drawn.values.std(axis=0, ddof=1), spread, rtol=5 * 0.035)


def test_allowance_is_zero_where_theory_is_exact() -> None:
    setting = _setting("linear")
    predicted = MODELS["linear"].theory(setting, np.array([20.0, 100.0]))
    assert predicted.exact
    assert not descent_models.allowance(setting, predicted).any()


@pytest.mark.parametrize("ridge", [0.0, 1e-12, 1e-3])
@pytest.mark.parametrize("model", SOLVED)
def test_only_the_threshold_is_heavy_tailed(model: str, ridge: float) -> None:
    for n, d in ((40, 10), (100, 60), (200, 100)):
        setting = _setting(model, n=n, d=d if model == "random-features" else 1000, ridge=ridge)
        p = np.arange(1.0, 1000.0)
        heavy = descent_models.heavy_tailed(setting, MODELS[model].theory(setting, p))
        near, edge = np.abs(n - p), max(5, n / 20)
        # with a ridge the distance is in effective samples: one or two away from |n - p|
        assert not heavy[near > edge + (0 if ridge == 0 else 2)].any()
        assert heavy[near <= edge].all() or ridge > 0


def test_the_cubic_has_heavy_tails() -> None:
    """Its features have kurtosis 50: theory is 10 to 20 % low, more than other activations are granted."""
    setting = _setting("random-features", activation="cubic", n=100, d=50)
    points = [1, 5, 20, 50, 150, 200, 300, 600]
    judged = _judge(setting, points, trials=16)
    assert judged.status == "agrees", judged
    # at p = 20 and 50, where others are granted 4 and 6 %
    sample, told = (
        _sample(setting, tuple(points), 16),
        MODELS["random-features"].theory(setting, np.array(points)),
    )
    above = (sample.mean - told.test) / sample.se
    assert (above[2:4] > 5).all()
    assert judged.points[3].allowance > 0.15
    for wrong in (1 + 2 * judged.resolution, 1 - 2 * judged.resolution):
        assert _judge(setting, points, 16, wrong).status == "disagrees"


def test_no_allowance_is_known_in_three_dimensions_without_ridge() -> None:
    points = [20, 50, 150, 200, 300]
    judged = _judge(_setting("random-features", n=100, d=3), points, trials=8)
    assert judged.status == "undecided"
    assert judged.trials_needed == np.inf
    assert [point.allowance == np.inf for point in judged.points] == [False, False, True, True, True]
    # a ridge keeps neighbours apart
    setting = _setting("random-features", n=100, d=3, ridge=1e-3)
    judged = _judge(setting, points, trials=8)
    assert judged.status == "agrees", judged
    assert judged.resolution < 0.1
    assert _judge(setting, points, trials=8, wrong=1.1).status == "disagrees"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("activation", "aspect"),
    [(a, r) for a in ("relu", "tanh", "sign", "abs", "erf", "softplus", "cubic") for r in (0.1, 0.5, 2.0)]
    + [(a, 0.5) for a in ("quadratic", "gelu", "cos", "sin", "sigmoid")]
    + [(a, 10) for a in ("relu", "tanh", "cos", "softplus", "sigmoid", "cubic")]  # d = 10 at every n
    + [("relu", 5), ("relu", 7)],
)
def test_allowance_holds_at_n_2n_4n(activation: str, aspect: float) -> None:
    """The frozen constants, at the sizes and activations that they were fitted on."""
    for n, trials in ((100, 160), (200, 60), (400, 24)):
        d = int(aspect) if aspect > 2 else int(aspect * n)
        setting = Setting("random-features", activation, n=n, d=d, ridge=0.0)
        offsets = np.array([-0.75, -0.5, -0.3, -0.2, -0.12, 0.12, 0.2, 0.3, 0.5, 1.5])
        points = (n + n * offsets).astype(int)
        judged = _judge(setting, points.tolist(), trials)
        assert judged.status != "disagrees", (n, judged)
        # where it is too wide to tell anything, the verdict says so
        wide = d < 10 or (activation == "cubic" and (n == 100 or d == 10))
        assert judged.status == "agrees" or wide, (n, judged)
