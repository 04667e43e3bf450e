"""Statements of the literature, each with the theory it stands on and an experiment that decides it.

python -m sims.claims check --quick

A module of sims.claims.papers is named by a key of paper/references.bib and holds that paper's claims. They
are found by discovery, and `python -m sims.claims` lists, shows, checks and sabotages them.
"""

from sims.claims.claim import Claim as Claim
from sims.claims.claim import Exercise as Exercise
from sims.experiments.settings import Settings as Settings
