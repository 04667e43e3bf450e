"""python -m sims.belkin2019"""

import sys

from sims.belkin2019.command import main
from sims.shell import console

if __name__ == "__main__":
    sys.exit(console.run(main))
