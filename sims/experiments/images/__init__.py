"""Growing models on real images [belkin2019]: random features, networks and ensembles of trees.

`growing_models` is the trial of `python -m sims.belkin2019`, `contrasts` are those of the claims.
"""
