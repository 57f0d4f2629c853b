"""Telling transactions that only got into each other's way from those that failed."""

import random
import time

from sqlalchemy.exc import DBAPIError

ATTEMPTS = 20
_FIRST_PAUSE = 0.002
_LONGEST_PAUSE = 0.2

# Serialization failure and deadlock.
_SQLSTATES = frozenset({"40001", "40P01"})
# SQLITE_BUSY and SQLITE_LOCKED; the upper bits of a code tell more about the same.
_SQLITE_CODES = frozenset({5, 6})
_SQLITE_CODE_BITS = 0xFF


def clashed(error: DBAPIError) -> bool:
    """Tell whether the same work can succeed when it is done again."""
    code = getattr(error.orig, "sqlite_errorcode", None)
    if isinstance(code, int):
        return code & _SQLITE_CODE_BITS in _SQLITE_CODES
    return getattr(error.orig, "sqlstate", None) in _SQLSTATES


def named(error: DBAPIError) -> str:
    """Return an error without what it says about values."""
    for name in ("sqlite_errorname", "sqlstate"):
        if code := getattr(error.orig, name, None):
            return f"{type(error.orig).__name__} {code}"
    return type(error.orig).__name__


def pause(attempt: int) -> None:
    """Wait a random while, longer after more attempts (counted from 0)."""
    longest = min(_LONGEST_PAUSE, _FIRST_PAUSE * 2.0**attempt)
    time.sleep(random.uniform(0, longest))  # noqa: S311 - it spreads work, it keeps no secret
