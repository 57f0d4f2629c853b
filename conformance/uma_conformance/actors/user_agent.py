"""The browser of a requesting party, which the suite plays (Grant 3.3.2, 3.3.3)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie
from urllib.parse import urljoin, urlsplit

from uma_conformance.actors.actor import FORM, Journal, form_body
from uma_conformance.wire import Answer, Message

SENDER = "requesting party"
CLAIMS = "claims interaction"
_MOST_REDIRECTIONS = 10
_REDIRECTIONS = frozenset({301, 302, 303, 307, 308})


@dataclass(frozen=True, slots=True)
class Seen:
    """A page, or a redirection that leads away from the target, with its recording."""

    url: str
    answer: Answer

    @property
    def status(self) -> int:
        """The HTTP status, 0 when nothing answered."""
        return self.answer.status

    @property
    def text(self) -> str:
        """The body, as received."""
        return self.answer.body

    @property
    def redirect(self) -> str:
        """Where the answer redirects to, absolute; empty without a redirection."""
        place = self.answer.header("location")
        redirects = self.status in _REDIRECTIONS and bool(place)
        return urljoin(self.url, place) if redirects else ""


@dataclass(slots=True)
class UserAgent:
    """Keeps cookies and follows redirections as long as they stay at the target's origin."""

    journal: Journal
    origin: str
    _cookies: dict[str, str] = field(default_factory=dict[str, str], repr=False)

    def get(self, url: str, label: str = "", purpose: str = "Load a page") -> Seen:
        """Load a page; return the last one, or the redirection that leads away."""
        return self._follow("GET", url, b"", label, purpose)

    def submit(
        self, url: str, fields: Mapping[str, str], label: str = "", purpose: str = "Send a form"
    ) -> Seen:
        """Send a form with POST; return as `get` does."""
        return self._follow("POST", url, form_body(fields), label, purpose)

    def hide(self, kind: str, value: str) -> None:
        """Keep a value that is typed into a form out of the recording."""
        self.journal.wire.redactor.learn(kind, value)

    def _follow(self, method: str, url: str, body: bytes, label: str, purpose: str) -> Seen:
        seen = self._send(method, url, body, label, purpose)
        for _ in range(_MOST_REDIRECTIONS):
            if not seen.redirect or origin_of(seen.redirect) != self.origin:
                return seen
            seen = self._send("GET", seen.redirect, b"", "", "Follow a redirection")
        return seen

    def _send(self, method: str, url: str, body: bytes, label: str, purpose: str) -> Seen:
        headers = [("accept", "text/html")]
        if self._cookies:
            headers.append(("cookie", "; ".join(f"{k}={v}" for k, v in self._cookies.items())))
        if method == "POST":
            headers += [("content-type", FORM), ("origin", self.origin)]
        answer = self.journal.send(
            Message(method, url, tuple(headers), body),
            sender=SENDER,
            endpoint=CLAIMS,
            label=label,
            purpose=purpose,
        )
        for name, value in answer.headers:
            if name.lower() == "set-cookie":
                self._keep(value)
        return Seen(url, answer)

    def _keep(self, header: str) -> None:
        try:
            morsels = SimpleCookie(header)
        except CookieError:
            return
        for name, morsel in morsels.items():
            if morsel["max-age"] == "0" or not morsel.value:
                self._cookies.pop(name, None)
            else:
                self._cookies[name] = morsel.value


def origin_of(url: str) -> str:
    """Return scheme, host and port of a URL as browsers write them; empty for no URL."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return f"{parts.scheme}://{parts.netloc}"
