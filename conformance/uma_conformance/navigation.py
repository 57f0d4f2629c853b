"""Where an answer leads a browser by itself, and what it adds to an address (Grant 3.3.3)."""

import re
from collections.abc import Iterable, Iterator, Sequence
from html.parser import HTMLParser
from urllib.parse import SplitResult, parse_qsl, urljoin, urlsplit

Headers = Iterable[tuple[str, str]]

_REDIRECTIONS = frozenset({301, 302, 303, 307, 308})
_REFRESH = re.compile(
    r"^\s*[\d.]*\s*[;,]\s*(?:url\s*=\s*)?(['\"]?)(?P<place>.+?)\1\s*$", re.IGNORECASE
)
_LOCATION = r"(?<![\w.$-])(?:(?:window|document|self|top|parent)\s*\.\s*)?location\s*"
_ASSIGNED = re.compile(
    _LOCATION + r"(?:(?:\.\s*href\s*)?=|\.\s*(?:assign|replace)\s*\()\s*(['\"])(?P<place>.+?)\1"
)
_ESCAPED = re.compile(r"\\(?:u00(?P<unicode>[0-9a-fA-F]{2})|x(?P<hex>[0-9a-fA-F]{2})|(?P<self>.))")


def redirection(url: str, status: int, headers: Headers, body: str) -> str:
    """Return where an answer leads without any script, absolute; empty if it stays a page."""
    return next(_without_scripts(url, status, tuple(headers), body), "")


def destinations(url: str, status: int, headers: Headers, body: str) -> Sequence[str]:
    """Return every place that an answer may lead to by itself, also what its scripts name."""
    scripts = (_resolved(url, place) for place in _scripted(body))
    return [*_without_scripts(url, status, tuple(headers), body), *scripts]


def same_place(address: str, uri: str) -> bool:
    """Tell whether an address is a URI as far as its query; the host without regard to case."""
    one, other = _parts(address), _parts(uri)
    if one is None or other is None:
        return False
    return (one.scheme, one.netloc.lower(), one.path or "/") == (
        other.scheme,
        other.netloc.lower(),
        other.path or "/",
    )


def leads_to(address: str, uri: str) -> bool:
    """Tell whether an address is just this URI, with nothing but parameters added to its query."""
    one, other = _parts(address), _parts(uri)
    if one is None or other is None:
        return False
    same = (one.scheme, one.netloc, one.path) == (other.scheme, other.netloc, other.path)
    return same and _holds(one.query, other.query) and other.fragment in one.fragment


def keeps_query(address: str, uri: str) -> bool:
    """Tell whether an address has every parameter of a URI, with the same value."""
    one, other = _parts(address), _parts(uri)
    return one is not None and other is not None and _holds(one.query, other.query)


def added(address: str, uri: str = "") -> Sequence[tuple[str, str]]:
    """Return the parameters in the query of an address that are not those of the URI."""
    one, other = _parts(address), _parts(uri)
    own = _pairs(other.query) if other else []
    found = _pairs(one.query) if one else []
    for pair in own:
        if pair in found:
            found.remove(pair)
    return found


def in_fragment(address: str) -> Sequence[tuple[str, str]]:
    """Return the parameters in the fragment of an address, where a server never gets them."""
    parts = _parts(address)
    return _pairs(parts.fragment) if parts else []


def path_of(address: str) -> str:
    """Return the path of an address, which ends before its query."""
    parts = _parts(address)
    return parts.path if parts else ""


def text_of(body: str) -> str:
    """Return what a page shows as text, without scripts and styles, in single spaces."""
    page = _Page()
    page.feed(body)
    return " ".join(" ".join(page.texts).split())


def _without_scripts(
    url: str, status: int, headers: Sequence[tuple[str, str]], body: str
) -> Iterator[str]:
    given = {name.lower(): value for name, value in reversed(headers)}
    place = given.get("location", "")
    if status in _REDIRECTIONS and place:
        yield _resolved(url, place)
        return
    for content in (given.get("refresh", ""), *_page(body).refreshes):
        found = _REFRESH.match(content)
        if found:
            yield _resolved(url, found.group("place"))


def _scripted(body: str) -> Iterator[str]:
    for script in _page(body).scripts:
        for found in _ASSIGNED.finditer(script):
            yield _ESCAPED.sub(_unescaped, found.group("place"))


def _unescaped(found: re.Match[str]) -> str:
    digits = found.group("unicode") or found.group("hex")
    return chr(int(digits, 16)) if digits else found.group("self")


def _page(body: str) -> "_Page":
    page = _Page()
    if "<" in body:
        page.feed(body)
    return page


def _resolved(url: str, place: str) -> str:
    try:
        return urljoin(url, place)
    except ValueError:
        return place


def _parts(address: str) -> SplitResult | None:
    try:
        return urlsplit(address)
    except ValueError:
        return None


def _pairs(query: str) -> list[tuple[str, str]]:
    return parse_qsl(query, keep_blank_values=True)


def _holds(query: str, wanted: str) -> bool:
    found = _pairs(query)
    return all(pair in found for pair in _pairs(wanted))


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.refreshes: list[str] = []
        self.scripts: list[str] = []
        self.texts: list[str] = []
        self._within = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "meta" and given.get("http-equiv", "").lower() == "refresh":
            self.refreshes.append(given.get("content", ""))
        if tag in {"script", "style"}:
            self._within = tag

    def handle_endtag(self, tag: str) -> None:
        if tag == self._within:
            self._within = ""

    def handle_data(self, data: str) -> None:
        if self._within == "script":
            self.scripts.append(data)
        elif not self._within:
            self.texts.append(data)
