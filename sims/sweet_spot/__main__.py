"""python -m sims.sweet_spot"""

import sys

from sims.shell import console
from sims.sweet_spot.command import main

if __name__ == "__main__":
    sys.exit(console.run(main))
