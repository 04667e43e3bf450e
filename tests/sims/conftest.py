"""No test of simulation or of a command reads or writes the user's own store."""

from tests.own_store import own_store as own_store
