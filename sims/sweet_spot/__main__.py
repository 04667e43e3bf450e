"""python -m sims.sweet_spot"""

from sims.shell import streams

if __name__ == "__main__":
    streams.start("sims.sweet_spot.command")
