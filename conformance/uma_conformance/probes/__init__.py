"""Probes: they act through actors and record; they never judge."""
