"""Double descent on your machine: theory and simulation of the test error against p."""
