"""How policies, people and resources are put into words on pages: plain data for templates.

All of it is untrusted text, which templates escape and isolate (`<bdi>`).
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from uma_reference.authorization_server.core import Core
from uma_reference.authorization_server.documents import elements_of
from uma_reference.authorization_server.model import (
    SELF_ASSERTED,
    Condition,
    Permission,
    Policy,
    Resource,
)
from uma_reference.authorization_server.people import NAMING, Person, naming, people_of

DAY = 86_400
# Identifiers that were made up here are long; their beginning tells one from another.
_SHORT_ID, _LONGEST_ID = 8, 24


@dataclass(frozen=True, slots=True)
class Who:
    """A person: what she is called, and a note that tells her from others who are called so."""

    name: str
    note: str


@dataclass(frozen=True, slots=True)
class Scope:
    """A scope in a word or two; `full` is the scope itself."""

    word: str
    full: str


@dataclass(frozen=True, slots=True)
class Requirement:
    """A further condition: a claim by the name that people know, its values, and who says so.

    When it is `stated`, the claim is a question that they are asked, and the values are answers.
    """

    claim: str
    values: tuple[str, ...]
    by: str
    stated: bool


@dataclass(frozen=True, slots=True)
class Sentence:
    """A policy in words. `who` is empty for anyone, and for a group, which has requirements."""

    policy_id: str
    resource_id: str
    who: tuple[Who, ...]
    scopes: tuple[Scope, ...]
    requirements: tuple[Requirement, ...]
    ask: bool
    until: str
    ended: bool


@dataclass(frozen=True, slots=True)
class Named:
    """A resource as pages show it."""

    id: str
    name: str
    type: str
    description: str
    scopes: tuple[Scope, ...]
    server: str


def sentence(core: Core, policy: Policy) -> Sentence:
    """Put a policy into words; scopes that its resource does not offer say nothing."""
    resource = core.store.resource(policy.resource_id)
    offered = policy.scopes & resource.scopes if resource is not None else policy.scopes
    names = naming(policy)
    return Sentence(
        policy.id,
        policy.resource_id,
        tuple(who(core, person) for person in people_of(policy)),
        scopes(offered),
        tuple(_requirement(core, item) for item in policy.conditions if item is not names),
        policy.ask,
        until(policy.expires_at),
        not policy.operative(core.clock.now()),
    )


def named(core: Core, resource: Resource) -> Named:
    """Return a resource as pages show it, with a name also when its server gave none."""
    texts = {
        name: value.strip() if isinstance(value := resource.description.get(name), str) else ""
        for name in ("name", "type", "description")
    }
    return Named(
        resource.id,
        texts["name"] or f"Unnamed ({resource.id[:_SHORT_ID]})",
        texts["type"],
        texts["description"],
        scopes(resource.scopes),
        server(core, resource.domain.resource_server),
    )


def resource_name(core: Core, permission: Permission) -> str:
    """Return what the resource of a permission is called, also when it is gone."""
    found = core.store.resource(permission.resource_id)
    return named(core, found).name if found is not None else "a resource that is gone"


def server(core: Core, server_id: str) -> str:
    """Return what a resource server is called."""
    clients = core.config.clients.values()
    names = (item.name for item in clients if item.resource_server == server_id and item.name)
    found = core.store.client(server_id)
    return next(names, found.shown if found is not None else server_id)


def client(core: Core, client_id: str) -> str:
    """Return what a client is called, with its identifier when that is something else."""
    found = core.client(client_id)
    if found is None or found.shown == client_id:
        return client_id
    short = client_id if len(client_id) <= _LONGEST_ID else f"{client_id[:_SHORT_ID]}…"
    return f"{found.shown} ({short})"


def who(core: Core, person: Person) -> Who:
    """Return what a person is called, and who says that it is her."""
    if (person.claim, person.issuer) == ("sub", core.config.issuer):
        account = core.config.accounts.get(person.value)
        if account is None:
            return Who(person.value, "nobody with this name has an account here")
        return Who(account.shown, account.id if account.shown != account.id else "")
    return Who(person.value, says(core, person.issuer))


def party(core: Core, text: str) -> Who | None:
    """Return who the party of an event or a token is, or nothing when that is not known."""
    issuer, _, value = text.partition(" ")
    if not value:
        return None
    if issuer in NAMING:
        return who(core, Person(issuer, "", value))
    return who(core, Person("sub", issuer, value))


def says(core: Core, issuer: str) -> str:
    """Return whose word counts for a claim."""
    if issuer == SELF_ASSERTED:
        return "in their own words"
    if issuer == core.config.issuer:
        return "as this server knows"
    return f"as {issuer.removeprefix('https://') or 'any trusted issuer'} says"


def claims(values: Mapping[str, object]) -> Mapping[str, str]:
    """Put claims into words: the common ones by the names that people know."""
    known = {"sub": "account", "email": "e-mail", "role": "role", "name": "name"}
    return {
        known.get(name, name.replace("_", " ")): ", ".join(map(str, elements_of(value) or [value]))
        for name, value in values.items()
    }


def scopes(found: Iterable[str]) -> tuple[Scope, ...]:
    """Put scopes into words; two that would read the same stay as they are."""
    short = {item: _word(item) for item in found}
    taken = list(short.values())
    words = {item: word if taken.count(word) == 1 else item for item, word in short.items()}
    return tuple(Scope(words[item], item) for item in sorted(words, key=lambda i: (words[i], i)))


def _word(scope: str) -> str:
    """Return the last part of a scope that is a URI, and spaces where programs write something."""
    last = re.split(r"[/#:]", scope.rstrip("/#:"))[-1] if ":" in scope else scope
    return re.sub(r"[_\-]+", " ", last).strip() or scope


def until(end: int) -> str:
    """Return when something ends; nothing for what goes on."""
    if not end:
        return ""
    moment = datetime.fromtimestamp(end - 1 if end % DAY == 0 else end, UTC)
    day = f"{moment.day} {moment:%B %Y}"
    return f"the end of {day} (UTC)" if end % DAY == 0 else f"{day}, {moment:%H:%M} UTC"


def _requirement(core: Core, condition: Condition) -> Requirement:
    return Requirement(
        condition.friendly_name or condition.claim,
        tuple(sorted(condition.values)),
        says(core, condition.issuer),
        condition.issuer == SELF_ASSERTED,
    )
