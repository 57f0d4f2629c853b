"""The endpoints of an authorization server, as its discovery document gives them (Grant 2)."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from uma_conformance.outcome import Outcome
from uma_conformance.trace import Exchange, Gap

WELL_KNOWN = "/.well-known/uma2-configuration"


class Blocked(Exception):  # noqa: N818 - it ends a probe early; the rows get its gap as outcome
    """A probe cannot go on; the gap says how the rows that depend on it stand."""

    def __init__(self, outcome: Outcome, reason: str) -> None:
        super().__init__(reason)
        self.gap = Gap(outcome, reason)


def discovery_url(issuer: str) -> str:
    """Return the place of the discovery document of an issuer (Grant 2)."""
    return issuer.removesuffix("/") + WELL_KNOWN


@dataclass(frozen=True, slots=True)
class Metadata:
    """The endpoints read from a discovery document; what is not usable is missing."""

    endpoints: dict[str, str]
    source: str

    @classmethod
    def read(cls, exchange: Exchange) -> "Metadata":
        """Read every member of the document that is an absolute http(s) URI."""
        found = {
            name: value
            for name, value in exchange.members.items()
            if isinstance(value, str) and is_web_uri(value)
        }
        return cls(found, exchange.outline)

    def endpoint(self, name: str) -> str:
        """Return an endpoint URI; raise `Blocked` when the document has none that is usable."""
        try:
            return self.endpoints[name]
        except KeyError:
            raise Blocked(
                Outcome.CANT_TELL,
                f"the discovery document gives no usable {name} (discovery: {self.source})",
            ) from None


def is_web_uri(value: str) -> bool:
    """Tell whether a string is an absolute http or https URI with a host."""
    try:
        parts = urlsplit(value)
        _ = parts.port
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and " " not in value
