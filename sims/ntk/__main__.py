"""python -m sims.ntk"""

import sys

from sims.ntk.command import main
from sims.shell import console

if __name__ == "__main__":
    sys.exit(console.run(main))
