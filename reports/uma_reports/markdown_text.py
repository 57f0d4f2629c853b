"""Text made safe inside Markdown: nothing in it acts as Markdown or as HTML."""

import re

from uma_reports.visible import one_line

_LONGEST = 400
_ACTIVE = re.compile(r"[\\`*_{}\[\]<>&|~$!^]")
_BLOCK_START = re.compile(r"^(?:(?=[#+=-])|(\d+)(?=[.)](?:\s|$)))")
_LINK = re.compile(r"https?://[!-~]+", re.ASCII)


def plain(text: str, limit: int | None = _LONGEST) -> str:
    """Return text on one line that reads as it is, wherever it stands, also in a table cell."""
    escaped = _ACTIVE.sub(_escape, one_line(text, limit))
    return _without_mentions(_without_autolinks(_BLOCK_START.sub(r"\1\\", escaped)))


def code(text: str, limit: int = _LONGEST) -> str:
    """Return text on one line as a code span that it cannot end; not for a table cell."""
    line = one_line(text, limit)
    if not line:
        return "(empty)"
    fence = "`" * (1 + max((len(run) for run in re.findall("`+", line)), default=0))
    pad = " " if line.startswith("`") or line.endswith("`") else ""
    return f"{fence}{pad}{line}{pad}{fence}"


def link(text: str, url: str) -> str:
    """Return a link if the URL is one of the web, else the text alone."""
    if not _LINK.fullmatch(url):
        return plain(text)
    target = re.sub(r"[()<>\\|`*_\[\]]", lambda found: f"%{ord(found[0]):02X}", url)
    return f"[{plain(text)}]({target})"


def _escape(found: re.Match[str]) -> str:
    entities = {"<": "&lt;", ">": "&gt;", "&": "&amp;"}
    return entities.get(found[0], f"\\{found[0]}")


def _without_autolinks(text: str) -> str:
    return re.sub(r"(?i)(?<=www)\.", r"\\.", re.sub(r":(?=//)", r"\\:", text))


def _without_mentions(text: str) -> str:
    return text.replace("@", "@\u200b")
