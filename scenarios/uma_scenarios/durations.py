"""Times as people write them: `15 minutes`, `30 days`."""

import re
from collections.abc import Mapping

_UNITS: Mapping[str, int] = {"second": 1, "minute": 60, "hour": 3600, "day": 86_400}
_FORM = re.compile(r"([1-9]\d{0,6}) (second|minute|hour|day)s?")


def seconds_of(text: str) -> int:
    """Return the seconds that a duration has; raise `ValueError` for what is none."""
    found = _FORM.fullmatch(text)
    if found is None:
        raise ValueError(f"{text!r} is no duration such as '15 minutes' or '30 days'")
    return int(found[1]) * _UNITS[found[2]]


def in_words(seconds: int) -> str:
    """Return a duration in its largest whole unit."""
    for name, size in reversed(list(_UNITS.items())):
        if seconds % size == 0 and seconds >= size:
            count = seconds // size
            return f"{count} {name}{'' if count == 1 else 's'}"
    return f"{seconds} seconds"
