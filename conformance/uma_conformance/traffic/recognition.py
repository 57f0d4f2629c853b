"""Finding the exchanges of UMA in traffic: by method, address, grant type and members."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

from uma_conformance.actors.client import TOKEN, UMA_GRANT
from uma_conformance.actors.metadata import WELL_KNOWN, discovery_url, is_web_uri
from uma_conformance.actors.resource_server import INTROSPECTION, PERMISSION, REGISTRATION
from uma_conformance.actors.user_agent import CLAIMS
from uma_conformance.jsonvalue import object_of
from uma_conformance.probes.discovery import ENDPOINT as DISCOVERY
from uma_conformance.trace import parse_json
from uma_conformance.traffic.addresses import below, origin_of, place_of
from uma_conformance.traffic.har import Entry

# The name of each endpoint on the command line, in the discovery document and in the recording.
ENDPOINTS: Mapping[str, tuple[str, str]] = {
    "token": ("token_endpoint", TOKEN),
    "permission": ("permission_endpoint", PERMISSION),
    "resource_registration": ("resource_registration_endpoint", REGISTRATION),
    "introspection": ("introspection_endpoint", INTROSPECTION),
    "claims_interaction": ("claims_interaction_endpoint", CLAIMS),
}
ITEM, COLLECTION = "item", "collection"


class UnknownServer(Exception):  # noqa: N818 - a question to whoever gave the traffic
    """The traffic does not tell which authorization server to judge; the message asks for it."""


@dataclass(frozen=True, slots=True)
class Recognised:
    """An entry that is of UMA, with the endpoint it is at and who sent it what for."""

    entry: Entry
    endpoint: str
    sender: str
    purpose: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Server:
    """The server that traffic is judged by: its issuer, and its endpoints by their names here."""

    issuer: str
    endpoints: Mapping[str, str]

    def recognise(self, entries: Iterable[Entry]) -> Iterator[Recognised]:
        """Yield the entries that are of UMA at this server, in their order."""
        awaited: set[str] = set()
        for entry in entries:
            found = self._at(entry) or self._redirect(entry, awaited)
            if found is not None:
                yield found
            if found is not None and found.endpoint == CLAIMS:
                awaited |= {place_of(value) for value in _query(entry, "claims_redirect_uri")}

    def _at(self, entry: Entry) -> Recognised | None:  # noqa: PLR0911 - one line for each endpoint
        method, url = entry.request.method, entry.request.url
        place = place_of(url)
        if method == "GET" and place and place == place_of(discovery_url(self.issuer)):
            return Recognised(entry, DISCOVERY, "client", "Fetch the discovery document")
        name = next((n for n, e in self.endpoints.items() if place and place_of(e) == place), "")
        if name == "token" and method == "POST" and _form(entry).get("grant_type") == UMA_GRANT:
            return Recognised(entry, TOKEN, "client", "Ask for an RPT")
        if name == "permission" and method == "POST":
            return Recognised(entry, PERMISSION, "resource server", "Ask for a permission ticket")
        if name == "introspection" and method == "POST" and "token" in _form(entry):
            return Recognised(entry, INTROSPECTION, "resource server", "Introspect a token")
        if name == "claims_interaction" and method == "GET" and _query(entry, "ticket"):
            return Recognised(entry, CLAIMS, "requesting party", "Give claims in person")
        registration = self.endpoints.get("resource_registration", "")
        name_of_item = below(url, registration)
        # A query is an extension, whose answers may have other forms.
        label = ITEM if name_of_item else COLLECTION
        purpose = _OPERATIONS.get((method, label))
        if name_of_item is not None and purpose is not None and "?" not in url:
            return Recognised(entry, REGISTRATION, "resource server", purpose, label)
        return None

    def _redirect(self, entry: Entry, awaited: set[str]) -> Recognised | None:
        """Recognise a redirection back to a client, from any page of the server."""
        claims = self.endpoints.get("claims_interaction", "")
        if not claims or origin_of(entry.request.url) != origin_of(claims):
            return None
        if place_of(redirection(entry)) not in awaited - {""}:
            return None
        return Recognised(entry, CLAIMS, "requesting party", "Return to the client")


_OPERATIONS = {
    ("POST", COLLECTION): "Register",
    ("GET", COLLECTION): "List the resources",
    ("GET", ITEM): "Read the description",
    ("PUT", ITEM): "Replace the description",
    ("DELETE", ITEM): "Deregister",
}


def server_of(entries: Iterable[Entry], issuer: str, given: Mapping[str, str]) -> Server:
    """Return the server to judge: told by its issuer or endpoints, or by the traffic itself.

    Raises `UnknownServer` when several are possible, or none.
    """
    documents = dict(_documents(entries))
    if not issuer and not given and documents:
        issuer = _only_issuer(documents)
    document = documents.get(issuer.removesuffix("/"), {})
    endpoints = {
        name: str(document[member])
        for name, (member, _) in ENDPOINTS.items()
        if isinstance(document.get(member), str) and is_web_uri(str(document[member]))
    }
    endpoints |= given
    if not endpoints:
        where = f" of {issuer}" if issuer else ""
        raise UnknownServer(f"there is no discovery document{where} in it")
    return Server(issuer, endpoints)


def _only_issuer(documents: Mapping[str, Mapping[str, object]]) -> str:
    if len(documents) > 1:
        listed = ", ".join(sorted(documents))
        raise UnknownServer(f"there are discovery documents of several issuers in it: {listed}")
    place, document = next(iter(documents.items()))
    named = document.get("issuer")
    if isinstance(named, str) and named.removesuffix("/") == place:
        return named
    raise UnknownServer(f"the discovery document at {place} names another issuer, {named!r}")


def redirection(entry: Entry) -> str:
    """Return where an entry redirects to; empty without a redirection."""
    response = entry.response
    if response is None or not 300 <= response.status < 400:
        return ""
    return next((value for name, value in response.headers if name.lower() == "location"), "")


def _documents(entries: Iterable[Entry]) -> Iterator[tuple[str, Mapping[str, object]]]:
    """Yield each issuer whose discovery document is in the traffic, with the document."""
    for entry in entries:
        url, response = entry.request.url.partition("?")[0], entry.response
        if url.endswith(WELL_KNOWN) and response is not None and response.status == 200:
            document = object_of(parse_json(response.body))
            if "token_endpoint" in document:
                yield url.removesuffix(WELL_KNOWN), document


def _form(entry: Entry) -> Mapping[str, str]:
    return dict(parse_qsl(entry.request.body, keep_blank_values=True))


def _query(entry: Entry, name: str) -> list[str]:
    try:
        query = urlsplit(entry.request.url).query
    except ValueError:
        return []
    return [value for key, value in parse_qsl(query, keep_blank_values=True) if key == name]
