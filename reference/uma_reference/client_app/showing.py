"""What a resource looks like on a page: always as text."""

import re
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from uma_reference.client import HttpAnswer
from uma_reference.strict_json import BadJson, parse

_DEEPEST = 30
_LONGEST = 4 << 20
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+')
_CHARSETS = {"utf-8": "utf-8-sig", "us-ascii": "ascii", "iso-8859-1": "iso-8859-1"}
_TEXT_CONTROLS = frozenset("\t\n\r\f")


@dataclass(frozen=True, slots=True)
class Shown:
    """A resource for a page: `text` as people read it, `raw` as it came, nothing when it is none.

    `type` is its media type without parameters.
    """

    type: str
    size: int
    text: str | None
    raw: str | None

    @property
    def is_json(self) -> bool:
        """Tell whether it says that it is JSON."""
        return is_json(self.type)


def show(answer: HttpAnswer) -> Shown:
    """Read a resource server's answer."""
    kind, _, parameters = next(iter(answer.header("content-type")), "").partition(";")
    kind = kind.strip().lower()
    raw = _decoded(answer.body, parameters)
    text = raw
    if raw is not None and is_json(kind):
        try:
            parse(raw.encode())
            text = indented(raw)
        except BadJson:
            text = raw
    return Shown(kind, len(answer.body), text, raw)


def is_json(kind: str) -> bool:
    """Tell whether a media type is one of JSON, as those of FHIR are."""
    return kind == "application/json" or kind.endswith("+json")


def indented(text: str) -> str:
    """Indent a JSON text, whose numbers and strings stay as they are; as it is if that is long."""
    parts: list[str] = []
    depth, size, before = 0, 0, ""
    for match in _TOKEN.finditer(text):
        part = match.group()
        opens, closes = part in {"{", "["}, part in {"}", "]"}
        depth -= closes
        empty = closes and before in {"{", "["}
        if (closes or before in {"{", "[", ","}) and not empty:
            parts.append("\n" + "  " * depth)
        parts.append(f"{part} " if part == ":" else part)
        depth += opens
        size += len(part) + 2 * depth
        if depth > _DEEPEST or size > _LONGEST:
            return text
        before = part
    return "".join(parts)


def is_editable(document: Shown, form_bytes: int) -> bool:
    """Tell whether a text can be sent in a form of some size, with room for it to grow."""
    # In a form, a byte can take three.
    return document.raw is not None and document.size * 4 + 1024 < form_bytes


def file_name(url: str) -> str:
    """Return a name under which a resource can be saved: plain letters, digits and dashes."""
    last = unquote(urlsplit(url).path).rstrip("/").rpartition("/")[2]
    name = re.sub(r"[^A-Za-z0-9._-]+", "-", last).strip(".-")
    return name[:80] or "document"


def _decoded(body: bytes, parameters: str) -> str | None:
    found = re.search(r'charset\s*=\s*"?([A-Za-z0-9_-]+)', parameters)
    charset = found.group(1).lower() if found else "utf-8"
    try:
        text = body.decode(_CHARSETS.get(charset, "utf-8"))
    except UnicodeDecodeError:
        return None
    controls = any(letter < " " and letter not in _TEXT_CONTROLS for letter in text)
    return None if controls else text
