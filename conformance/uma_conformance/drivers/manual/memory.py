"""What was answered before, in a file: resources that are set up, and what cannot be done."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from uma_conformance.drivers.protocol import DriverError, Policy
from uma_conformance.drivers.table.driver import Prepared
from uma_conformance.jsonvalue import array_of, object_of, strings_of
from uma_reports import ReportError, write_text

_FORMAT = "uma2-manual/1"


@dataclass(slots=True)
class Memory:
    """Answers about one target; each change is written to the file at once. No secret is kept."""

    path: Path
    issuer: str
    resources: list[Prepared] = field(default_factory=list[Prepared])
    cannot: dict[str, str] = field(default_factory=dict[str, str])

    @classmethod
    def load(cls, path: Path, issuer: str) -> "Memory":
        """Read the file, if it is there; raise `DriverError` when it cannot be used."""
        if not path.exists():
            return cls(path, issuer)
        try:
            document = object_of(json.loads(path.read_text("utf-8")))
            if document.get("format") != _FORMAT:
                raise DriverError(f"driver.state_file: {path} is no file of this driver; move it")
            if document.get("issuer") != issuer:
                raise DriverError(
                    f"driver.state_file: {path} is about another issuer; name another file"
                )
            resources = [_resource(object_of(item)) for item in array_of(document["resources"])]
            cannot = {name: str(why) for name, why in object_of(document["cannot"]).items()}
        except (OSError, ValueError, KeyError) as error:
            raise DriverError(f"driver.state_file: {path} cannot be read: {error}") from error
        return cls(path, issuer, resources, cannot)

    def keep(self, resource: Prepared) -> None:
        """Remember a resource that was set up."""
        self.forget(resource.id)
        self.resources.append(resource)
        self._write()

    def forget(self, resource_id: str) -> None:
        """Forget a resource that is not any more what it was."""
        self.resources = [item for item in self.resources if item.id != resource_id]
        self._write()

    def give_up(self, what: str, reason: str) -> None:
        """Remember that something cannot be done."""
        self.cannot[what] = reason
        self._write()

    def _write(self) -> None:
        document = {
            "format": _FORMAT,
            "issuer": self.issuer,
            "resources": [_document(item) for item in self.resources],
            "cannot": self.cannot,
        }
        try:
            write_text(json.dumps(document, indent=1), self.path)
        except ReportError as error:
            raise DriverError(f"driver.state_file: {error}") from error


def _document(item: Prepared) -> dict[str, object]:
    return {
        "id": item.id,
        "owner": item.owner,
        "resource_server": item.resource_server,
        "scopes": sorted(item.scopes),
        "policies": [
            {
                "scopes": sorted(policy.scopes),
                "party": policy.party,
                "also": dict(policy.also),
                "ask": policy.ask,
                "by_visit": policy.by_visit,
            }
            for policy in item.policies
        ],
    }


def _resource(members: Mapping[str, object]) -> Prepared:
    return Prepared(
        str(members["id"]),
        str(members["owner"]),
        str(members["resource_server"]),
        frozenset(strings_of(members["scopes"])),
        tuple(_policy(object_of(item)) for item in array_of(members["policies"])),
    )


def _policy(members: Mapping[str, object]) -> Policy:
    return Policy(
        frozenset(strings_of(members["scopes"])),
        str(members["party"]),
        {name: str(value) for name, value in object_of(members["also"]).items()},
        members["ask"] is True,
        members["by_visit"] is True,
    )
