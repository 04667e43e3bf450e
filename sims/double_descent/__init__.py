"""Double descent on your machine: theory and simulation of the test error against p.

python -m sims.double_descent --model linear --noise 1
"""
