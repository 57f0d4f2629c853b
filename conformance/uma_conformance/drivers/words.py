"""Policies in words, for those who set them by hand."""

from collections.abc import Iterable

from uma_conformance.drivers.protocol import Policy


def in_words(policies: Iterable[Policy]) -> str:
    """Say what policies allow to whom."""
    return "; ".join(map(_one, policies)) or "nobody may do anything"


def listed(scopes: Iterable[str]) -> str:
    """Return scopes in a fixed order."""
    return ", ".join(sorted(scopes))


def _one(policy: Policy) -> str:
    told = f"{policy.party} may {listed(policy.scopes)}"
    if policy.also:
        told += ", if also " + " and ".join(f"{k} is {v}" for k, v in policy.also.items())
    if policy.by_visit:
        told += ", after telling who it is at the claims interaction endpoint only"
    if policy.ask:
        told += ", after the owner was asked"
    return told
