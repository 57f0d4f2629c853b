"""How wide text is, and how to break it, without a browser at hand.

The widths are those of the widest common fonts for user interfaces, so that a text is never wider
on a page than it is taken for here.
"""

import unicodedata
from collections.abc import Iterator

# In parts of the size of the font.
_NARROW, _PLAIN, _CAPITAL, _BROAD, _FOREIGN = 0.42, 0.66, 0.80, 1.02, 1.25
_NARROW_ONES = frozenset("ijl.,:;'|!()[] `I")
_BROAD_ONES = frozenset("mwMW@%—…→←↔✕⟨⟩")
_QUOTES = frozenset("“”„\N{EN DASH}\N{LEFT SINGLE QUOTATION MARK}\N{RIGHT SINGLE QUOTATION MARK}")
_LAST_OF_LATIN = 0x17F
_FIRST_WIDE = 0x1100


def width_of(text: str, size: float) -> float:
    """Return how wide a text may get at this size of font, in the same unit."""
    return size * sum(_width(character) for character in text)


def broken(text: str, width: float, size: float) -> tuple[str, ...]:
    """Break a text into lines of at most this width; long words are broken where they must be.

    A line of one character is as wide as that character.
    """
    lines: list[str] = []
    line = ""
    for word in _words(plain(text)):
        for part in _parts(word, width, size):
            longer = f"{line} {part}" if line else part
            if line and width_of(longer, size) > width:
                lines.append(line)
                line = part
            else:
                line = longer
    return (*lines, line) if line else tuple(lines)


def plain(text: str) -> str:
    """Return text whose height is that of a line: at most one mark above or below a letter."""
    kept: list[str] = []
    stacked = False
    for character in unicodedata.normalize("NFC", text):
        mark = bool(unicodedata.combining(character)) or unicodedata.category(character) == "Me"
        if not (mark and (stacked or not kept)):
            kept.append(character)
        stacked = mark
    return "".join(kept)


def is_foreign(text: str) -> bool:
    """Whether there is a character in it whose width depends on a font that nobody knows."""
    return any(ord(c) > _LAST_OF_LATIN and c not in _BROAD_ONES | _QUOTES for c in text)


def _words(text: str) -> Iterator[str]:
    yield from text.split()


def _parts(word: str, width: float, size: float) -> Iterator[str]:
    part = ""
    for character in word:
        if part and width_of(part + character, size) > width:
            yield part
            part = ""
        part += character
    if part:
        yield part


def _width(character: str) -> float:
    if character in _NARROW_ONES:
        return _NARROW
    if character in _BROAD_ONES:
        return _BROAD
    if character in _QUOTES:
        return _PLAIN
    if ord(character) > _LAST_OF_LATIN:
        return _FOREIGN if ord(character) >= _FIRST_WIDE else _BROAD
    return _CAPITAL if character.isupper() else _PLAIN
