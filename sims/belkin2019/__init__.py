"""The second descent on real data: the experiments of Belkin, Hsu, Ma and Mandal, and a verdict on each.

python -m sims.belkin2019 forest --data digits
"""
