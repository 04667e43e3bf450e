"""Double descent: error against the number of parameters, in the models of `sims.double_descent`."""

from figures.page.descent import reference, settings
from figures.page.file import Page

PAGE = Page(
    name="double_descent",
    title="double descent",
    folder="descent",
    core=(
        "common/special",
        "common/equation",
        "common/fields",
        "descent/optimum",
        "descent/sphere",
        "descent/models",
        "common/random",
        "common/matrices",
        "descent/trials",
        "common/verdict",
        "common/worker",
    ),
    face=(
        "common/words",
        "common/state",
        "common/chart",
        "common/pictures",
        "descent/view",
        "common/told",
        "descent/known",
        "common/check",
        "common/page",
    ),
    knobs=settings.knobs,
    constants=settings.constants,
    solved=reference.solved,
)
