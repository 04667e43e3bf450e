"""Training time: error against the time of gradient flow, with fast and slow features."""

from figures.page.file import Page
from figures.page.training import reference, settings

PAGE = Page(
    name="training_time",
    title="training time",
    folder="training",
    core=(
        "common/special",
        "common/equation",
        "common/fields",
        "training/complex",
        "training/flow",
        "common/random",
        "common/matrices",
        "training/modes",
        "training/trials",
        "common/verdict",
        "common/worker",
    ),
    face=(
        "common/words",
        "common/state",
        "common/chart",
        "common/pictures",
        "training/view",
        "common/told",
        "training/known",
        "common/check",
        "common/page",
    ),
    knobs=settings.knobs,
    constants=settings.constants,
    solved=reference.solved,
)
