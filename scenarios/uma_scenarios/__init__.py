"""Sharing scenarios for UMA 2.0, described as data."""
