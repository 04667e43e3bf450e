"""How trials run: seeds, processes, clusters, the store that keeps them, and what they measured."""
