"""python -m sims.store"""

from sims.shell import streams

if __name__ == "__main__":
    streams.start("sims.store.command")
