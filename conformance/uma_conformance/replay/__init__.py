"""Stages for scenarios: the built-in reference, and any authorization server with a driver."""
