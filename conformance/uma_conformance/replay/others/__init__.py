"""Replays with resource servers, and perhaps a client, of somebody else."""

from uma_conformance.replay.others.declared import Others, read_others

__all__ = ["Others", "read_others"]
