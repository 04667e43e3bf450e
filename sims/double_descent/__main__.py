"""python -m sims.double_descent"""

from sims.shell import streams

if __name__ == "__main__":
    streams.start("sims.double_descent.command")
