"""Finished trials in one file: list, verify, export and prune them.

python -m sims.store list
"""
