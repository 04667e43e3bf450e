"""How trials run: seeds, processes, clusters, the store of finished ones, and what they measured."""
