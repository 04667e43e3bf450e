"""The type of the argument from which the trial of a claim reads its settings."""

from typing import Any

Settings = Any
"""A namespace with the settings of a claim by name, such as s.n and s.d; see `sims.claims.Claim.defaults`."""
