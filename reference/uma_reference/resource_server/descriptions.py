"""Documents as JSON: what owners send, what the catalogue shows, what is registered."""

import json
import re
from collections.abc import Mapping
from typing import cast
from urllib.parse import urlsplit

from uma_reference.resource_server.errors import invalid_request
from uma_reference.resource_server.model import (
    METHODS,
    OPERATIONS,
    SCOPES,
    Description,
    Document,
    is_identifier,
)
from uma_reference.strict_json import BadJson, parse

ASKING = ("needed", "all", "none")
EXTENSION = "document"
"""The member of a description by which the server knows its own registrations: a URL."""
_TEXTS = ("type", "description", "icon_uri")
_MEMBERS = frozenset({"name", "scopes", "operations", "ask_for", "related", *_TEXTS})
_CONTENT = frozenset({"id", "media_type", "content"})
_TOKEN = r"[A-Za-z0-9!#$&^_.+-]{1,60}"  # noqa: S105 - a part of a media type's name
_MEDIA_TYPE = re.compile(f"{_TOKEN}/{_TOKEN}")


def read_document(owner: str, document: str, value: object) -> Document:
    """Read a document that an owner makes; raise `ApiError`."""
    if not is_identifier(document):
        raise invalid_request("id has to be of letters, digits and . _ ~ -, and not too long")
    members = members_of(value, "the body")
    media_type = members.get("media_type", "application/json")
    if not isinstance(media_type, str) or not _MEDIA_TYPE.fullmatch(media_type):
        raise invalid_request("media_type has to be a media type without parameters")
    description = read_description(
        {name: item for name, item in members.items() if name not in _CONTENT}
    )
    media_type = media_type.lower()
    content = members.get("content", None if is_json(media_type) else "")
    if is_json(media_type):
        return Document(owner, document, description, media_type, _json(content))
    if not isinstance(content, str):
        raise invalid_request("content has to be a string unless its media type is of JSON")
    return Document(owner, document, description, media_type, content.encode())


def read_description(value: object) -> Description:
    """Read the description of a document; raise `ApiError`. Unknown members are refused."""
    members = members_of(value, "a description")
    for name in members.keys() - _MEMBERS:
        raise invalid_request(f"a description has no member {name!r}"[:200])
    texts = {name: _text(members, name) for name in _TEXTS}
    name = _text(members, "name")
    if not name:
        raise invalid_request("name is missing")
    scopes = _strings(members, "scopes", SCOPES)
    if not scopes or len(set(scopes)) != len(scopes):
        raise invalid_request("scopes has to hold names, each of them once")
    ask_for = _text(members, "ask_for")
    if ask_for and ask_for not in ASKING:
        raise invalid_request(f"ask_for has to be one of {', '.join(ASKING)}")
    return Description(
        name=name,
        scopes=scopes,
        operations=_operations(members, scopes),
        ask_for=ask_for,
        related=_strings(members, "related", ()),
        **texts,
    )


def read_content(media_type: str, body: bytes) -> bytes:
    """Return content that replaces another one of a media type; raise `ApiError`."""
    try:
        if is_json(media_type):
            parse(body)
        else:
            body.decode("utf-8")
    except BadJson as error:
        raise invalid_request(str(error)) from None
    except UnicodeDecodeError:
        raise invalid_request("the body is no UTF-8 text") from None
    return body


def is_json(media_type: str) -> bool:
    """Tell whether a media type is of JSON (RFC 6838 4.2.8)."""
    return media_type == "application/json" or media_type.endswith("+json")


def described(document: Document) -> dict[str, object]:
    """Return the description of a document as its owner sees and sends it."""
    item = document.description
    full: dict[str, object] = {
        "name": item.name,
        **{name: getattr(item, name) for name in _TEXTS},
        "scopes": list(item.scopes),
        "operations": dict(item.operations),
        "ask_for": item.ask_for,
        "related": list(item.related),
    }
    return {name: member for name, member in full.items() if member or name == "operations"}


def resource_description(document: Document, url: str) -> dict[str, object]:
    """Return what is registered for a document (FedAuthz 3.1), with its URL as an extension."""
    item = document.description
    texts = {name: str(getattr(item, name)) for name in ("name", *_TEXTS)}
    return {
        "resource_scopes": list(item.scopes),
        **{name: text for name, text in texts.items() if text},
        EXTENSION: url,
    }


def _operations(members: Mapping[str, object], scopes: tuple[str, ...]) -> dict[str, str]:
    if "operations" not in members:
        return {method: scope for method, scope in OPERATIONS.items() if scope in scopes}
    found: dict[str, str] = {}
    for method, scope in members_of(members["operations"], "operations").items():
        if method not in METHODS or scope not in scopes:
            names = ", ".join(METHODS)
            raise invalid_request(f"operations has to map {names} to scopes of the document")
        found[method] = str(scope)
    return found


def members_of(value: object, what: str) -> Mapping[str, object]:
    """Return the members of a JSON object; raise `ApiError`."""
    if not isinstance(value, dict):
        raise invalid_request(f"{what} has to be a JSON object")
    return cast("Mapping[str, object]", value)


def _text(members: Mapping[str, object], name: str) -> str:
    value = members.get(name, "")
    if not isinstance(value, str):
        raise invalid_request(f"{name} has to be a string")
    if name == "icon_uri" and value and not _is_uri(value):
        raise invalid_request("icon_uri has to be an absolute URI")
    return value


def _is_uri(value: str) -> bool:
    try:
        return bool(urlsplit(value).scheme) and value.isascii() and value.isprintable()
    except ValueError:
        return False


def _strings(
    members: Mapping[str, object], name: str, standard: tuple[str, ...]
) -> tuple[str, ...]:
    value = members.get(name, standard)
    if not isinstance(value, list | tuple):
        raise invalid_request(f"{name} has to be an array of strings")
    items = cast("list[object]", value)
    if not all(isinstance(item, str) and item for item in items):
        raise invalid_request(f"{name} has to be an array of non-empty strings")
    return tuple(str(item) for item in items)


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


def canonical(value: Mapping[str, object]) -> str:
    """Return a description as text that is the same for the same description."""
    return json.dumps(value, sort_keys=True)
