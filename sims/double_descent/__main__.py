"""python -m sims.double_descent"""

import sys

from sims.double_descent.command import main
from sims.shell import console

if __name__ == "__main__":
    sys.exit(console.run(main))
