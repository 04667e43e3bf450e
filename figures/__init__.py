"""What it looks like: figures of the papers, pictures of the commands, the gallery, the paper, the explorer.

`figures.plots` has one module for each figure, `figure.PaperFigure` says what such a module declares, and
`marks` judges and draws what was simulated. `python -m figures` builds them all.
"""
