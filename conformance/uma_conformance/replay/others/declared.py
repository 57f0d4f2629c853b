"""Reading what a target file tells of resource servers and a client of somebody else."""

import re
import shutil
import ssl
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn

from uma_conformance.drivers.protocol import CLIENT
from uma_conformance.jsonvalue import array_of, object_of, strings_of
from uma_conformance.near import did_you_mean
from uma_conformance.target import BUILTIN, Target, TargetError, require_tls
from uma_conformance.trace import NOT_JSON, parse_json
from uma_scenarios import Scenario

# What may stand in braces in the command of a client; the last three may be empty.
PLACES = ("url", "method", "person", "scope", "claim_token_file", "body_file")
_MAY_BE_EMPTY = frozenset(PLACES[3:])
_PLACE = re.compile(r"\{([a-z_]+)\}")
_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Place:
    """A resource: its `_id` at the authorization server, its URL, and what its server keeps there.

    `methods` are HTTP methods by the scope that they need, where they are not GET and PUT.
    """

    id: str
    url: str
    methods: Mapping[str, str]
    media_type: str
    document: object = field(repr=False)


@dataclass(frozen=True, slots=True)
class ServerOfOthers:
    """A resource server; `pats` is the one of the driver that has its PATs, empty if none has."""

    pats: str
    places: Mapping[str, Place]
    ca_file: Path | None = None


@dataclass(frozen=True, slots=True)
class ClientOfOthers:
    """A client that is a program; `registration` is the client of the driver that it is.

    The command is made of groups of arguments; a group with an empty place is left out.
    """

    command: tuple[tuple[str, ...], ...]
    registration: str = CLIENT
    seconds: float = _SECONDS

    def arguments(self, values: Mapping[str, str]) -> list[str]:
        """Return the command with values in its places."""
        return [
            filled(item, values)
            for group in self.command
            if all(values[name] for item in group for name in _PLACE.findall(item))
            for item in group
        ]


@dataclass(frozen=True, slots=True)
class Others:
    """Who is played by nobody of the suite: resource servers by their names, perhaps the client."""

    servers: Mapping[str, ServerOfOthers] = field(default_factory=dict[str, ServerOfOthers])
    client: ClientOfOthers | None = None

    def trust(self, verify: ssl.SSLContext, source: str) -> None:
        """Trust the authorities of resource servers too; raise `TargetError` for a wrong file."""
        for name, server in self.servers.items():
            if server.ca_file is not None:
                try:
                    verify.load_verify_locations(cafile=str(server.ca_file))
                except (OSError, ssl.SSLError):
                    raise TargetError(
                        f"{source}: resource_servers.{name}.ca_file: {server.ca_file} holds no "
                        "certificates in PEM form"
                    ) from None


def filled(text: str, values: Mapping[str, str]) -> str:
    """Put values into the places that a text names in braces."""
    return _PLACE.sub(lambda place: values[place.group(1)], text)


def read_others(target: Target, scenario: Scenario) -> Others:
    """Return what a target file declares for a scenario; raise `TargetError` that names the key."""
    if target.driver == BUILTIN and (target.resource_servers or target.client):
        raise TargetError(
            f"{target.source}: driver.kind: {BUILTIN} starts a server that nobody else knows; "
            "resource_servers and client need another driver"
        )
    reader = _Reader(target, scenario)
    servers = {name: reader.server(name) for name in target.resource_servers}
    client = reader.client(target.client) if target.client else None
    if client and not servers:
        reader.fail("client", "it needs resource_servers: those of the suite serve nobody else")
    return Others(servers, client)


class _Reader:
    """Reads tables that the schema `target-file` has accepted."""

    def __init__(self, target: Target, scenario: Scenario) -> None:
        self._target = target
        self._scenario = scenario

    def fail(self, key: str, reason: str) -> NoReturn:
        raise TargetError(f"{self._target.source}: {key}: {reason}")

    def server(self, name: str) -> ServerOfOthers:
        table, key = object_of(self._target.resource_servers[name]), f"resource_servers.{name}"
        self._known(f"resource_servers.{name}", name, self._scenario.servers, "resource server")
        resources = object_of(table["resources"])
        own = [item.id for item in self._scenario.resources.values() if item.server == name]
        places: dict[str, Place] = {}
        for resource, given in resources.items():
            where = f"{key}.resources.{resource}"
            self._known(where, resource, own, f"resource at {name}")
            places[resource] = self._place(where, resource, object_of(given), str(table["base"]))
        return ServerOfOthers(str(table.get("pats", "")), places, self._file(key, table, "ca_file"))

    def _place(self, key: str, resource: str, given: Mapping[str, object], base: str) -> Place:
        url = str(given["url"])
        if "://" not in url:
            url = f"{base.rstrip('/')}/{url.lstrip('/')}"
        if not url.startswith(("https://", "http://")):
            self.fail(f"{key}.url", "it has to be an https URL, or a path below the base")
        where = f"{self._target.source}: {key}.url"
        require_tls(url, where, allow_http=self._target.allow_http)
        found = self._scenario.resources[resource]
        methods = {scope: str(method) for scope, method in object_of(given.get("methods")).items()}
        for scope in methods:
            self._known(f"{key}.methods.{scope}", scope, found.scopes, f"scope of {resource}")
        document = found.document
        path = self._file(key, given, "document")
        if path is not None:
            document = parse_json(path.read_text("utf-8", errors="replace"))
            if document is NOT_JSON:
                self.fail(f"{key}.document", f"{path} holds no JSON document")
        return Place(
            str(given["id"]),
            url,
            methods,
            str(given.get("media_type", "application/json")),
            document,
        )

    def client(self, table: Mapping[str, object]) -> ClientOfOthers:
        groups = [
            (item,) if isinstance(item, str) else tuple(strings_of(item))
            for item in array_of(table["command"])
        ]
        named = {name for group in groups for item in group for name in _PLACE.findall(item)}
        for number, group in enumerate(groups):
            key = f"client.command.{number}"
            for name in (name for item in group for name in _PLACE.findall(item)):
                self._known(key, name, PLACES, "place")
                if name in _MAY_BE_EMPTY and isinstance(array_of(table["command"])[number], str):
                    self.fail(key, f"{{{name}}} may be empty; put it into an array with its option")
        if "url" not in named:
            self.fail("client.command", "it has to name {url}, which the client is to get")
        program = groups[0][0] if groups[0] else ""
        # A path starts from the target file, as the client is run in its folder.
        found = str(self._target.folder / program) if "/" in program else program
        if shutil.which(found) is None:
            self.fail("client.command.0", f"there is no program {program!r}")
        return ClientOfOthers(
            tuple(groups),
            str(table.get("registration", CLIENT)),
            float(str(table.get("seconds", _SECONDS))),
        )

    def _known(self, key: str, name: str, known: Iterable[str], what: str) -> None:
        if name not in (names := list(known)):
            self.fail(key, f"there is no {what} {name!r} here{did_you_mean(name, names)}")

    def _file(self, key: str, table: Mapping[str, object], name: str) -> Path | None:
        if name not in table:
            return None
        path = self._target.folder / str(table[name])
        if not path.is_file():
            self.fail(f"{key}.{name}", f"there is no file {path}")
        return path
