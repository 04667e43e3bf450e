"""A bad argument is a ValueError that names it as the caller does, whatever function takes it."""

import inspect
import re
from itertools import combinations
from typing import Any

import numpy as np
import pytest

import theory
from tests import stored
from tests.stored import CASES
from theory import Problem, activation, arguments, dynamics, validation
from theory.papers import (
    adomaityte2024,
    bach2024,
    bahri2024,
    belkin2019,
    bordelon2024,
    chang2021,
    curth2023,
    defilippis2024,
    dohmatob2024,
    dohmatob2025,
    ghorbani2021,
    heckel2021,
    ildiz2025,
    levi2024,
    liao2020,
    mackay1992,
    mei2022,
    merger2025,
    rahimi2007,
    schroder2023,
    simon2023,
    simon2024,
)

PROBLEM_FUNCTIONS = [
    (theory.ridge, (30,)),
    (theory.random_features, (30, 40)),
    (theory.optimal_ridge, (30,)),
    (theory.covariate_shift, (30, [1.0, 1.0])),
    (theory.general_norm, (30, [1.0, 1.0])),
    (theory.ensemble, (30, 40)),
    (theory.ensemble_ridge, (30, 20)),
    (theory.peak_constant, (30,)),
    (dynamics.gradient_flow, (30, 1.0)),
    (dynamics.gradient_flow_gcv, (30, 1.0)),
    (validation.kfold, (30, 0.1, 5)),
    (heckel2021.risk, (30, 5, 0.1)),
    (curth2023.effective_parameters, (30,)),
    (simon2023.learnability, (30,)),
    (simon2023.overfitting_coefficient, (30,)),
    (simon2024.optimal, (30, 40)),
    (bach2024.minimum_norm, (30, 40)),
    (defilippis2024.equivalents, (30, 40)),
    (theory.deep_features, (30, [40])),
    (theory.labels.own, ()),
    (theory.labels.fitted, (theory.Labels([1.0], [1.0]), 30)),
    (bahri2024.finite_width, (30, 40)),
    (bahri2024.constants, (30,)),
    (dohmatob2024.generations, (30,)),
    (dohmatob2025.mixture, ([1.0], 0.5, 30)),
    (ildiz2025.weak_to_strong, (30, 40)),
    (ildiz2025.optimal_surrogate, (30,)),
    (theory.other_target, (theory.Labels([1.0], [1.0]), 30)),
    (theory.evidence, (30, 0.1, 0.2)),
    (theory.empirical_bayes, (30,)),
    (mackay1992.well_determined, (30,)),
    (schroder2023.features, ([np.eye(3)], "tanh")),
    (theory.sgd.one_pass, (0.1, 30)),
    (theory.sgd.scheduled, (0.1, 30)),
    (theory.sgd.critical_step, ()),
    (theory.sgd.critical_batch, ()),
    (adomaityte2024.risk, (30, 0.1, [1.0], [1.0])),
    (merger2025.denoiser, (30, 0.1)),
    (levi2024.grokking, (30, 0.1)),
    (theory.tradeoff.compute_optimal, (1e3, np.ones((2, 1)), [1, 2])),
    (bordelon2024.risk, (np.ones((2, 1)), 30, 1.0)),
]


@pytest.mark.parametrize(("function", "rest"), PROBLEM_FUNCTIONS)
@pytest.mark.parametrize("bad", [[1.0, 2.0], None, {"eigenvalues": [1.0]}, Problem])
def test_what_is_not_a_problem(function: Any, rest: Any, bad: Any) -> None:
    with pytest.raises(ValueError, match=r"^problem = .* is not a theory\.Problem"):
        function(bad, *rest)


def test_every_function_of_a_problem_is_listed() -> None:
    listed = {function for function, _ in PROBLEM_FUNCTIONS}
    found = {stored.function(case["function"]) for case in CASES}
    assert {f for f in found if "problem" in inspect.signature(f).parameters} <= listed


@pytest.mark.parametrize("bad", [[], {}, None, 3, "abc", np.zeros(2)])
@pytest.mark.parametrize(
    ("name", "call"),
    [
        ("variant", lambda bad: rahimi2007.feature_variance(1.0, 100, bad)),
        ("variant", lambda bad: rahimi2007.pointwise_bound(0.1, 100, bad)),
        ("model", lambda bad: ghorbani2021.limiting_excess([1.0], 0.5, model=bad)),
        ("model", lambda bad: belkin2019.interpolation_threshold(10, bad)),
        ("method", lambda bad: chang2021.pruned_risk([1.0, 1.0], [1.0, 1.0], 1, 1, method=bad)),
        ("form", lambda bad: theory.complexity.pac_bayes(0.1, 1.0, 100, form=bad)),
        ("norm", lambda bad: theory.complexity.rademacher([[1.0]], norm=bad)),
        ("parameterization", lambda bad: theory.kernel.ntk([[1.0]], parameterization=bad)),
        ("kernel", lambda bad: theory.kernel.spectrum([[1.0]], kernel=bad)),
        ("activation", lambda bad: theory.descent.two_layer_lipschitz([[1.0]], [1.0], bad)),
    ],
)
def test_unknown_option(name: str, call: Any, bad: Any) -> None:
    with pytest.raises(ValueError, match=rf"^{name} = .* is unknown; choose from"):
        call(bad)


@pytest.mark.parametrize("bad", ["abc", np.nan, None, 1, [True], np.zeros(2)])
@pytest.mark.parametrize(
    ("name", "call"),
    [
        ("negative", lambda bad: theory.optimal_ridge(Problem.isotropic(10), 5, bad)),
        ("derivative", lambda bad: activation.dual("relu", 0.5, derivative=bad)),
    ],
)
def test_flag(name: str, call: Any, bad: Any) -> None:
    with pytest.raises(ValueError, match=rf"^{name} = .* must be True or False"):
        call(bad)


def test_flags_of_numpy_pass() -> None:
    assert activation.dual("relu", 0.5, derivative=np.True_) == activation.dual("relu", 0.5, derivative=True)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: Problem.isotropic(3, signal=-1), "signal = -1 "),
        (lambda: Problem.isotropic(-3), "p = -3 "),
        (lambda: Problem.isotropic(np.nan), "p = nan"),
        (
            lambda: Problem.from_kernel_on_sphere(None, 3, [1.0]),
            "kernel = None is neither a name nor a function",
        ),  # type: ignore[arg-type]
        (lambda: validation.gcv([[1.0], [2.0, 3.0]], [1.0, 2.0]), "kernel = "),
        (lambda: validation.loo([[1.0], [2.0, 3.0]], [1.0, 2.0]), "kernel = "),
        (lambda: validation.leave_one_out([[1.0], [2.0, 3.0]], [1.0, 2.0]), "gram = "),
        (lambda: mei2022.polynomials(2.0, 3.0, -np.inf, 1.0), "chi = -inf must be finite and negative"),
        (lambda: mei2022.polynomials(2.0, 3.0, -1.0, np.inf), "zeta2 = inf must be finite"),
        (lambda: mei2022.risk(1.0, 2.0, activation=(1.0, -1.0)), r"activation: mu_star2 = -1"),
        (lambda: chang2021.pruned_risk([1.0] * 3, [1.0] * 3, 1, [[1], [2, 3]]), "keep = "),
    ],
)
def test_the_culprit_is_named(call: Any, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        call()


@pytest.mark.parametrize(
    ("call", "text"),
    [
        (lambda: arguments.real("x", "ten"), "x = 'ten' is not a real number or array of them; pass floats"),
        (lambda: arguments.real("x", [1.0, np.nan]), "x = [1.0, nan] contains nan; pass numbers"),
        (lambda: arguments.positive("x", [2.0, 0.0]), "x = 0 must be positive"),
        (lambda: arguments.positive("x", np.inf, finite=True), "x = inf must be finite and positive"),
        (lambda: arguments.non_negative("x", -1), "x = -1 must be finite and zero or positive"),
        (lambda: arguments.non_negative("x", -1, finite=False), "x = -1 must be zero or positive"),
        (lambda: arguments.integer("x", 1.5, low=1), "x = 1.5 must be a whole number >= 1"),
        (lambda: arguments.scalar("x", [1.0]), "x = [1.0] must be one finite number"),
        (lambda: arguments.scalar("x", -1.0, low=0), "x = -1.0 must be one finite number >= 0"),
        (lambda: arguments.whole("x", [2, 2.5], low=0), "x = 2.5 must be a whole number >= 0"),
        (lambda: arguments.share("x", 1.5), "x = 1.5 must be in (0, 1]"),
        (lambda: arguments.fraction("x", 3.0, "y", np.array([5.0, 2.0])), "x = 3 must not exceed y = 2"),
    ],
)
def test_what_each_check_says(call: Any, text: str) -> None:
    """The words, here alone: elsewhere a test asks that the argument and its value are named."""
    with pytest.raises(ValueError, match=rf"^{re.escape(text)}$"):
        call()


@pytest.mark.parametrize("empty", ["frequencies", "ridge"])
def test_no_points_give_no_results(empty: str) -> None:
    given = {"frequencies": 3.0, "ridge": 0.1} | {empty: []}
    fit = liao2020.train_error([[0.3], [1.0]], [1.0, -1.0], **given)  # type: ignore[arg-type]
    assert [field.shape for field in fit] == [(0,)] * 3


EXAMPLES: dict[str, dict[str, Any]] = {}
for case in CASES:
    if len(case["arguments"]) > len(EXAMPLES.get(case["function"], {})):
        EXAMPLES[case["function"]] = {k: stored.argument(v) for k, v in case["arguments"].items()}
# one number each by nature; so is d of the sphere, and heckel's learning rate has an axis of levels
SCALARS = {"hermite", "cluster_fit", "split", "scheduled"}


def _numbers(function: Any, arguments: dict[str, Any]) -> dict[str, float]:
    """The arguments that are numbers in an example, defaults included."""
    defaults = {k: v.default for k, v in inspect.signature(function).parameters.items()}
    values = {name: arguments.get(name, default) for name, default in defaults.items()}
    return {k: v for k, v in values.items() if isinstance(v, int | float) and not isinstance(v, bool)}


@pytest.mark.parametrize(
    "name",
    [
        f
        for f in sorted(EXAMPLES)
        if f.rpartition(".")[2] not in SCALARS and "sphere" not in f and "heckel" not in f
    ],
)
def test_shapes_that_do_not_broadcast_are_those_of_the_caller(name: str) -> None:
    function, arguments = stored.function(name), EXAMPLES[name]
    known = set(inspect.signature(function).parameters)
    for (a, x), (b, y) in combinations(_numbers(function, arguments).items(), 2):
        with pytest.raises(ValueError, match=r"\S") as caught:
            function(**{**arguments, a: [x] * 2, b: [y] * 3})
        text = str(caught.value)
        refused = re.search(r"must be (one|a whole) ", text)  # a number that never broadcasts
        assert {a, b} <= set(re.findall(r"\w+", text)) or refused, text
        assert set(re.findall(r"(\w+) \(\d", text)) <= known, text
