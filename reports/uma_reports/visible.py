"""Target text made safe to look at: what cannot be seen, or would mislead, is shown as a sign.

Answers of a target are hostile input: they may hold terminal escapes, characters that reverse the
reading direction, halves of surrogate pairs and characters that XML forbids.
"""

import re
from itertools import chain

_FIRST_AFTER_CONTROLS = 0xA0
_MISLEADING = "".join(
    map(
        chr,
        chain(
            (0xAD, 0x061C, 0x180E, 0x2028, 0x2029, 0xFEFF),  # soft hyphen, separators, marks
            range(0x200B, 0x2010),  # zero width, direction marks
            range(0x202A, 0x202F),  # direction overrides
            range(0x2060, 0x2070),  # invisible operators, direction isolates
        ),
    )
)
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff" + _MISLEADING + "]"
)
_BLANK = re.compile(r"\s+")


def visible(text: str) -> str:
    """Return the text with every character that is unseen or misleading shown as a sign.

    Control, direction and zero-width characters become their code point, and what is no character
    at all the replacement character. Line feeds and tabs stay.
    """
    return _UNSEEN.sub(_sign, text.replace("\r\n", "\n"))


def one_line(text: str, limit: int | None = None) -> str:
    """Return the visible text on one line, shortened to `limit` characters if given."""
    line = visible(_BLANK.sub(" ", text)).strip()
    if limit is not None and len(line) > limit:
        return line[: limit - 1].rstrip() + "…"
    return line


def _sign(found: re.Match[str]) -> str:
    character = found[0]
    code = ord(character)
    if code < _FIRST_AFTER_CONTROLS or character in _MISLEADING:
        return f"⟨U+{code:04X}⟩"
    return "\N{REPLACEMENT CHARACTER}"
