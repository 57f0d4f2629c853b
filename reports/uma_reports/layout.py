"""Message bodies laid out for reading, with nothing in them changed but white space."""

import json
import re
from dataclasses import dataclass
from urllib.parse import parse_qsl

LONGEST_BODY = 10_000
_LONGEST_LAID_OUT = 200_000
_DEEPEST = 40
_OPENING = frozenset("{[")
_CLOSING = frozenset("}]")
_PART = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+')
_FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Body:
    """A body as a report shows it; `left_out` counts the characters that it does not show."""

    text: str
    note: str
    left_out: int


def lay_out(body: str, media_type: str) -> Body:
    """Return a body indented if it is JSON, decoded if it is a form, and shortened if long."""
    text, note = body, ""
    if len(body) <= _LONGEST_LAID_OUT:
        if _is_json(body):
            text, note = _indented(body), "JSON, indented"
        elif media_type.partition(";")[0].strip().lower() == _FORM and body:
            text, note = _form(body)
    shown = text if len(text) <= LONGEST_BODY else text[:LONGEST_BODY]
    return Body(shown, note, len(text) - len(shown))


def _is_json(body: str) -> bool:
    if body.lstrip()[:1] not in {"{", "["}:
        return False
    try:
        json.loads(body)
    except (ValueError, RecursionError):
        return False
    return True


def _indented(body: str) -> str:
    """Return valid JSON text indented; its parts stay as they are, so evidence stays evidence."""
    laid_out: list[str] = []
    depth = 0
    parts: list[str] = _PART.findall(body)
    for before, part, after in zip(["", *parts], parts, [*parts[1:], ""], strict=False):
        if part in _OPENING:
            depth += 1
            laid_out.append(part if after in _CLOSING else part + _line_end(depth))
        elif part in _CLOSING:
            depth -= 1
            laid_out.append(part if before in _OPENING else _line_end(depth) + part)
        elif part == ",":
            laid_out.append(part + _line_end(depth))
        else:
            laid_out.append(": " if part == ":" else part)
    return "".join(laid_out)


def _line_end(depth: int) -> str:
    return "\n" + "  " * min(depth, _DEEPEST)


def _form(body: str) -> tuple[str, str]:
    try:
        parameters = parse_qsl(body, keep_blank_values=True, strict_parsing=True)
    except ValueError:
        return body, ""
    return "\n".join(f"{name} = {value}" for name, value in parameters), "form, decoded"
