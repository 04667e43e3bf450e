"""In a deep random network near inputs become one, or they part: the edge of chaos lies between.

Left: correlation of two inputs after 6 layers of 200 tanh units, sigma_b = 0.3, against sigma_w, for
inputs whose correlation is 0.9 and 0 in the first layer. Solid lines are infinite width, marks means over
128 networks, the grey line is infinite depth; the vertical line is the edge. Right: the edge of four
activations; order is below each line, chaos above. That of relu is the same for all biases. The
parameters are ours.
"""

from typing import Any

import numpy as np
from matplotlib.figure import Figure

from figures import files, marks
from figures.figure import PaperFigure
from sims.claims.papers import poole2016 as claims
from theory.kernel import deep_limit
from theory.papers import poole2016, schoenholz2017

WEIGHTS = (0.8, 1.2, 1.6, 2.0, 2.4, 2.8)
LINE = np.linspace(0.6, 3.0, 60)
BIASES = np.linspace(0.0, 1.0, 60)
ACTIVATIONS = ("tanh", "erf", "relu", "sin")
PAIRS = ("nearly equal", "unrelated")


def data(sigma_b: float = 0.3, width: int = 200, trials: int = 128) -> dict[str, Any]:
    """Correlations at this depth and at infinite depth, and the edges."""
    depth = claims.correlation.defaults["depth"]
    lines = np.array([poole2016.correlation(np.array(claims.STARTS), int(depth), w, sigma_b) for w in LINE])
    edge = float(schoenholz2017.critical_sigma_w(sigma_b))
    found: dict[str, Any] = {
        "sigma_w": LINE,
        "sigma_b": BIASES,
        "sigma_b of the left panel": sigma_b,
        "deep": deep_limit(LINE**2, sigma_b**2).correlation,
        "edge": edge,
    }
    for i, name in enumerate(PAIRS):
        found[f"theory {name}"] = lines[:, i]
        found[name] = marks.swept(
            claims.correlation,
            "sigma_w",
            WEIGHTS,
            trials,
            f"poole2016 {name}",
            of=i,
            sigma_b=sigma_b,
            width=width,
        )
    for activation in ACTIVATIONS:
        found[f"edge {activation}"] = schoenholz2017.critical_sigma_w(BIASES, activation)
    return found


def numbers(data: dict[str, Any]) -> dict[str, float]:
    """The edge, and c* at the largest sigma_w shown."""
    return {
        "edge": data["edge"],
        "sigma_b": data["sigma_b of the left panel"],
        "correlation": float(data["deep"][-1]),
    }


def draw(data: dict[str, Any]) -> Figure:
    """Correlations beside the phase diagram."""
    figure = files.page()
    left, right = figure.subplots(1, 2)
    for i, (name, marker) in enumerate(zip(PAIRS, "os", strict=True)):
        left.plot(data["sigma_w"], data[f"theory {name}"], color=f"C{i}", label=f"{name} inputs")
        marks.scatter(left, data[name], f"C{i}", None, marker)
    left.plot(data["sigma_w"], data["deep"], color="0.3", linewidth=0.7, label="infinite depth")
    marks.threshold(left, data["edge"])
    left.set_xlabel("sigma_w")
    left.set_ylabel("correlation")
    left.set_ylim(0.0, 1.03)
    for i, (activation, thick) in enumerate(zip(ACTIVATIONS, (0.6, 1.1, 1.6, 2.2), strict=True)):
        right.plot(
            data["sigma_b"], data[f"edge {activation}"], color=f"C{i}", linewidth=thick, label=activation
        )
    right.text(0.7, 0.8, "order", ha="center")
    right.text(0.3, 2.1, "chaos", ha="center")
    right.set_ylim(0.5, 2.6)
    right.set_xlabel("sigma_b")
    right.set_ylabel("sigma_w")
    for axes, columns in ((left, 1), (right, 2)):
        axes.legend(fontsize="small", loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=columns)
    return figure


FIGURE = PaperFigure(
    data=data, draw=draw, numbers=numbers, meanings={"sigma_b": "standard deviation of the biases"}
)
