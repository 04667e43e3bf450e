"""No test of figures reads or writes the user's own store."""

from tests.own_store import own_store as own_store
