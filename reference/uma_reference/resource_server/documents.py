"""The API of documents: reading, writing and deleting one, and its description."""

from contextlib import suppress
from dataclasses import replace

from uma_reference.resource_server.core import Core
from uma_reference.resource_server.descriptions import (
    described,
    is_json,
    read_content,
    read_description,
)
from uma_reference.resource_server.errors import (
    Unavailable,
    invalid_request,
    not_allowed,
    not_found,
)
from uma_reference.resource_server.http import JSON, Call, Reply, document
from uma_reference.resource_server.model import METHODS, Document, is_identifier
from uma_reference.strict_json import BadJson, parse


def read(core: Core, call: Call) -> Reply:
    """Answer with the content of a document."""
    found = permitted(core, call, "GET")
    plain = "" if is_json(found.media_type) else "; charset=utf-8"
    return Reply(200, found.content, f"{found.media_type}{plain}")


def write(core: Core, call: Call) -> Reply:
    """Replace the content of a document."""
    found = permitted(core, call, "PUT")
    content = read_content(found.media_type, call.body_of(found.media_type))
    if not core.store.replace_document(replace(found, content=content)):
        raise not_found()
    return Reply(204)


def delete(core: Core, call: Call) -> Reply:
    """Delete a document and end its registration, now or when that can be done."""
    found = permitted(core, call, "DELETE")
    if not core.store.delete_document(found.owner, found.id):
        raise not_found()
    # Where that cannot be done now, the registration stays in the store until it is settled.
    with suppress(Unavailable):
        core.registrar.deregister(found.owner, found.id)
    return Reply(204)


def read_described(core: Core, call: Call) -> Reply:
    """Answer the owner with the description of a document."""
    core.people.owner_herself(call)
    return document(shown(core, _document(core, call)))


def describe(core: Core, call: Call) -> Reply:
    """Replace the description of a document, here and at the authorization server."""
    core.people.owner_herself(call)
    changed = replace(_document(core, call), description=read_description(json_of(call)))
    if not core.store.replace_document(changed):
        raise not_found()
    return document(shown(core, changed, problem=register(core, changed)))


def permitted(core: Core, call: Call, method: str) -> Document:
    """Return the document in the path if the request may be answered; raise `ApiError`.

    The owner may do everything. For others, the document says which scope a method needs.
    """
    found = _document(core, call)
    if core.people.signed_in(call) == found.owner:
        return found
    scope = found.description.operations.get(method)
    if scope is None:
        raise not_allowed(set(found.description.operations) & set(METHODS))
    core.guard.check(found, scope, call.credentials("bearer"))
    return found


def register(core: Core, item: Document) -> str:
    """Register a document or bring its registration up to date; return what stands in the way."""
    try:
        core.registrar.registered(item)
    except Unavailable as error:
        return str(error)
    return ""


def shown(core: Core, item: Document, problem: str = "") -> dict[str, object]:
    """Return what the owner sees of a document: with its registration, and where to set policy."""
    registration = core.store.registration(item.owner, item.id)
    known = registration is not None and registration.issuer == core.config.issuer
    found: dict[str, object] = {
        "id": item.id,
        "url": core.places.document(item.owner, item.id),
        **described(item),
        "media_type": item.media_type,
        "registered": known,
    }
    if registration is not None and known:
        found["resource_id"] = registration.resource_id
        if registration.policy_uri:
            found["user_access_policy_uri"] = registration.policy_uri
    return found | ({"problem": problem} if problem else {})


def json_of(call: Call) -> object:
    """Return the JSON document in a body; raise `ApiError`."""
    try:
        return parse(call.body_of(JSON))
    except BadJson as error:
        raise invalid_request(str(error)) from None


def _document(core: Core, call: Call) -> Document:
    owner, name = core.people.owner(call), call.places["document"]
    found = core.store.document(owner, name) if is_identifier(name) else None
    if found is None:
        raise not_found()
    return found
