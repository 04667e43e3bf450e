"""Claims as exercises: find the formula; simulation judges your answer.

from sims import exercise
print(exercise.judge("hastie2022.ridgeless", "noise + signal*(1 - n/p)", quick=True))
"""

from sims.claims.exercises.judge import Judgement, judge

__all__ = ["Judgement", "judge"]
