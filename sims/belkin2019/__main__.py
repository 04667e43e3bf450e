"""python -m sims.belkin2019"""

from sims.shell import streams

if __name__ == "__main__":
    streams.start("sims.belkin2019.command")
