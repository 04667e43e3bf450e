"""python -m sims.store"""

import sys

from sims.shell import console
from sims.store.command import main

if __name__ == "__main__":
    sys.exit(console.run(main))
