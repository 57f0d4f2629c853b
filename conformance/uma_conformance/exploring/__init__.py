"""Model-based testing of a live target: random walks, and what the specifications promise of each.

Hypothesis makes up the walks; a small model, which knows of recorded steps only, says which row a
step breaks. Nothing of Hypothesis is imported until somebody explores.
"""
