"""One figure in words: what it shows, what can be chosen, where its theory is, and how to call it."""

from figures import registry, sources
from sims.shell import console


def page(name: str) -> str:
    """Title, caption, source, functions and parameters of a figure, as text.

    >>> print(page("hastie2022_snr").splitlines()[-1])
    from Python: figures.registry.figure("hastie2022_snr").data(n=60, noise=1.0, trials=64)
    """
    title, caption = registry.caption(name)
    file = sources.HOME / "plots" / f"{name}.py"
    parameters = registry.figure(name).parameters
    rows = [list(one.row) for one in parameters]
    facts = {
        "redraws": registry.redraws(name),
        "source": registry.cited(name),
        "module": f"figures.plots.{name}",
        "theory": ", ".join(sources.named(file, "theory")),
        "claims": ", ".join(sources.named(file, "sims.claims.papers")),
    }
    values = ", ".join(f"{one.name}={one.default!r}" for one in parameters)
    return "\n".join(
        [
            f"{title}.", caption, "", *(f"{key}: {text}" for key, text in facts.items() if text), "",
            console.table(("parameter", "value", "published", "meaning"), rows, left=(0, 1, 2, 3)), "",
            f'from Python: figures.registry.figure("{name}").data({values})',
        ]
    )  # fmt: skip
