"""python -m sims.claims"""

from sims.shell import streams

if __name__ == "__main__":
    streams.start("sims.claims.command")
