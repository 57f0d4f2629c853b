"""How hard values would be to guess for an attacker who has seen others of them (Grant 5.4)."""

import math
from collections import Counter
from collections.abc import Collection

_ENOUGH = 8


def bits(values: Collection[str]) -> int:
    """Estimate from above how many bits an attacker who saw the others has to guess.

    Only places in which the values differ count, each with the size of the alphabet seen in all of
    them together; a counter, a time stamp or a fixed frame leaves few such places. Where there are
    too few different values to see that, every place counts.
    """
    different = set(values)
    if not different:
        return 0
    length = min(map(len, different))
    places = list(range(length))
    if len(different) >= _ENOUGH:
        places = [place for place in places if len({value[place] for value in different}) > 4]
    alphabet = Counter(value[place] for value in different for place in places)
    return round(len(places) * math.log2(max(2, len(alphabet))))
