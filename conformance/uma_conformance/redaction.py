"""Replacement of secrets by pseudonyms before anything is recorded.

A pseudonym is the kind of the secret and a truncated HMAC of its value under a key of the run:
equal secrets get equal pseudonyms, and the value cannot be recovered from a report.
"""

import base64
import binascii
import hashlib
import hmac
import html
import json
import re
from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from urllib.parse import parse_qsl, quote, quote_plus, urlsplit

from uma_conformance.jsonvalue import array_of, object_of
from uma_conformance.trace import NOT_JSON, Request, Response, parse_json

_KINDS: Mapping[str, str] = {
    "access_token": "token",
    "assertion": "assertion",
    "claim_token": "claim-token",
    "client_assertion": "assertion",
    "client_secret": "secret",
    "code": "code",
    "id_token": "claim-token",
    "password": "secret",
    "pct": "pct",
    "refresh_token": "token",
    "registration_access_token": "token",
    "rpt": "token",
    "subject_token": "token",
    "ticket": "ticket",
    "token": "token",
    "address": "claim",
    "birthdate": "claim",
    "email": "claim",
    "family_name": "claim",
    "given_name": "claim",
    "phone_number": "claim",
    "preferred_username": "claim",
    "sub": "claim",
    "username": "claim",
}
# An authorization code is a secret in a form or a URL; in JSON the name means an error code.
_JSON_NAMES = "|".join(name for name in _KINDS if name != "code")
_FORM_NAMES = "|".join(_KINDS)
# Below this length a secret may well be part of an ordinary word, so it is replaced only where its
# name stands next to it.
_SHORTEST = 8
_PSEUDONYM_DIGITS = 12
# What a page hides in a form can be as good as a cookie.
_HIDDEN = re.compile(
    r"""<input\b(?=[^>]*\btype=["']?hidden)[^>]*\bvalue=["']([^"'\s<>]{16,})["']""", re.IGNORECASE
)


class Redactor:
    """Learns secrets as they come up and replaces them in everything that is recorded."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._pseudonyms: dict[str, str] = {}
        self._forms: list[tuple[str, str]] = []

    def learn(self, kind: str, value: str) -> str:
        """Remember a secret and return its pseudonym; the first kind that is given stays."""
        known = self._pseudonyms.get(value)
        if known is not None:
            return known
        digest = hmac.new(self._key, value.encode("utf-8", "surrogatepass"), hashlib.sha256)
        pseudonym = f"{kind}:{digest.hexdigest()[:_PSEUDONYM_DIGITS]}"
        self._pseudonyms[value] = pseudonym
        if len(value) >= _SHORTEST:
            for form in _written_forms(value):
                # Longest first, so that a secret inside another one does not break it up.
                insort(self._forms, (form, pseudonym), key=_longest_first)
        return pseudonym

    def request(self, request: Request) -> Request:
        """Return the request without its secrets."""
        self._learn_from_url(request.url)
        self._learn_from_body(request.body, _header(request.headers, "content-type"))
        headers = tuple((name, self._header(name, value)) for name, value in request.headers)
        return Request(
            request.method, self.text(request.url), headers, self._named(self.text(request.body))
        )

    def response(self, response: Response) -> Response:
        """Return the response without its secrets."""
        self._learn_from_url(_header(response.headers, "location"))
        self._learn_from_body(response.body, _header(response.headers, "content-type"))
        headers = tuple((name, self._header(name, value)) for name, value in response.headers)
        body = self._named(self.text(response.body))
        return Response(response.status, headers, body, response.truncated)

    def text(self, text: str) -> str:
        """Replace every secret learnt so far, however it is written."""
        # Most texts are short, and most secrets are not.
        first = bisect_left(self._forms, -len(text), key=_longest_first)
        for form, pseudonym in islice(self._forms, first, None):
            if form in text:
                text = text.replace(form, pseudonym)
        return text

    def _header(self, name: str, value: str) -> str:
        match name.lower():
            case "authorization":
                scheme, _, credentials = value.partition(" ")
                return f"{scheme} {self._credentials(scheme, credentials)}" if credentials else ""
            case "set-cookie":
                return self._cookies(value, 1)
            case "cookie":
                return self._cookies(value, 0)
            case "www-authenticate":
                for found in re.finditer(r'ticket="([^"]*)"', value):
                    self.learn("ticket", found.group(1))
                return self.text(value)
            case _:
                return self.text(value)

    def _cookies(self, value: str, count: int) -> str:
        """Replace the values of cookies, of all or, before attributes, of the first alone."""
        return re.sub(
            r"=([^;\s]+)", lambda m: "=" + self.learn("cookie", m.group(1)), value, count=count
        )

    def _credentials(self, scheme: str, credentials: str) -> str:
        if scheme.lower() == "basic":
            self._learn_from_basic(credentials)
            return self.learn("basic", credentials)
        return self.learn("token", credentials)

    def _learn_from_basic(self, credentials: str) -> None:
        try:
            decoded = base64.b64decode(credentials, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            return
        _, _, secret = decoded.partition(":")
        if secret:
            self.learn("secret", secret)

    def _learn_from_url(self, url: str) -> None:
        try:
            query = urlsplit(url).query
        except ValueError:
            return
        self._learn_pairs(parse_qsl(query, keep_blank_values=True))

    def _learn_from_body(self, body: str, content_type: str) -> None:
        if "form-urlencoded" in content_type.lower():
            self._learn_pairs(parse_qsl(body, keep_blank_values=True))
            return
        if "html" in content_type.lower():
            for found in _HIDDEN.finditer(body):
                self.learn("form-token", html.unescape(found.group(1)))
            return
        value = parse_json(body)
        if value is not NOT_JSON:
            self._learn_pairs(pair for pair in _members(value) if pair[0] != "code")
            for name in _names_of_people(value):
                self.learn("claim", name)

    def _learn_pairs(self, pairs: Iterable[tuple[str, str]]) -> None:
        for name, value in pairs:
            kind = _KINDS.get(name.lower())
            if kind is not None and value:
                self.learn(kind, value)

    def _named(self, body: str) -> str:
        """Replace short secrets, and those in bodies that cannot be parsed, next to their name."""
        body = re.sub(
            rf'("(?:{_JSON_NAMES})"\s*:\s*")((?:[^"\\]|\\.)*)(")',
            lambda m: m.group(1) + self._unless_pseudonym(m.group(2)) + m.group(3),
            body,
            flags=re.IGNORECASE,
        )
        return re.sub(
            rf"(^|&)({_FORM_NAMES})=([^&\s]*)",
            lambda m: f"{m.group(1)}{m.group(2)}={self._unless_pseudonym(m.group(3))}",
            body,
            flags=re.IGNORECASE,
        )

    def _unless_pseudonym(self, value: str) -> str:
        if not value or re.fullmatch(rf"[a-z-]+:[0-9a-f]{{{_PSEUDONYM_DIGITS}}}", value):
            return value
        return self._pseudonyms.get(value) or self.learn("secret", value)


def _longest_first(pair: tuple[str, str]) -> int:
    form, _ = pair
    return -len(form)


def _written_forms(value: str) -> Iterator[str]:
    """Yield the ways in which a value may stand in a URL, a form or a JSON document."""
    in_json = json.dumps(value)[1:-1]
    yield from {
        value,
        in_json,
        in_json.replace("/", "\\/"),
        json.dumps(value, ensure_ascii=False)[1:-1],
        quote(value, safe="", errors="replace"),
        quote(value, errors="replace"),
        quote_plus(value, errors="replace"),
    }


def _members(value: object) -> Iterator[tuple[str, str]]:
    pending = [value]
    while pending:
        item = pending.pop()
        pending.extend(array_of(item))
        for name, member in object_of(item).items():
            if isinstance(member, str):
                yield name, member
            else:
                pending.append(member)


def _names_of_people(value: object) -> Iterator[str]:
    """Yield each `name` that stands beside a `sub`; other things than people have names too."""
    pending = [value]
    while pending:
        item = pending.pop()
        members = object_of(item)
        pending.extend((*array_of(item), *members.values()))
        name = members.get("name")
        if "sub" in members and isinstance(name, str) and name:
            yield name


def _header(headers: Iterable[tuple[str, str]], name: str) -> str:
    return next((value for key, value in headers if key.lower() == name), "")
