"""What an experiment reads its settings from."""

from typing import Any

Settings = Any
"""A namespace with the names of the settings: s.n, s.d, ..."""
