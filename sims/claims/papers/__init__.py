"""One module for each paper, named by its key in paper/references.bib: the claims of that paper."""
