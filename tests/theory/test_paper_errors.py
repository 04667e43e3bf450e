"""What `Paper.error` says is what the functions return, seen at a predictor that has learnt nothing.

There the test error is signal + noise, the excess error is the signal, and the training error is the loss of
the labels themselves.
"""

import ast
import doctest
import inspect
import re
import unicodedata
from collections.abc import Callable, Iterator
from math import inf
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose

import theory
from theory import Problem, papers
from theory.papers import Paper

SIGNAL, NOISE = 1.3, 0.7
NULL = {
    "ridge": inf, "penalty": inf, "time": 0.0, "steps": 0, "mean_norm": 0.0, "share": 1e-13, "keep": 0,
    "gamma": inf, "n": 1e-13, "psi": 1e13, "psi2": 1e-13, "rho_n": 1e-13,
}  # fmt: skip
"""Arguments at which a fit has learnt nothing; the first that a function accepts is set."""
ABSENT = ("init", "omitted", "nonlinear", "input_noise")
"""Powers beside signal and noise."""

MODULES = papers.modules()
BIB = (Path(theory.__file__).parents[1] / "paper" / "references.bib").read_text("utf-8")


def classes(module: ModuleType) -> Iterator[tuple[float, set[str]]]:
    """Value of every function whose null predictor the signature tells, and the classes that it fits."""
    for name in module.PAPER.statements:
        function = getattr(module, name)
        arguments = _example(module, function)
        if arguments is None or not _returns_an_error(function):
            continue
        signal, noise = _powers(function, arguments)
        value = _at_nothing(function, arguments)
        if value is not None and signal is not None:
            yield value, _fitting(value, signal, noise)


def _at_nothing(function: Callable[..., Any], arguments: dict[str, Any]) -> float | None:
    """The error of a fit that has learnt nothing."""
    known = inspect.signature(function).parameters
    for knob in (knob for knob in NULL if knob in known):
        try:
            return _error(function(**arguments | {knob: NULL[knob]}))
        except ValueError:  # out of its range
            continue
    return None


def _example(module: ModuleType, function: Callable[..., Any]) -> dict[str, Any] | None:
    """The arguments of the first call in the function's own example."""
    scope = dict(vars(module))
    for example in doctest.DocTestParser().get_examples(inspect.getdoc(function) or ""):
        for node in ast.walk(ast.parse(example.source)):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == function.__name__:
                call = ast.unparse(ast.Call(ast.Name("_told"), node.args, node.keywords))
                bound = eval(call, scope | {"_told": inspect.signature(function).bind})
                return dict(bound.arguments)
        exec(example.source, scope)
    return None


def _powers(function: Callable[..., Any], arguments: dict[str, Any]) -> tuple[float | None, float]:
    """The power of the target and of the noise of a call, which become SIGNAL and NOISE where they can."""
    known = inspect.signature(function).parameters
    arguments.update({name: 0.0 for name in ABSENT if name in known})
    if "problem" in known:
        problem = Problem([2.0, 0.5], [SIGNAL / 2, SIGNAL / 2], [40, 60], noise=NOISE)
        rates = {"learning_rate": 0.5} if "learning_rate" in known else {}
        arguments.update(problem=problem, **rates)
        return problem.signal, problem.noise
    if {"Q", "W"} & set(known):  # a target of its own
        return None, 0.0
    if "mean_norm" in known or set(known) == {"psi"}:  # a label that is guessed
        return 0.5, 0.0
    noise = NOISE if "noise" in known else 0.0
    arguments.update({"noise": NOISE} if "noise" in known else {})
    if "signal" in known:
        arguments["signal"] = SIGNAL
        if "k" in known:  # the value of k coefficients
            return arguments["k"] * SIGNAL**2, noise
        mean = np.dot(arguments["eigenvalues"], arguments["weights"]) if "weights" in known else 1.0
        return SIGNAL * float(mean), noise
    if "Sigma" in known:
        return float(np.asarray(arguments["beta"]) @ arguments["Sigma"] @ arguments["beta"]), noise
    if "beta" in known:
        return float(np.sum(np.square(arguments["beta"]))), noise
    if "coefficients" in known:
        return float(np.dot(arguments["eigenvalues"], np.square(arguments["coefficients"]))), noise
    if "rho" in known:  # without noise a label, whose error is that of a direction
        return (arguments["rho"] if noise else None), noise
    return (0.0, noise) if noise else (1.0, 0.0)  # all noise, or a unit target without noise


def _returns_an_error(function: Callable[..., Any]) -> bool:
    """Whether its summary or its result names the error, as that of a best ridge does not."""
    summary = inspect.getdoc(function) or ""
    named = re.match(r"(Test error|Least test error|Noiseless risk|Risk|Excess error)\b", summary)
    try:
        annotation = inspect.signature(function, eval_str=True).return_annotation
    except NameError:
        annotation = None
    return bool(named) or {"test", "error"} & set(getattr(annotation, "_fields", ())) != set()


def _error(result: Any) -> float | None:
    """The test error in a result: its field `test` or `error`, or the result itself; None if it has none."""
    if isinstance(result, tuple):
        result = getattr(result, "test", getattr(result, "error", None))
    return None if result is None else float(np.ravel(result)[0])


def _fitting(value: float, signal: float, noise: float) -> set[str]:
    expected = {"test": signal + noise, "excess": signal}
    return {name for name, level in expected.items() if abs(value - level) < 1e-6 * max(1.0, level)}


def by_hand() -> dict[str, Callable[[], tuple[float, float]]]:
    """Value and what it must be, for the modules whose signatures do not tell a null predictor."""
    problem = Problem([2.0, 0.5], [SIGNAL, 0.0], [40, 60], noise=NOISE)
    X, y = np.eye(3), np.array([1.0, -2.0, 0.5])
    m = MODULES

    def excess() -> tuple[float, float]:
        fit = m["defilippis2024"].equivalents(problem, 30, 50, inf)
        return float(fit.bias + fit.variance), SIGNAL

    def residual() -> tuple[float, float]:
        fit = m["oymak2019jacobian"].split(X, y, 0.5, 0.1, 0)
        return float(np.hypot(fit.information, fit.nuisance)), float(np.linalg.norm(y))

    def classifiers() -> tuple[float, float]:
        few = {"omega": [1.0], "t": [1.0], "rho": 1.0, "alpha": 1e-6, "penalty": 0.1}
        paper = m["loureiro2021"]
        errors = [function(**few).error for function in (paper.logistic, paper.ridge_classification)]
        return float(np.mean(errors)), 0.5

    length = float(np.linalg.norm(y))
    return {
        "arora2019": lambda: (float(m["arora2019"].residual(X, y, 0.5, 0)), length),
        # per unit of noise, and small where the test error would be 1
        "bartlett2020": lambda: (float(m["bartlett2020"].variance_rate([1.0] + [1e-9] * 10**5, 1e3)), 0.011),
        "defilippis2024": excess,
        "dohmatob2024": lambda: (
            float(m["dohmatob2024"].generations(problem, 30, inf)[0]), SIGNAL + NOISE
        ),
        "du2019": lambda: (float(m["du2019"].residual_bound(X, y, 0.5, 0)), length),
        "ghorbani2021": lambda: (float(m["ghorbani2021"].limiting_excess([0.0, SIGNAL], 0.5)), SIGNAL),
        "goldt2019": lambda: (  # a student whose units count for nothing
            float(m["goldt2019"].excess([[0.5]], [[0.1]], [[1.0]], [0.0], [1.0], 0.1, NOISE, 0.0)), 1 / 3
        ),
        "paquette2024": lambda: (  # hardly any step
            float(m["paquette2024"].frontier(1.0, 0.7, np.eye(3), 10, [1, 2], 1e-13).test),
            float((np.arange(1.0, 4.0) ** -3.4).sum()),
        ),
        "liao2020": lambda: (float(m["liao2020"].train_error(X, y, 5, 1e12).train), float(y @ y) / 3),
        "mallinar2022": lambda: (float(m["mallinar2022"].power_law(10, 2.0, inf).overfitting), 1.0),
        "loureiro2021": classifiers,
        "hutter2021": lambda: (float(m["hutter2021"].error(1.0, 0, 10)), 1.0),
        "maloney2022": lambda: (
            float(m["maloney2022"].risk(1.0, 1e-13, 10, 50)), float(np.sum(np.arange(1.0, 51) ** -2))
        ),
        "muthukumar2020": lambda: (
            float(m["muthukumar2020"].fourier(1, [1e-9] + [1.0] * 10**6, 0, NOISE).test), 1 + NOISE
        ),
        "oymak2019": lambda: (float(m["oymak2019"].misfit_bound(0.5, 0.1, length, 0)), length),
        "oymak2019jacobian": residual,
        "simon2023": lambda: (float(m["simon2023"].overfitting_coefficient(problem, 30, inf)), 1.0),
        "soltanolkotabi2019": lambda: (
            float(m["soltanolkotabi2019"].global_minimum(np.zeros((3, 2)), y)), float(y @ y) / 6
        ),
    }  # fmt: skip


@pytest.mark.parametrize("key", MODULES)
def test_the_null_predictor_has_the_error_of_its_class(key: str) -> None:
    paper = MODULES[key].PAPER
    if paper.error in ("test", "excess"):
        found = list(classes(MODULES[key]))
        for value, fitting in found:
            assert paper.error in fitting, (
                f"PAPER.error is {paper.error!r}, but the null predictor has {value}"
            )
    else:
        found = []
    if key in by_hand():
        value, expected = by_hand()[key]()
        assert_allclose(value, expected, rtol=1e-3)
    elif paper.error != "none" and not found:
        pytest.skip(f"no function of {key} takes one of {', '.join(NULL)}: compare a null predictor by hand")


def test_most_classes_are_told_apart() -> None:
    """By functions with signal and noise: the check above is no empty one."""
    distinct = {
        key
        for key, module in MODULES.items()
        if module.PAPER.error in ("test", "excess") and any(len(fit) == 1 for _, fit in classes(module))
    }
    assert len(distinct) >= 19
    assert {"lejeune2020", "hastie2022", "mei2022", "belkin2020", "loureiro2021"} <= distinct


def test_a_wrong_class_is_found() -> None:
    """As lejeune2020 once said of its test error that it is without the noise."""
    found = classes(MODULES["lejeune2020"])
    assert found
    for value, fitting in found:
        assert_allclose(value, SIGNAL + NOISE)
        assert fitting == {"test"}


# -- what a paper says of itself -------------------------------------------------------------------


@pytest.mark.parametrize("key", MODULES)
def test_title_and_authors_are_those_of_the_bibliography(key: str) -> None:
    entry = re.search(rf"^@\w+\{{{key},(.*?)^\}}", BIB, re.MULTILINE | re.DOTALL)
    assert entry
    fields = dict(re.findall(r"^  (\w+) = \{(.*)\},?$", entry[1], re.MULTILINE))
    paper = MODULES[key].PAPER
    assert paper.authors == tuple(_plain(name).partition(",")[0] for name in fields["author"].split(" and "))
    assert paper.title.casefold() == _plain(fields["title"]).casefold()


def _plain(text: str) -> str:
    """LaTeX's accents as letters, without braces."""
    marks = {"'": "\u0301", "`": "\u0300", '"': "\u0308", "^": "\u0302", "~": "\u0303", "v": "\u030c"}
    text = re.sub(r"\{\\(['`\"^~v])\{?\\?(\w)\}?\}", lambda m: m[2] + marks[m[1]], text)
    return unicodedata.normalize("NFC", text).replace("{", "").replace("}", "").replace("\\&", "&")


@pytest.mark.parametrize(("change", "message"), [
    ({"error": "squared distance"}, "error = 'squared distance' of me2020 is unknown; choose from test, "),
    ({"authors": "Me"}, "authors = 'Me' of me2020 must be a tuple of family names"),
    ({"authors": ()}, "authors = \\(\\) of me2020"),
    ({"statements": {"risk": "true"}}, "status = 'true' of me2020.risk is unknown; begin with proved, "),
])  # fmt: skip
def test_a_paper_that_breaks_the_contract(change: dict[str, Any], message: str) -> None:
    fields: dict[str, Any] = {
        "key": "me2020", "title": "A title", "authors": ("Me",), "error": "test", "penalty": "none",
    } | change  # fmt: skip
    with pytest.raises(ValueError, match=message) as raised:
        Paper(**fields)
    assert "\n" not in str(raised.value)
