"""The content of an answer, whose coding nobody asked for: taken out within bounds (RFC 9110 8.4).

The suite asks for no content coding. One layer is taken off all the same, as a server may put it
on; more of them, or a coding that is unknown, is more than a receiver has to put up with.
"""

import zlib
from collections.abc import Sequence

_IDENTITY = frozenset({"", "identity"})
# How zlib is told to expect a header of gzip, or one of its own.
_CODINGS = {"gzip": zlib.MAX_WBITS | 16, "x-gzip": zlib.MAX_WBITS | 16, "deflate": zlib.MAX_WBITS}


def decoded(body: bytes, codings: Sequence[str], limit: int) -> bytes:
    """Return the content without its coding, and no more than one byte beyond the limit of it.

    Raises `ValueError` where it cannot be taken off.
    """
    listed = [item.strip().lower() for value in codings for item in value.split(",")]
    layers = [item for item in listed if item not in _IDENTITY]
    if not layers:
        return body
    if len(layers) > 1 or layers[0] not in _CODINGS:
        raise ValueError(f"the content coding {', '.join(layers)!r} was not asked for")
    unpacking = zlib.decompressobj(_CODINGS[layers[0]])
    try:
        content = unpacking.decompress(body, limit + 1)
    except zlib.error as error:
        raise ValueError(f"the content is no {layers[0]}: {error}") from error
    if not unpacking.eof and len(content) <= limit:
        raise ValueError(f"the content ends before its {layers[0]} does")
    return content
