"""Checks of the pack `uma1-residue`: whether a server speaks UMA 1."""
