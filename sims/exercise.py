"""Claims as exercises: find the formula; simulation judges your answer.

From Python, where an answer may also be a function of the settings:

    from sims import exercise
    print(exercise.judge("hastie2022.ridgeless", "noise + signal*(1 - n/p)", quick=True))

From the command line: `python -m sims.exercise` is `python -m sims.claims exercise`.
"""

from sims.claims.exercises.judge import Judgement, judge

__all__ = ["Judgement", "judge"]

if __name__ == "__main__":
    import sys

    from sims.claims import command
    from sims.shell import console

    sys.exit(console.run(lambda: command.main(["exercise", *sys.argv[1:]])))
