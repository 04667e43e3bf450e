"""python -m sims.claims"""

import sys

from sims.claims.command import main
from sims.shell import console

if __name__ == "__main__":
    sys.exit(console.run(main))
