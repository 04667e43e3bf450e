"""Training time: error against the time of gradient flow, with fast and slow features."""

from figures.page.file import Page
from figures.page.training import reference, settings

PAGE = Page(
    name="training_time",
    folder="training",
    theory=("complex", "flow"),
    trials=("modes", "trials"),
    knobs=settings.knobs,
    constants=settings.constants,
    solved=reference.solved,
)
