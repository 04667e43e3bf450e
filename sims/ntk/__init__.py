"""Wide networks become kernel machines: how fast, and what stays of the difference.

python -m sims.ntk --activation tanh --quick
"""
