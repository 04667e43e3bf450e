"""Double descent: error against the number of parameters, in the models of `sims.double_descent`."""

from figures.page.descent import reference, settings
from figures.page.file import Page

PAGE = Page(
    name="double_descent",
    folder="descent",
    theory=("optimum", "sphere", "models"),
    trials=("trials",),
    knobs=settings.knobs,
    constants=settings.constants,
    solved=reference.solved,
)
