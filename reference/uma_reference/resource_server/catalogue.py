"""The documents of an owner as a whole: listing them, and making a new one."""

from uma_reference.resource_server.core import Core
from uma_reference.resource_server.descriptions import members_of, read_document
from uma_reference.resource_server.documents import json_of, register, shown
from uma_reference.resource_server.errors import ApiError, invalid_request
from uma_reference.resource_server.http import Call, Reply, document
from uma_reference.resource_server.model import COLLECTION, COLLECTION_OPERATIONS


def show(core: Core, call: Call) -> Reply:
    """Answer with the documents of an owner: all about them for her, names and URLs for others."""
    owner = core.people.owner(call)
    items = [item for item in core.store.documents(owner) if item.id != COLLECTION]
    if core.people.signed_in(call) == owner:
        return document(_for_owner(core, owner, [shown(core, item) for item in items]))
    if not core.config.public_catalogue:
        _check(core, call, owner, "GET")
    public = [
        {"name": item.description.name, "url": core.places.document(owner, item.id)}
        for item in items
    ]
    return document({"documents": public})


def make(core: Core, call: Call) -> Reply:
    """Keep a new document and register it; not being able to register is told, and tried again."""
    owner = core.people.owner(call)
    hers = core.people.signed_in(call) == owner
    if not hers:
        _check(core, call, owner, "POST")
    value = json_of(call)
    members = members_of(value, "the body")
    name = members.get("id", core.randomness.token())
    if not isinstance(name, str):
        raise invalid_request("id has to be a string")
    made = read_document(owner, name, members)
    if not core.store.add_document(made):
        raise ApiError(409, "conflict", "there is a document of this id")
    problem = register(core, made)
    place = core.places.document(owner, made.id)
    body = shown(core, made, problem) if hers else {"id": made.id, "url": place}
    return document(body, 201, {"location": place})


def settle(core: Core, call: Call) -> Reply:
    """Do now for the owner what is left to do at the authorization server."""
    owner = core.people.owner_herself(call)
    core.registrar.begin_again(owner)
    problem = core.settle_for(owner)
    return document({"problem": problem} if problem else {}, 503 if problem else 200)


def _check(core: Core, call: Call, owner: str, method: str) -> None:
    collection = core.store.document(owner, COLLECTION)
    if collection is None:
        core.people.owner_herself(call)
        return
    core.guard.check(collection, COLLECTION_OPERATIONS[method], call.credentials("bearer"))


def _for_owner(core: Core, owner: str, items: list[dict[str, object]]) -> dict[str, object]:
    found: dict[str, object] = {"documents": items}
    if core.config.owners[owner].client is None:
        found["connected"] = core.connected(owner)
        found["connect"] = core.places.connect(owner)
    return found
