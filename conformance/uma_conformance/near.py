"""Near matches for names that do not exist."""

from collections.abc import Iterable
from difflib import get_close_matches


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return the end of an error message that names what comes near, or nothing."""
    candidates = list(known)
    exact = {item.lower(): item for item in candidates}
    near = get_close_matches(name.lower(), list(exact), n=3, cutoff=0.6)
    return f"; near to it: {', '.join(exact[item] for item in near)}" if near else ""
