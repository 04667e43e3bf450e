"""Weak teachers, strong students: where a student overtakes the teacher whose labels are all it has seen.

The test error of a minimum-norm student is shown against the number of its samples; all its labels come from
one minimum-norm teacher of 110 noisy samples (dashed). The 180 features have two levels of eigenvalues, and
the noise is 0.3. The student overtakes its teacher at the crossing, and copies it from 180 samples on.
Squares are fits to true labels, which peak there: between the two crossings the teacher's labels are better
than true ones. Lines are the limit, marks means over 40 draws, exact given the samples. The parameters are
ours.
"""

from functools import partial
from types import SimpleNamespace
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from figures import files, marks
from figures.figure import PaperFigure
from figures.plots._curve import curve, legend, logarithmic, threshold
from figures.plots._random_features import column
from sims.claims.papers import ildiz2025 as claims
from sims.experiments import taught
from sims.verdict import edge
from theory import Problem, ridge
from theory.papers import ildiz2025

NAMES = ("student of the teacher", "student of true labels")
SIZES = (12, 20, 30, 45, 70, 100, 130, 160, 200, 260, 350)


def _problem(noise: float) -> Problem:
    return claims.problem(SimpleNamespace(n=40, noise=noise))


def _trial(teacher: int, noise: float, n: int, rng: np.random.Generator) -> Any:
    """Test errors of a student with the teacher's labels and of one with true labels."""
    problem = _problem(noise)
    _, student = claims.both(problem, (teacher, n), 0.0, rng)
    Phi = taught.draw(problem, n, rng)
    alone = taught.taught(problem, taught.truth(int(problem.rank)), Phi, 0.0, noise)
    return np.array([student, taught.test(problem, alone)])


def _told(teacher: int, noise: float, n: Any) -> tuple[Any, Any]:
    problem = _problem(noise)
    return ildiz2025.weak_to_strong(problem, teacher, n).student, ridge(problem, n).test


def data(teacher: int = 110, noise: float = 0.3, trials: int = 40) -> dict[str, Any]:
    """Limits on a line of sizes, simulated means at some, and the teacher's error."""
    line, sizes = np.geomspace(10, 400, 400), np.array(SIZES)
    problem = _problem(noise)
    found: dict[str, Any] = {
        "teacher samples": teacher,
        "rank": problem.rank,
        "n": line,
        "teacher": ridge(problem, teacher).test,
    }
    samples = marks.simulated(partial(_trial, teacher, noise), list(SIZES), trials, "ildiz2025 students")
    heavy = np.abs(sizes - problem.rank) <= edge(problem.rank)
    for j, name in enumerate(NAMES):
        theory = _told(teacher, noise, sizes)[j]
        found[f"theory {name}"] = _told(teacher, noise, line)[j]
        # measured: up to 2 %, and more towards the peak
        allowance = 0.03 + 1 / np.abs(sizes - problem.rank)
        found[f"simulated {name}"] = marks.points(
            sizes, column(samples, j), theory, allowance, heavy if j else False
        )
    return found


def numbers(data: dict[str, Any]) -> dict[str, float]:
    """Where the student overtakes its teacher, how much better it gets, and where true labels are worse."""
    student, alone = (data[f"theory {name}"] for name in NAMES)
    better, worse = student < data["teacher"], alone > student * (1 + 1e-9)
    return {
        "crossing": float(data["n"][better][0]),
        "best_over_teacher": float(student.min() / data["teacher"]),
        "true_labels_worse_from": float(data["n"][worse][0]),
        "teacher_samples": data["teacher samples"],
    }


def draw(data: dict[str, Any]) -> Figure:
    """One colour and marker for each kind of labels."""
    figure = files.page()
    axes = figure.add_subplot()
    for i, (name, marker) in enumerate(zip(NAMES, "os", strict=True)):
        line = data["n"], data[f"theory {name}"]
        curve(axes, name, f"C{i}", marker, line, simulated=data[f"simulated {name}"])
    axes.axhline(data["teacher"], color="0.3", linestyle="--", linewidth=0.9, label="teacher")
    threshold(axes, data["rank"], "n = p")
    logarithmic(axes, 0.5, 8.0)
    axes.set_xlabel("samples of the student, n")
    axes.set_ylabel("test error")
    legend(axes, *NAMES, "teacher", loc="upper left")
    return figure


FIGURE = PaperFigure(
    data=data, draw=draw, numbers=numbers, meanings={"teacher": "samples of the teacher"}, redraws="Fig. 1†"
)
