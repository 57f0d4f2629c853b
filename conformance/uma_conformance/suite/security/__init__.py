"""Checks of the pack `security`: what lies beyond the letter of UMA 2.0."""
