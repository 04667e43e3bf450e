"""The figures, one module for each, named by the key of the paper and by what it shows."""
