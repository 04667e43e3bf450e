"""python -m sims.ntk"""

from sims.shell import streams

if __name__ == "__main__":
    streams.start("sims.ntk.command")
