"""Growing models on real images: random features, networks and ensembles of trees."""
